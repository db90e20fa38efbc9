#!/bin/sh
# From a fresh clone to the first screen: what is missing is installed, the pages are bundled, the program is built
# with the profile "quick" (optimised enough for a province, quick to compile), and the demo starts.
#
#   LISTEN=127.0.0.1:8080   where to listen (the demo's own default when unset)
#   DATA=DIR                where the demo keeps its data (the demo's own default when unset)
set -eu
. "$(dirname -- "$0")/lib.sh"

sh scripts/setup.sh run
find_homes # what was just installed is found by this shell too
sh scripts/web.sh
if [ ! -x "$TARGET/quick/dinh" ]; then
    say "Compiling Đình: some minutes the first time on two cores, seconds later."
fi
cargo build --locked --profile quick -p dinh
set -- demo "$@"
if [ -n "${DATA:-}" ]; then set -- "$@" --data "$DATA"; fi
if [ -n "${LISTEN:-}" ]; then set -- "$@" --listen "$LISTEN"; fi
exec "$TARGET/quick/dinh" "$@"
