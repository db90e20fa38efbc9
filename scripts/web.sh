#!/bin/sh
# Bundles web/ (TypeScript islands, styles, fonts) into web/dist, which the binary embeds. Does nothing when the
# bundle is newer than everything it is made of.
set -eu
. "$(dirname -- "$0")/lib.sh"

[ -f web/package.json ] || die "web/package.json is missing: this is not a whole clone."
cd web
stamp=node_modules/.installed-lock
if ! cmp -s package-lock.json "$stamp"; then
    say "Fetching the Node packages that the pages are bundled from."
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json "$stamp"
fi
bundled=node_modules/.bundled
newer() { find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer "$bundled" -print | head -n 1; }
if [ ! -f dist/island.js ] || [ ! -f "$bundled" ] || [ -n "$(newer)" ]; then
    npm run --silent build
    touch "$bundled"
fi
