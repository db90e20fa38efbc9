#!/bin/sh
# House rules that no other tool checks: sizes, forgotten notes, packs that name their sources.
set -eu
. "$(dirname -- "$0")/lib.sh"

bad=0
complain() {
    printf '%s\n' "$*" >&2
    bad=1
}

# What is in the repository or about to be; outside a clone (a release archive), everything that is not built.
files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -- "$@"
    else
        find "$@" -type f -not -path '*/node_modules/*' -not -path '*/target/*' -not -path '*/dist/*'
    fi
}

for file in $(files crates e2e bench fuzz | grep '\.rs$'); do
    [ -f "$file" ] || continue
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 600 ]; then complain "$file has $lines lines; the limit is 600: split it"; fi
    # Generated code has no authors to remind.
    case $file in */generated/*) continue ;; esac
    if grep -nE '\b(TODO|FIXME|XXX)\b|todo!\(' "$file" >&2; then complain "$file: finish it, or open an issue"; fi
done

for pack in packs/*/pack.toml; do
    [ -f "$pack" ] || continue
    if [ ! -f "${pack%pack.toml}SOURCE.md" ]; then complain "${pack%/pack.toml} does not name its sources: SOURCE.md is missing"; fi
done

kib=$(files . | while read -r file; do if [ -f "$file" ]; then wc -c <"$file"; fi; done | awk '{n += $1} END {print int(n / 1024)}')
if [ "$kib" -gt 40960 ]; then complain "the repository holds $kib KiB; the limit is 40 MiB"; fi

for lock in web/package-lock.json e2e/browser/package-lock.json; do
    if [ -f "$lock" ] && grep -q '"resolved"' "$lock"; then
        complain "$lock names a registry; run npm install with omit-lockfile-registry-resolved=true"
    fi
done

# SECURITY.md names the test of each control, and the file where it stands. A name without its thing is a false promise.
# shellcheck disable=SC2016 # the backticks are Markdown's
for name in $(grep -o '`[A-Za-z0-9_./-]*`' SECURITY.md | tr -d '`' | sort -u); do
    case $name in
    */*.rs | */*.sh | *.md | *.toml | *.lock) if [ ! -f "$name" ]; then complain "SECURITY.md names $name, which is not there"; fi ;;
    *_*_*)
        grep -rqE --include='*.rs' "^ *(pub )?(async )?fn $name\(" crates e2e \
            || complain "SECURITY.md names the test $name, which is not there"
        ;;
    esac
done

[ "$bad" -eq 0 ] && say "tidy ($kib KiB)"
