#!/bin/bash
# A C compiler for macOS that needs nothing of Apple's: zig's, for the build scripts of `cargo xtask check macos`.
# The flags that zig does not know are taken off. Objective-C needs Apple's frameworks: a source of it becomes an empty
# object, which is never linked.
args=() output='' objective_c='' skip='' before=''
for word in "$@"; do
  [ "$before" = -o ] && output=$word
  before=$word
  if [ -n "$skip" ]; then skip=''; continue; fi
  case $word in
    *.m | *.mm) objective_c=1 ;;
  esac
  case $word in
    --target=* | -mmacosx-version-min=* | -mmacos-version-min=* | -march=* | -gdwarf* | -Werror) ;;
    -arch | -target | -isysroot) skip=1 ;;
    *) args+=("$word") ;;
  esac
done
compile=("${ZIG_PYTHON:-python3}" -m ziglang cc -target aarch64-macos)
if [ -n "$objective_c" ] && [ -n "$output" ]; then
  exec "${compile[@]}" -c -x c -o "$output" /dev/null
fi
exec "${compile[@]}" "${args[@]}"
