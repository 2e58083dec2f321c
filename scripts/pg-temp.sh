#!/usr/bin/env bash
# A private, temporary PostgreSQL server for tests: on a unix socket and a free port of the loopback,
# as an unprivileged user, with nothing durable. It touches no other server of the machine.
#
#   scripts/pg-temp.sh run -- COMMAND…   starts one, runs the command with ZHIXIN_TEST_PG set, stops it whatever happens
#   scripts/pg-temp.sh start DIR         starts one in DIR (new or empty) and prints its address
#   scripts/pg-temp.sh stop DIR          stops it and removes its files
#   scripts/pg-temp.sh keep DIR -- COMMAND…   as run, but durable, in DIR, whose files stay for the next time
#
# PostgreSQL is installed by apt when no server is found; nothing else is changed.
# ZHIXIN_PG_DURABLE=1 keeps fsync on, for measurements.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
die() { say "pg-temp: $*"; exit 1; }

# The newest server of the machine, by version.
server_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

find_server() {
    BIN=$(server_bin)
    if [ -z "$BIN" ] || [ ! -x "$BIN/initdb" ]; then
        say "pg-temp: PostgreSQL is not installed; installing it with apt (a few minutes at most)"
        local apt=(apt-get)
        [ "$(id -u)" = 0 ] || apt=(sudo apt-get)
        # Without a cluster of Debian's own: we only want the programs.
        "${apt[@]}" update -qq >&2 || true
        DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq --no-install-recommends postgresql >&2 ||
            die "apt could not install postgresql"
        BIN=$(server_bin)
    fi
    [ -x "${BIN:-}/initdb" ] || die "no initdb below /usr/lib/postgresql"
}

# PostgreSQL refuses to run as root; then it runs as postgres, or as nobody.
choose_user() {
    AS=()
    [ "$(id -u)" = 0 ] || return 0
    local user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
    if command -v runuser >/dev/null; then
        AS=(runuser -u "$user" --)
    else
        AS=(setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups --)
    fi
    chown "$user" "$1"
}

free_port() {
    local port
    for _ in $(seq 1 200); do
        port=$((20000 + RANDOM % 30000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    die "no free port"
}

start() {
    local dir=$1
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ ! -e "$dir/data" ] || die "$dir holds a server already"
    find_server
    choose_user "$dir"
    chmod 755 "$dir"
    # From a folder that the unprivileged user may stand in.
    cd "$dir"
    if ! "${AS[@]}" "$BIN/initdb" -D "$dir/data" -U zhixin -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1; then
        cat "$dir/initdb.log" >&2
        die "initdb failed"
    fi
    launch "$dir"
    "${AS[@]}" "$BIN/createdb" -h 127.0.0.1 -p "$(cat "$dir/port")" -U zhixin zhixin || die "createdb failed"
    address "$dir"
}

address() { echo "postgres://zhixin@127.0.0.1:$(cat "$1/port")/zhixin"; }

# launch DIR: the server over the files in DIR/data, on a free port that DIR/port names then.
launch() {
    local dir=$1
    local fast=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
    [ "${ZHIXIN_PG_DURABLE:-0}" = 0 ] || fast=()
    # A port that was free may be taken a moment later: try another one then.
    for _ in 1 2 3 4 5; do
        local port
        port=$(free_port)
        # pg_ctl gives its options to a shell; the folder is made by us and has no quotes in its name.
        if "${AS[@]}" "$BIN/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -s \
            -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$dir' -c max_connections=300 -c shared_buffers=${ZHIXIN_PG_BUFFERS:-128MB} -c max_wal_size=${ZHIXIN_PG_WAL:-1GB} -c checkpoint_timeout=30min -c autovacuum_naptime=10s ${fast[*]}" \
            start >&2; then
            echo "$port" >"$dir/port"
            return
        fi
    done
    tail -n 20 "$dir/log" >&2 || true
    die "the server does not start"
}

stop() {
    local dir=$1
    [ -d "$dir/data" ] || return 0
    dir=$(cd "$dir" && pwd)
    find_server
    choose_user "$dir"
    cd /
    if [ -e "$dir/data/postmaster.pid" ]; then
        "${AS[@]}" "$BIN/pg_ctl" -D "$dir/data" -m immediate -w -t 30 -s stop >&2 || say "pg-temp: the server in $dir did not stop"
    fi
    rm -rf "${dir:?}/data" "$dir/log" "$dir/initdb.log" "$dir/port"
    rmdir "$dir" 2>/dev/null || true
}

# Memory if there is plenty: a test's database is then copied in 30 ms instead of 400.
place() {
    local free
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    if [ "${ZHIXIN_PG_DURABLE:-0}" = 0 ] && [ -w /dev/shm ] && [ "${free:-0}" -gt 4000000 ]; then
        echo /dev/shm
    else
        echo "${TMPDIR:-/tmp}"
    fi
}

run() {
    local dir code=0
    dir=$(mktemp -d "$(place)/zhixin-pg-XXXXXX")
    # shellcheck disable=SC2064  # the folder is known now, and must be this one
    trap "stop '$dir'" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    local url
    url=$(start "$dir")
    ZHIXIN_TEST_PG="$url" "$@" || code=$?
    exit "$code"
}

# The server of a folder that stays: made the first time, stopped in order, never removed.
keep() {
    local dir=$1 code=0
    shift
    export ZHIXIN_PG_DURABLE=1
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    # shellcheck disable=SC2064  # the folder is known now, and must be this one
    trap "halt '$dir'" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [ -e "$dir/data/PG_VERSION" ] && [ -e "$dir/port" ]; then
        find_server
        choose_user "$dir"
        (cd "$dir" && launch "$dir")
    else
        rm -rf "${dir:?}/data"
        (start "$dir" >/dev/null)
    fi
    ZHIXIN_TEST_PG="$(address "$dir")" "$@" || code=$?
    exit "$code"
}

halt() {
    local dir=$1
    [ -e "$dir/data/postmaster.pid" ] || return 0
    find_server
    choose_user "$dir"
    cd /
    "${AS[@]}" "$BIN/pg_ctl" -D "$dir/data" -m fast -w -t 300 -s stop >&2 || say "pg-temp: the server in $dir did not stop"
}

case "${1:-}" in
    keep)
        dir=${2:-}
        [ -n "$dir" ] && [ "${3:-}" = -- ] && [ $# -gt 3 ] || die "keep DIR -- COMMAND…"
        shift 3
        keep "$dir" "$@"
        ;;
    start) [ $# = 2 ] || die "start DIR"; start "$2" ;;
    stop) [ $# = 2 ] || die "stop DIR"; stop "$2" ;;
    run)
        shift
        [ "${1:-}" != -- ] || shift
        [ $# -gt 0 ] || die "run -- COMMAND…"
        run "$@"
        ;;
    *) sed -n '2,11p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
