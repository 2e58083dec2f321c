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
export SERVER_BINARY="$PWD/target/release/zhixin"
# fsync stays on: what is not durable is not worth measuring.
ZHIXIN_PG_DURABLE=1 scripts/pg-temp.sh run -- target/release/bench "$@"
say "make bench: $(minutes $((EPOCHSECONDS - started))) altogether."
