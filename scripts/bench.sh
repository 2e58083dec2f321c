#!/usr/bin/env bash
# `make bench`: the measured promises of the platform, on SQLite and on a private PostgreSQL, with the release build.
# The crate `bench` measures and prints; this script only builds, lends it a database cluster and keeps the time.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh
started=$EPOCHSECONDS
scripts/install.sh test
find_cargo
scripts/assets.sh
cargo_build release server bench
# A second opinion on assignments, in a virtual environment of its own. Where it cannot be had, the lines say "not compared".
python=target/bench-python
if ! "$python/bin/python" -c 'import ortools' 2>/dev/null; then
    python3 -m venv "$python" && "$python/bin/pip" install --quiet ortools==9.15.6755 ||
        say "OR-tools cannot be installed (python3-venv and pip are needed): assignments are not compared."
fi
if "$python/bin/python" -c 'import ortools' 2>/dev/null; then export BENCH_PYTHON="$PWD/$python/bin/python"; fi
export SERVER_BINARY="$PWD/target/release/zhixin"
# fsync stays on: what is not durable is not worth measuring.
ZHIXIN_PG_DURABLE=1 scripts/pg-temp.sh run -- target/release/bench "$@"
say "make bench: $(minutes $((EPOCHSECONDS - started))) altogether."
