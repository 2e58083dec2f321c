#!/usr/bin/env bash
# Measures how long one waits after an edit: a page, a use case, a rule, each edited for real and put back afterwards.
# For `cargo check` (while writing) and for building the server (to look at the page) it prints the seconds that passed
# and the seconds of processor time: on a machine that is shared the second figure is the honest one. Needs a target
# folder that is already built. No figures are kept yet: the machine was never quiet.
set -euo pipefail
cd "$(dirname "$0")/.."

# The file is changed by a comment at its end, which recompiles all that stands above it; a copy brings it back.
edited=
edit() {
    edited=$1
    cp "$edited" "$edited.before"
    trap back EXIT INT TERM
    printf '// edited %s\n' "$(date +%s%N)" >>"$edited"
}
back() {
    mv -f "$edited.before" "$edited"
    trap - EXIT INT TERM
}

# spent COMMAND…: seconds passed / seconds of processor time
spent() {
    local TIMEFORMAT='%1R %1U %1S' figures
    figures=$({ time "$@" >/dev/null 2>&1; } 2>&1)
    awk '{ printf "%.1f/%.1f", $1, $2 + $3 }' <<<"$figures"
}

cargo check -q --workspace --lib
cargo build -q --workspace --bin zhixin
printf '%-10s %-40s %14s %14s  %s\n' edit file check build load
for kind in "page crates/desk/src/orgs.rs" "use-case crates/learning/src/courses/enrol.rs" "rule crates/rules/src/courses/seats.rs"; do
    read -r name file <<<"$kind"
    read -r load _ </proc/loadavg
    edit "$file"
    check=$(spent cargo check -q --workspace --lib)
    build=$(spent cargo build -q --workspace --bin zhixin)
    back
    printf '%-10s %-40s %14s %14s  %s\n' "$name" "$file" "$check" "$build" "$load"
done
