#!/bin/sh
# Tests of the pages in a real browser: Debian's Chromium, driven by playwright-core, checked by axe-core.
#   DINH_BIN=FILE   the binary to drive    CHROMIUM=FILE   the browser
set -eu
. "$(dirname -- "$0")/lib.sh"

CHROMIUM=${CHROMIUM:-$(chromium_path)} || die "Chromium is not installed; run: make setup"
DINH_BIN=${DINH_BIN:-$TARGET/debug/dinh}
export CHROMIUM DINH_BIN
cd e2e/browser
stamp=node_modules/.installed-lock
if ! cmp -s package-lock.json "$stamp"; then
    say "Fetching the Node packages of the browser tests."
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json "$stamp"
fi
exec npm run --silent test
