#!/bin/sh
# Builds the release binary and measures the bars against the limits of this machine, in the same run.
#   make bench                                              everything, one million entities
#   make bench ARGS="--entities 100000 --only batch,query"  a part of it, smaller
#   make bench ARGS=--help                                  what there is
set -eu
. "$(dirname -- "$0")/lib.sh"

sh scripts/setup.sh run
find_homes # what was just installed is found by this shell too
sh scripts/web.sh
cargo build --locked --release -p dinh -p dinh-bench
exec "$TARGET/release/dinh-bench" --work "$TARGET/bench" "$@"
