#!/usr/bin/env bash
# Makes what is embedded in the binary and not in the repository: the front-end bundle and the certificate fonts.
# A stamp holds the digest of the inputs, so that nothing is done twice and nothing stale is embedded.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh
mkdir -p target/stamps

# digest PATH…: of the names and contents of all files below, without what npm writes itself
digest() {
    find "$@" -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# run_logged NAME COMMAND…: quiet when it goes well, with its log when it does not
run_logged() {
    local name=$1 log started=$EPOCHSECONDS
    shift
    log=$(lay_out_log "$name")
    say "$name: $*"
    "$@" >>"$log" 2>&1 </dev/null || { show_log "$log"; stop "$name failed."; }
    say "$name: done in $(minutes $((EPOCHSECONDS - started)))."
}

# packages DIR: npm ci when the lock file changed or the folder is gone
packages() {
    local stamp now
    stamp="target/stamps/npm-$(echo "$1" | tr / -)"
    now=$(digest "$1/package.json" "$1/package-lock.json")
    [ -d "$1/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return
    run_logged "npm-$(basename "$1")" npm --prefix "$1" ci --no-audit --no-fund
    echo "$now" >"$stamp"
}

bundle() {
    local stamp=target/stamps/web now
    # Templates name the classes that the style sheet keeps, so they are inputs too.
    now=$(digest web crates/*/templates)
    if [ -n "$(ls -A web/dist 2>/dev/null)" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return; fi
    packages web
    run_logged web-bundle npm --prefix web run build
    echo "$now" >"$stamp"
}

fonts() {
    # The font script knows by itself whether anything is to do.
    local log
    log=$(lay_out_log fonts)
    scripts/fonts.sh >>"$log" 2>&1 </dev/null || { show_log "$log"; stop "The certificate fonts could not be made."; }
}

case ${1:-all} in
web) bundle ;;
fonts) fonts ;;
packages) packages "$2" ;;
all)
    fonts &
    job=$!
    bundle
    wait "$job"
    ;;
*) stop "scripts/assets.sh knows: web, fonts, packages DIR, all" ;;
esac
