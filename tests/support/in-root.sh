#!/bin/bash
# usage: WINDLASS_ROOT=DIR WINDLASS_SCRATCH=DIR in-root.sh COMMAND...
# Runs a command in another root, with this system's devices, temporary folder and scratch folder. The mounts are the
# command's own and go when it ends. Needs root.
set -eu
exec unshare --mount --propagation private bash -c '
  set -eu
  for place in /proc /sys /dev /tmp "$WINDLASS_SCRATCH"; do
    mkdir -p "$WINDLASS_ROOT$place"
    mount --rbind "$place" "$WINDLASS_ROOT$place"
  done
  exec chroot "$WINDLASS_ROOT" "$@"' in-root "$@"
