#!/usr/bin/env bash
# `make bench-city`: the measured promises at the size of the city, 3,000,000 people with 30,000,000 entries, on SQLite and on a
# PostgreSQL server of its own. Cities are loaded once and kept in target/bench-city (40 GB for all sizes on both engines), so
# a second run measures at once. Outside continuous integration; a first run takes about an hour and a half on two cores.
#
#   scripts/bench-city.sh                                     everything
#   scripts/bench-city.sh --engine sqlite --people 3000000    one engine, one size
#   scripts/bench-city.sh --only audit,what-if                load, requests, lists, what-if, audit, proofs, postings, writers
#   scripts/bench-city.sh --folder /big/disk --tidy           elsewhere; smaller cities are removed once they are measured
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh
started=$EPOCHSECONDS
scripts/install.sh test
find_cargo
scripts/assets.sh
cargo_build release server bench
export SERVER_BINARY="$PWD/target/release/zhixin"
folder=target/bench-city
arguments=("$@")
for ((place = 0; place < $#; place++)); do
    case ${arguments[place]} in
        --folder) folder=${arguments[place + 1]:-$folder} ;;
        --folder=*) folder=${arguments[place]#--folder=} ;;
    esac
done
# What a server of this size would be given; fsync stays on.
export ZHIXIN_PG_BUFFERS=1GB ZHIXIN_PG_WAL=8GB
scripts/pg-temp.sh keep "$folder/cluster" -- target/release/bench city "$@"
say "make bench-city: $(minutes $((EPOCHSECONDS - started))) altogether."
