#!/bin/bash
# usage: private-desktop.sh COMMAND...
# Runs a command on a desktop of its own: virtual screen, D-Bus session, unlocked keyring, window manager and a
# throw-away HOME. Knows a desktop's parts; must not know the app. All of it goes when this script does, killed or not.
set -eu
T=$(mktemp -d "${TMPDIR:-/tmp}/windlass-desktop-XXXXXX")
mkdir -p "$T/home" "$T/run"
chmod 700 "$T/run"
leave() {
  kill $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$T"
}
trap leave EXIT
trap 'exit 143' TERM INT
# a toolchain stays where it is
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
# set before the bus starts: what it starts inherits these
export HOME=$T/home XDG_RUNTIME_DIR=$T/run XDG_DATA_HOME=$T/home/.local/share XDG_CONFIG_HOME=$T/home/.config XDG_CACHE_HOME=$T/home/.cache
export GDK_BACKEND=x11 NO_AT_BRIDGE=1 LIBGL_ALWAYS_SOFTWARE=1
# a screenshot of a WebKit that draws without these hangs for ever
unset WEBKIT_DISABLE_DMABUF_RENDERER WEBKIT_DISABLE_COMPOSITING_MODE
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS DISPLAY XAUTHORITY

with_us() { exec setpriv --pdeathsig KILL -- "$@"; }

# a display nobody without this cookie can look into
export XAUTHORITY=$T/xauthority
COOKIE=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
with_us Xvfb -displayfd 3 -screen 0 1400x1000x24 -nolisten tcp -auth "$T/server-auth" 3>"$T/display" 2>"$T/xvfb.log" &
# the server reads the cookies when the first client comes: they are written once its number is known
for _ in $(seq 200); do
  [ -s "$T/display" ] && break
  sleep 0.05
done
[ -s "$T/display" ] || { cat "$T/xvfb.log" >&2; echo "no virtual display" >&2; exit 1; }
export DISPLAY=:$(cat "$T/display")
for file in "$T/server-auth" "$XAUTHORITY"; do
  touch "$file"
  xauth -q -f "$file" add "$DISPLAY" . "$COOKIE"
done

with_us dbus-daemon --session --nofork --print-address >"$T/bus" 2>"$T/bus.log" &
for _ in $(seq 200); do
  [ -s "$T/bus" ] && break
  sleep 0.05
done
[ -s "$T/bus" ] || { cat "$T/bus.log" >&2; echo "no D-Bus session" >&2; exit 1; }
export DBUS_SESSION_BUS_ADDRESS=$(cat "$T/bus")

# in the foreground, or it would outlive us; the newline is the (empty) password: without it there is no keyring
with_us gnome-keyring-daemon --foreground --unlock --components=secrets <<<"" >/dev/null 2>&1 &
for _ in $(seq 200); do
  dbus-send --session --dest=org.freedesktop.DBus --print-reply=literal /org/freedesktop/DBus \
    org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1 && break
  sleep 0.05
done
with_us openbox --sm-disable >/dev/null 2>&1 &

# waited for, so that a signal ends us at once and not when the command has ended
setpriv --pdeathsig KILL -- "$@" &
rc=0
wait $! || rc=$?
exit $rc
