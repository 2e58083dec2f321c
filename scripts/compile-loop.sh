#!/bin/sh
# Measures how long one waits after an edit: a page, a use case, a rule, each edited for real and put back afterwards.
# Prints seconds of `cargo check` (while writing) and of building the server (to look at the page). Needs a target
# folder that is already built, and a machine that does nothing else: the load before each run is printed beside it.
set -eu
cd "$(dirname "$0")/.."

# The file is changed by a comment at its end, which recompiles all that stands above it; a copy brings it back.
edit() {
  edited=$1
  cp "$edited" "$edited.before"
  trap 'mv -f "$edited.before" "$edited"' EXIT INT TERM
  printf '// edited %s\n' "$(date +%s%N)" >>"$1"
}
back() {
  mv -f "$edited.before" "$edited"
  trap - EXIT INT TERM
}
seconds() {
  begin=$(date +%s%N)
  "$@" >/dev/null 2>&1
  end=$(date +%s%N)
  echo "$(((end - begin) / 100000000))" | sed 's/\(.*\)\(.\)$/\1.\2/;s/^\./0./'
}

cargo check -q --workspace --lib
cargo build -q --workspace --bin zhixin
printf '%-12s %-44s %8s %8s  %s\n' edit file check build load
for kind in "page crates/desk/src/orgs.rs" "use-case crates/learning/src/courses/enrol.rs" "rule crates/rules/src/courses/seats.rs"; do
  name=${kind%% *}
  file=${kind#* }
  load=$(cut -d' ' -f1 /proc/loadavg)
  edit "$file"
  check=$(seconds cargo check -q --workspace --lib)
  build=$(seconds cargo build -q --workspace --bin zhixin)
  back
  printf '%-12s %-44s %8s %8s  %s\n' "$name" "$file" "$check" "$build" "$load"
done
