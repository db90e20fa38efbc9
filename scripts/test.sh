#!/bin/sh
# Everything that has to hold before a change is good. Each stage runs even when an earlier one failed, so that one
# run tells the whole story; the last line counts what passed and what failed.
#
#   ONLY="format lints"   only these stages (format tidy pages licences lints unit black-box browser)
#   DINH_BIN=FILE         black-box and browser tests drive this binary instead of the one built here
set -eu
. "$(dirname -- "$0")/lib.sh"

# A failed expectation tells its own story; backtraces of the test runner only bury it.
export RUST_LIB_BACKTRACE="${RUST_LIB_BACKTRACE:-0}"

logs=$TARGET/test-logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0
failed=0
broken=

format() { cargo fmt --all --check; }

tidy() { sh scripts/tidy.sh; }

# Lints differ from one Rust to the next. They are law on the version the project is developed with, advice on others.
strict_lints() { [ "$(rust_version)" = "1 95" ]; }

lints() {
    cargo check --locked -p dinh || return 1
    if strict_lints; then
        cargo clippy --locked --workspace --all-targets -- -D warnings
    else
        warn "this is $(rustc --version); the lints are binding with Rust $RUST_WANTED only"
        cargo clippy --locked --workspace --all-targets
    fi
}

licences() {
    cargo deny --locked check --hide-inclusion-graph licenses bans sources || return 1
    # The list of known vulnerabilities comes from the network; a machine without it must still be able to test.
    if ! cargo deny --locked check --hide-inclusion-graph advisories >"$logs/advisories.log" 2>&1; then
        if grep -q 'failed to fetch\|failed to load advisory\|unable to fetch\|failed to acquire' "$logs/advisories.log"; then
            say "SKIPPED: the advisory database could not be fetched, known vulnerabilities were NOT checked"
        else
            cat "$logs/advisories.log"
            return 1
        fi
    fi
}

pages() {
    sh scripts/web.sh || return 1
    (cd web && npm run --silent --if-present check && npm run --silent --if-present test)
}

# Every build of this script is of the whole workspace, dependencies of tests included, so that each crate is compiled with
# one set of features, once. What ships has fewer: the lints look whether it compiles by itself.
build_dinh() { cargo build --locked --workspace --bin dinh --test blackbox; }

# All test targets but the black-box tests, which want the binary; no other begins with a b.
unit() {
    if ls -d crates/*/tests/b* >/dev/null 2>&1; then die "a test target whose name begins with a b would not be run"; fi
    status=0
    cargo test --locked --workspace --no-fail-fast --lib --bins --test '[!b]*' || status=1
    cargo test --locked --workspace --no-fail-fast --doc || status=1
    return $status
}

black_box() {
    if [ -z "${DINH_BIN:-}" ]; then build_dinh || return 1; fi
    DINH_BIN=${DINH_BIN:-$TARGET/debug/dinh} cargo test --locked --workspace --no-fail-fast --test blackbox
}

browser() {
    if [ -z "${DINH_BIN:-}" ]; then build_dinh || return 1; fi
    DINH_BIN=${DINH_BIN:-$TARGET/debug/dinh} CHROMIUM=$(chromium_path) sh scripts/browser.sh
}

# stage NAME FUNCTION: runs it, shows and keeps its output, adds up its counts. cargo prints "test result: ok. 3
# passed; 0 failed", node prints "ℹ pass 3"; a stage without tests of its own counts as one.
stage() {
    case " ${ONLY:-$1} " in *" $1 "*) ;; *) return 0 ;; esac
    step "$1"
    begun=$(date +%s)
    log=$logs/$1.log
    # A pipe hides the exit status of its first half from a POSIX shell, so it travels through a file.
    { "$2" 2>&1 && echo 0 >"$log.status" || echo 1 >"$log.status"; } | tee "$log"
    status=$(cat "$log.status")
    pass=$(sed -n 's/^test result:.* \([0-9]*\) passed; .*/\1/p; s/^[ℹ#] pass \([0-9]*\)$/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    fail=$(sed -n 's/^test result:.* \([0-9]*\) failed; .*/\1/p; s/^[ℹ#] fail \([0-9]*\)$/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    if [ "$status" -eq 0 ] && [ "$pass" -eq 0 ]; then pass=1; fi
    if [ "$status" -ne 0 ] && [ "$fail" -eq 0 ]; then fail=1; fi
    if [ "$status" -ne 0 ]; then broken="$broken $1"; fi
    passed=$((passed + pass))
    failed=$((failed + fail))
    printf '%-10s %6s passed %4s failed %5s s\n' "$1" "$pass" "$fail" "$(($(date +%s) - begun))" >>"$logs/summary"
}

sh scripts/setup.sh test
find_homes # what was just installed is found by this shell too
stage format format
stage tidy tidy
stage pages pages
stage licences licences
stage lints lints
stage unit unit
stage black-box black_box
stage browser browser

step summary
cat "$logs/summary"
grep -h '^SKIPPED' "$logs"/*.log || true
if [ -n "$broken" ]; then say "failed:$broken (logs in $logs)"; fi
say "$passed passed, $failed failed" | tee "$logs/totals"
[ "$failed" -eq 0 ]
