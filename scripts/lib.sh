# Words and checks shared by the scripts beside this file. Sourced, never run.
#
# POSIX sh on purpose: the first command a person types must work with the shell that every Debian has.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$ROOT" || exit 1

# The project is developed with this Rust; older ones cannot compile it, newer ones may know more lints.
RUST_WANTED=1.95
NODE_WANTED=18
CARGO_DENY_VERSION=0.20.2

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The first "1.2"-like number on standard input, as "1 2".
version_pair() { sed -n 's/^[^0-9]*\([0-9][0-9]*\)\.\([0-9][0-9]*\).*/\1 \2/p' | head -n 1; }

# at_least "1 96" 1.95
at_least() {
    # shellcheck disable=SC2086 # the pair is two words on purpose
    set -- $1 "${2%%.*}" "${2#*.}"
    [ "$1" -gt "$3" ] || { [ "$1" -eq "$3" ] && [ "$2" -ge "$4" ]; }
}

# Rust lives in the person's home. A build robot often starts with another HOME (or none) and a bare PATH; the
# password file still knows where the tools and their mirror settings are.
find_homes() {
    passwd_home=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)
    [ -n "${HOME:-}" ] || HOME=${passwd_home:-/tmp}
    export HOME
    for home in "$HOME" "$passwd_home"; do
        [ -n "$home" ] || continue
        if [ -z "${RUSTUP_HOME:-}" ] && [ -d "$home/.rustup" ]; then export RUSTUP_HOME="$home/.rustup"; fi
        if [ -z "${CARGO_HOME:-}" ] && [ -d "$home/.cargo" ]; then export CARGO_HOME="$home/.cargo"; fi
        if [ -z "${NPM_CONFIG_USERCONFIG:-}" ] && [ -f "$home/.npmrc" ]; then
            export NPM_CONFIG_USERCONFIG="$home/.npmrc"
        fi
        case ":$PATH:" in
        *":$home/.cargo/bin:"*) ;;
        *) if [ -d "$home/.cargo/bin" ]; then PATH="$PATH:$home/.cargo/bin"; fi ;;
        esac
    done
    PATH="$ROOT/.tools/bin:$PATH:/usr/sbin" # Debian keeps mosquitto in /usr/sbin
    export PATH
}
find_homes

TARGET=${CARGO_TARGET_DIR:-$ROOT/target}

rust_version() { rustc --version 2>/dev/null | version_pair; }
node_version() { node --version 2>/dev/null | version_pair; }
rust_is_new_enough() { have cargo && version=$(rust_version) && [ -n "$version" ] && at_least "$version" "$RUST_WANTED"; }
node_is_new_enough() { have node && version=$(node_version) && [ -n "$version" ] && at_least "$version" "$NODE_WANTED.0"; }
chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
