#!/bin/sh
# Asks the built program whatever its OpenAPI document allows, and much that it does not: no answer may be a 5xx.
#
#   EXAMPLES=100      cases for each operation and kind (50)
#   DINH_BIN=FILE     another binary than the one built here
#   PACKS=FOLDER      other packs than those that ship, which bring procedures and cases
set -eu
. "$(dirname -- "$0")/lib.sh"

SCHEMATHESIS_VERSION=4.32.5
tools=$ROOT/.tools/schemathesis-$SCHEMATHESIS_VERSION

have python3 || die "python3 is needed"
if [ ! -x "$tools/bin/schemathesis" ]; then
    step "schemathesis $SCHEMATHESIS_VERSION"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS_VERSION"
fi
if [ -z "${DINH_BIN:-}" ]; then cargo build --locked -p dinh; fi

step "the program"
folder=$(mktemp -d)
"${DINH_BIN:-$TARGET/debug/dinh}" serve --data "$folder/data" --packs "${PACKS:-packs}" --listen 127.0.0.1:0 \
    >"$folder/out" 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
url=
for _ in $(seq 120); do
    url=$(sed -n '1s/^Đình: //p' "$folder/out")
    if [ -n "$url" ]; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$folder/log"; die "the program did not start"; }
    sleep 1
done
[ -n "$url" ] || die "the program told no address"
say "$url"

step "questions"
# Live events never end, so they are left out.
(cd "$folder" && "$tools/bin/schemathesis" run "${url}openapi.json" \
    --checks not_a_server_error --phases coverage,fuzzing,stateful --max-examples "${EXAMPLES:-50}" \
    --exclude-path-regex '/events$' --continue-on-failure --request-timeout 30 --no-color)
if grep -E 'panicked' "$folder/log"; then die "a handler panicked"; fi
kill -0 "$server" || die "the program has ended"
