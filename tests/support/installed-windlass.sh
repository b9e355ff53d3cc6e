#!/bin/bash
# The app that a package has installed in the root WINDLASS_ROOT: started like a built one.
exec "$(dirname "$0")/in-root.sh" /usr/bin/windlass "$@"
