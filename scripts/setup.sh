#!/bin/sh
# Brings a machine to the point where Đình can be built and tested, and says what it does to get there.
#
#   scripts/setup.sh run     what `make run` needs: a C compiler, Rust, Node
#   scripts/setup.sh test    also what `make test` needs: Mosquitto, Chromium, cargo-deny
#
# Quiet when nothing is missing. On Debian it installs what is missing with apt-get; anywhere else it lists what is
# missing and stops: guessing at another system's packages would do more harm than good.
set -eu
. "$(dirname -- "$0")/lib.sh"

tier=${1:-run}
packages=
missing=

# want PACKAGE REASON: noted for apt-get on Debian, for the person elsewhere.
want() {
    packages="$packages $1"
    missing="$missing
  - $1: $2"
}

is_debian() { [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ]); }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        die "installing system packages needs root or sudo; as root: apt-get install --no-install-recommends$packages"
    fi
}

note_missing_packages() {
    if ! have cc || ! have make; then want build-essential "the C compiler that SQLite and the TLS library are built with"; fi
    if [ ! -d /etc/ssl/certs ]; then want ca-certificates "the certificates that downloads are checked against"; fi
    if ! have node; then
        want nodejs "bundles the scripts and styles of the pages (Node $NODE_WANTED or newer)"
    elif ! node_is_new_enough; then
        die "Node $(node --version) is too old: Đình needs Node $NODE_WANTED or newer."
    fi
    if ! have npm; then want npm "fetches the packages that the pages are bundled from"; fi
    [ "$tier" = test ] || return 0
    if ! have git; then want git "tells the tests which files belong to the project"; fi
    if ! have mosquitto; then want mosquitto "the real MQTT broker of the MQTT tests (the tests start their own, on a free port)"; fi
    if ! chromium_path >/dev/null; then want chromium "the browser of the page tests"; fi
}

install_packages() {
    [ -n "$packages" ] || return 0
    if ! is_debian; then
        say "This is not Debian, so nothing is installed here. Please install, then run the same command again:$missing"
        exit 1
    fi
    say "Installing what this machine lacks, with apt-get:$missing"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of package names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
    case $packages in *mosquitto*) switch_off_mosquitto ;; esac
}

# Debian starts a broker as soon as the package is there. Nobody asked for one: the tests start their own.
switch_off_mosquitto() {
    say "Switching off the system-wide Mosquitto service that came with the package."
    if [ -d /run/systemd/system ]; then
        as_root systemctl disable --now mosquitto || true
    elif [ -x /etc/init.d/mosquitto ]; then
        as_root /etc/init.d/mosquitto stop || true
    fi
}

ensure_rust() {
    rust_is_new_enough && return 0
    if have rustup; then
        die "Đình needs Rust $RUST_WANTED or newer, and this is $(rustc --version 2>/dev/null || echo none). Run: rustup update stable"
    fi
    if is_debian && apt-cache show rustup >/dev/null 2>&1; then
        say "Installing rustup with apt-get, and with it the Rust compiler: Đình is written in Rust."
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends rustup
        rustup toolchain install stable --profile minimal --component clippy --component rustfmt
        find_homes
        rust_is_new_enough && return 0
    fi
    die "Đình needs Rust $RUST_WANTED or newer, and $(have cargo && echo "this is $(rustc --version)" || echo "there is none here").
Debian 12 packages a Rust that is too old. Install the current one with rustup, as rust-lang.org/tools/install
describes (no root needed, a minute), open a new shell, and run the same command again."
}

ensure_rust_components() {
    for tool in clippy-driver rustfmt; do
        have $tool && continue
        have rustup || die "$tool is missing; install the clippy and rustfmt that belong to your Rust."
        say "Adding clippy and rustfmt to the Rust toolchain: make test checks lints and formatting."
        rustup component add clippy rustfmt
        break
    done
}

ensure_cargo_deny() {
    have cargo-deny && return 0
    say "Building cargo-deny $CARGO_DENY_VERSION into .tools/ (once, some minutes): it checks licences and duplicate dependencies."
    # An unoptimised build: it runs for a second, so a quick compilation is what counts.
    CARGO_TARGET_DIR="$TARGET/tools" cargo install cargo-deny --version "$CARGO_DENY_VERSION" --locked --debug \
        --no-track --quiet --root .tools
    rm -rf "$TARGET/tools"
}

note_missing_packages
install_packages
node_is_new_enough || die "Node $(node --version 2>/dev/null || echo) is too old: Đình needs Node $NODE_WANTED or newer."
ensure_rust
if [ "$tier" = test ]; then
    ensure_rust_components
    ensure_cargo_deny
fi
