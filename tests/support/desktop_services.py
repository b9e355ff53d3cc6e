#!/usr/bin/python3
"""A desktop's services, for a session that has none: a tray, notifications, a file manager, and the one who is asked not
to sleep. usage: desktop_services.py; one JSON object a line comes out for each call that is heard, and one for each order read from
stdin: "tray" (what the tray says and offers), "open" (a click on the tray), "choose LABEL" (an item of its menu),
"tap" (a click on the last notification). Knows D-Bus; must not know the app."""
import json
import os
import sys
import threading

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

XML = """<node>
<interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
</interface>
<interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
    <arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface>
<interface name="org.freedesktop.FileManager1">
  <method name="ShowItems"><arg type="as" direction="in"/><arg type="s" direction="in"/></method>
</interface>
<interface name="org.freedesktop.login1.Manager">
  <method name="Inhibit">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="h" direction="out"/>
  </method>
  <method name="Suspend"><arg type="b" direction="in"/></method>
</interface>
</node>"""

PLACES = {
    "org.kde.StatusNotifierWatcher": "/StatusNotifierWatcher",
    "org.freedesktop.Notifications": "/org/freedesktop/Notifications",
    "org.freedesktop.FileManager1": "/org/freedesktop/FileManager1",
    "org.freedesktop.login1.Manager": "/org/freedesktop/login1",
}

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
loop = GLib.MainLoop()
items = []
shown = 0


def say(**what):
    print(json.dumps(what), flush=True)


def held(reader):
    """The other end of the lock: readable, and at its end, once whoever holds it lets go."""

    def let_go():
        os.read(reader, 1)
        os.close(reader)
        say(heard="awake", on=False)

    threading.Thread(target=let_go, daemon=True).start()


def called(_bus, sender, _path, _interface, method, given, call):
    global shown
    given = given.unpack()
    if method == "RegisterStatusNotifierItem":
        # a path alone is of who calls; else it is a name
        items.append((sender, given[0]) if given[0].startswith("/") else (given[0], "/StatusNotifierItem"))
        call.return_value(None)
        say(heard="tray")
    elif method == "Notify":
        shown += 1
        say(heard="notification", title=given[3], text=given[4], sound=given[6].get("sound-name"))
        call.return_value(GLib.Variant("(u)", (shown,)))
    elif method == "GetCapabilities":
        call.return_value(GLib.Variant("(as)", (["body", "actions", "sound"],)))
    elif method == "GetServerInformation":
        call.return_value(GLib.Variant("(ssss)", ("panel", "windlass", "1", "1.2")))
    elif method == "ShowItems":
        say(heard="reveal", items=given[0])
        call.return_value(None)
    elif method == "Inhibit":
        reader, writer = os.pipe()
        fds = Gio.UnixFDList.new_from_array([writer])
        held(reader)
        say(heard="awake", on=True, what=given[0])
        call.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)
    elif method == "Suspend":
        say(heard="suspend")
        call.return_value(None)
    else:
        call.return_value(None)


def told(_bus, _sender, _path, _interface, name):
    return {
        "RegisteredStatusNotifierItems": GLib.Variant("as", [owner for owner, _ in items]),
        "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
        "ProtocolVersion": GLib.Variant("i", 0),
    }[name]


def ask(path, interface, method, given, kind=None):
    owner = items[-1][0]
    kind = GLib.VariantType(kind) if kind else None
    return bus.call_sync(owner, path, interface, method, given, kind, 0, 5000, None).unpack()


def item(name):
    where = items[-1][1]
    given = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", name))
    return ask(where, "org.freedesktop.DBus.Properties", "Get", given)[0]


def menu():
    """Every item that has a label: its number, and whether it can be chosen."""
    given = GLib.Variant("(iias)", (0, -1, []))
    _, root = ask(item("Menu"), "com.canonical.dbusmenu", "GetLayout", given)
    found = [(number, what) for number, what, _ in root[2] if what.get("label")]
    return {what["label"].replace("__", "_"): (number, what.get("enabled", True)) for number, what in found}


def order(line):
    word, _, rest = line.strip().partition(" ")
    try:
        if word == "tray":
            tip = item("ToolTip")
            labels = [label for label, (_, enabled) in menu().items() if enabled]
            say(answer="tray", title=tip[2], tip=tip[3], offers=labels)
        elif word == "open":
            ask(items[-1][1], "org.kde.StatusNotifierItem", "Activate", GLib.Variant("(ii)", (0, 0)))
            say(answer="open")
        elif word == "choose":
            given = GLib.Variant("(isvu)", (menu()[rest][0], "clicked", GLib.Variant("i", 0), 0))
            ask(item("Menu"), "com.canonical.dbusmenu", "Event", given)
            say(answer="choose")
        elif word == "tap":
            given = GLib.Variant("(us)", (shown, "default"))
            bus.emit_signal(None, PLACES["org.freedesktop.Notifications"], "org.freedesktop.Notifications", "ActionInvoked", given)
            say(answer="tap")
    except Exception as error:
        say(answer=word, error=repr(error))


def orders():
    for line in sys.stdin:
        GLib.idle_add(order, line)
    GLib.idle_add(loop.quit)


for description in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
    bus.register_object(PLACES[description.name], description, called, told, None)
for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications", "org.freedesktop.FileManager1", "org.freedesktop.login1"]:
    taken = bus.call_sync(
        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
        GLib.Variant("(su)", (name, 4)), None, 0, 5000, None,
    ).unpack()[0]
    assert taken == 1, name
threading.Thread(target=orders, daemon=True).start()
say(answer="ready")
loop.run()
