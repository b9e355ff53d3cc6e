#!/usr/bin/python3
"""A window to drag files out of, as from a file manager. usage: dragsource.py FILE...
Knows X11 drag and drop; must not know who takes the files. Prints READY when it is shown, and BEGIN, SENT n,
FAILED reason and END in the life of each drag."""
import pathlib
import signal
import sys

files = sys.argv[1:]
sys.argv = sys.argv[:1]  # GDK chokes on arguments that are not UTF-8
import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk

signal.signal(signal.SIGINT, signal.SIG_DFL)
# not resolve(): a link is dragged as the link it is, and a path that does not exist stays as it was given
uris = [pathlib.Path(path).absolute().as_uri() for path in files]


def say(*words):
    print(*words, flush=True)


def give(_widget, _context, selection, _info, _time):
    selection.set_uris(uris)
    say("SENT", len(uris))


def failed(_widget, _context, reason):
    say("FAILED", reason.value_nick)
    return False


window = Gtk.Window(title="DragSource")
window.set_default_size(200, 120)
box = Gtk.EventBox()
box.add(Gtk.Label(label="drag me"))
window.add(box)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-begin", lambda *_: say("BEGIN"))
box.connect("drag-data-get", give)
box.connect("drag-failed", failed)
box.connect("drag-end", lambda *_: say("END"))
window.connect("destroy", Gtk.main_quit)
window.connect("map-event", lambda *_: say("READY"))
window.show_all()
Gtk.main()
