#!/usr/bin/python3
"""A picture of the whole screen: window frame, native dialog and a drag under way included. usage: xshot.py OUT.png
Knows the display; must not know what is on it."""
import sys

import gi

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk

root = Gdk.get_default_root_window()
picture = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(), root.get_height())
picture.savev(sys.argv[1], "png", [], [])
