#!/bin/sh
# Fuzzes the parsers that meet bytes from outside. Needs nightly Rust and cargo-fuzz; neither is installed here for
# you, because nothing else in the project needs them.
#   SECONDS_EACH=60   how long each target runs
#   ONLY=q            one target: q, json_ld, context, records, mapper
set -eu
. "$(dirname -- "$0")/lib.sh"

have cargo-fuzz || die "cargo-fuzz is missing. Run: cargo install --locked cargo-fuzz"
rustup toolchain list 2>/dev/null | grep -q '^nightly' || die "nightly Rust is missing. Run: rustup toolchain install nightly"
for target in ${ONLY:-$(cargo +nightly fuzz list)}; do
    step "$target"
    cargo +nightly fuzz run "$target" -- -max_total_time="${SECONDS_EACH:-60}" -max_len=65536 -rss_limit_mb=2048
done
