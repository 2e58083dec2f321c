#!/usr/bin/env bash
# Builds the binary in one profile: `scripts/build.sh quick` or `scripts/build.sh release`.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh
profile=${1:-release}
scripts/install.sh run
find_cargo
scripts/assets.sh
cargo_build "$profile" server
say "target/$profile/zhixin"
