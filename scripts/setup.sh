#!/bin/sh
# Brings a machine to the point where Đình can be built and tested, and says what it does to get there.
#
#   scripts/setup.sh run     what `make run` needs: a C compiler, Rust, Node
#   scripts/setup.sh peers   also what `make bench-peers` needs: wrk and Python
#   scripts/setup.sh test    also what `make test` needs: Mosquitto, aiosmtpd, Chromium, what judges papers and signatures, cargo-deny
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
    if [ "$tier" = peers ]; then
        if ! have wrk; then want wrk "the load of the measurements beside other brokers"; fi
        if ! have python3; then want python3 "runs the measurements and counts"; fi
    fi
    [ "$tier" = test ] || return 0
    if ! have git; then want git "tells the tests which files belong to the project"; fi
    if ! have mosquitto; then want mosquitto "the real MQTT broker of the MQTT tests (the tests start their own, on a free port)"; fi
    if ! /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; then
        want python3-aiosmtpd "the real mail server of the tests of notices (the tests start their own, on a free port)"
    fi
    if ! have openssl; then want openssl "the authority of the tests of signatures"; fi
    if ! have pdfsig; then want poppler-utils "reads the papers and judges the signatures that the tests make"; fi
    if ! have certutil; then want libnss3-tools "tells pdfsig whom to believe"; fi
    if ! have qpdf; then want qpdf "judges the documents that the tests sign"; fi
    if ! have softhsm2-util; then want softhsm2 "the security module (PKCS #11) of the tests"; fi
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

# Debian 12 packages a Rust that is too old and no rustup, so rustup comes from where its own page says. It goes into the
# person's home, as theirs to keep; nothing of their shell's settings is changed.
install_rustup() {
    have curl || {
        say "Installing curl with apt-get: it fetches the installer of Rust."
        as_root apt-get update -q
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends curl ca-certificates
    }
    installer=${RUSTUP_UPDATE_ROOT:+$RUSTUP_UPDATE_ROOT/rustup-init.sh}
    installer=${installer:-https://sh.rustup.rs}
    say "Installing Rust $RUST_WANTED with rustup ($installer) into $HOME: Đình is written in Rust."
    mkdir -p .tools
    curl --proto '=https' --tlsv1.2 --silent --show-error --fail --location --retry 3 --max-time 120 \
        --output .tools/rustup-init.sh "$installer" || die "the installer of Rust could not be fetched from $installer.
Install Rust $RUST_WANTED as rust-lang.org/tools/install describes, then run the same command again."
    sh .tools/rustup-init.sh -y --quiet --no-modify-path --profile minimal --component clippy,rustfmt \
        --default-toolchain "$RUST_WANTED"
    rm .tools/rustup-init.sh
    find_homes
}

ensure_rust() {
    rust_is_new_enough && return 0
    found=$(rustc --version 2>/dev/null || echo "none at all")
    if have rustup; then
        die "Đình needs Rust $RUST_WANTED or newer, and this is $found. Run: rustup update stable"
    fi
    is_debian || die "Đình needs Rust $RUST_WANTED or newer, and here is $found.
Install it as rust-lang.org/tools/install describes (no root needed, a minute), then run the same command again."
    install_rustup
    rust_is_new_enough || die "Rust was installed, but $(rustc --version 2>&1) is what answers; look at PATH."
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
