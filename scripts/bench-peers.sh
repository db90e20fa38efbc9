#!/bin/sh
# Measures Đình beside other brokers of NGSI-LD, with wrk, in the same run.
#   make bench-peers                                                   Đình alone
#   make bench-peers PEERS="antares=http://127.0.0.1:9090 x=http://…"  beside brokers that run on this machine, empty
#   ARGS="--entities 100,50000,1000000 --seconds 10"                   more entities, longer loads
#   DINH_BIN=FILE                                                      another binary than the release build
# Nothing of another broker is part of Đình: start them as their own documents say.
set -eu
. "$(dirname -- "$0")/lib.sh"

sh scripts/setup.sh peers
if [ -z "${DINH_BIN:-}" ]; then
    find_homes # what was just installed is found by this shell too
    sh scripts/web.sh
    cargo build --locked --release -p dinh
fi

work=$TARGET/bench-peers
port=${PORT:-7420}
rm -rf "$work"
mkdir -p "$work"
"${DINH_BIN:-$TARGET/release/dinh}" serve --config bench/peers/dinh.toml --packs e2e/packs --data "$work/data" \
    --listen "127.0.0.1:$port" >"$work/out" 2>"$work/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 120); do
    grep -q '^Đình: ' "$work/out" && break
    sleep 1
done
grep -q '^Đình: ' "$work/out" || { cat "$work/log"; die "the program did not start"; }
# shellcheck disable=SC2086 # words of PEERS and ARGS are arguments
python3 bench/peers/run.py "dinh=http://127.0.0.1:$port" ${PEERS:-} ${ARGS:-}
