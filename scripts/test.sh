#!/usr/bin/env bash
# `make test`: sets up what the tests need and runs all of them, in one target directory, without a release build.
# Each step prints its name and its seconds; the first that fails stops the run and shows its log (target/logs).
# What costs no core of the compiler (npm, fonts) runs beside it.
#   ZHIXIN_TEST_PG  is set by scripts/pg-temp.sh for the integration tests, which then run on both engines.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh
exec 2>&1 # the report is the result, not a by-product

begun=$EPOCHSECONDS
names=() times=() states=()
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}
# Incremental compilation only costs where everything is compiled once; at a desk it pays.
[ -n "${CI:-}" ] || unset CARGO_INCREMENTAL

summary() {
    local i
    printf '\nSteps:\n' >&2
    for i in "${!names[@]}"; do printf '  %-6s %-34s %s\n' "${states[$i]}" "${names[$i]}" "$(minutes "${times[$i]}")" >&2; done
    say "Together $(minutes $((EPOCHSECONDS - begun)))."
}

record() { # record NAME SECONDS STATE
    names+=("$1") times+=("$2") states+=("$3")
}

# step NAME COMMAND…: one step, its log in target/logs, its last lines shown when SHOW is set
step() {
    local name=$1 log started=$EPOCHSECONDS status=0
    shift
    log=$(lay_out_log "test-${name// /-}")
    printf '→ %s … ' "$name" >&2
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" = 0 ]; then
        record "$name" $((EPOCHSECONDS - started)) ok
        say "$(minutes $((EPOCHSECONDS - started)))"
        grep -aE '^ *(Summary|test result:|# (tests|pass|fail) |[0-9]+ (passing|passed))' "$log" | grep -av ' 0 passed' | tail -n 5 | sed 's/^ */    /' >&2 || true
    else
        record "$name" $((EPOCHSECONDS - started)) FAILED
        say "failed"
        show_log "$log" 150
        summary
        say "make test: FAILED at: $name"
        exit 1
    fi
}

# beside NAME COMMAND…: starts a step in the background; `join` waits for it and reports it as a step
beside_pid='' beside_name='' beside_log=''
beside() {
    beside_name=$1
    shift
    beside_log=$(lay_out_log "beside-${beside_name// /-}")
    "$@" >"$beside_log" 2>&1 </dev/null &
    beside_pid=$!
}
join() {
    [ -n "$beside_pid" ] || return 0
    local pid=$beside_pid
    beside_pid=''
    step "$beside_name" collect "$pid"
}
collect() {
    local status=0
    wait "$1" || status=$?
    cat "$beside_log"
    return "$status"
}
trap '[ -z "$beside_pid" ] || kill "$beside_pid" 2>/dev/null || true' EXIT

rust_tests() {
    # On a machine without nextest the same tests run under cargo's own runner: slower, but nothing to compile first.
    if cargo nextest --version >/dev/null 2>&1; then
        scripts/pg-temp.sh run -- cargo nextest run --locked --workspace --no-fail-fast
    else
        scripts/pg-temp.sh run -- cargo test --locked --workspace --lib --bins --tests --no-fail-fast
    fi
}

step "what is missing is installed" scripts/install.sh test
find_cargo
step "web bundle and fonts" scripts/assets.sh
if [ -e web/package.json ] && grep -q '"test"' web/package.json; then
    beside "front-end tests" npm --prefix web test
fi
step "format" cargo fmt --all --check
step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
join
step "tests are compiled" cargo test --locked --workspace --no-run
step "tests on SQLite and PostgreSQL" rust_tests
step "documentation examples" cargo test --locked --workspace --doc
for folder in tests/browser web; do
    [ -e "$folder/package.json" ] && grep -q '"journeys"' "$folder/package.json" || continue
    step "browser packages" scripts/assets.sh packages "$folder"
    # The binary stands there since the integration tests were compiled; a build of its own would choose other features for half
    # of the dependencies and compile them again.
    step "binary for the browser" test -x target/debug/zhixin
    step "browser journeys" env SERVER_BINARY="$PWD/target/debug/zhixin" npm --prefix "$folder" run journeys
done
summary
say "make test: everything passed."
