#!/bin/sh
# The quick look while working: format, lints and unit tests, of one crate (P=store) or of all of them.
set -eu
. "$(dirname -- "$0")/lib.sh"

sh scripts/setup.sh run
find_homes # what was just installed is found by this shell too
sh scripts/web.sh
if [ -n "${P:-}" ]; then
    case $P in dinh*) package=$P ;; *) package=dinh-$P ;; esac
    cargo fmt --check -p "$package"
    cargo clippy --locked -p "$package" --all-targets -- -D warnings
    cargo test --locked -p "$package"
else
    cargo fmt --all --check
    cargo clippy --locked --workspace --all-targets -- -D warnings
    cargo test --locked --workspace --exclude dinh-e2e --lib --bins
fi
