# How the scripts speak: steps with their seconds, progress of a build, what to do when something is missing.
# Sourced by the other scripts after `cd` to the checkout; deliberately without any knowledge of what is built.
# Works without a terminal and without standard input: then it prints whole lines instead of redrawing one.

[ -t 2 ] && terminal=yes || terminal=

say() { printf '%s\n' "$*" >&2; }

# stop SENTENCE…: the last word of a script that cannot go on.
stop() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

# minutes SECONDS → "3 min 20 s"
minutes() {
    if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

# draw TEXT: redraws the current line on a terminal.
draw() { printf '\r\033[K%s' "$1" >&2; }

# lay_out_log NAME → the path of a fresh log under target/logs
lay_out_log() {
    mkdir -p target/logs
    : >"target/logs/$1.log"
    printf 'target/logs/%s.log' "$1"
}

# show_log LOG: the end of a log of a step that failed.
show_log() {
    printf -- '---- last lines of %s ----\n' "$1" >&2
    tail -n "${2:-80}" "$1" >&2
    printf -- '---- whole log: %s ----\n' "$1" >&2
}

# find_cargo: puts the Rust toolchain on the path, also under sudo, or says how to get one.
find_cargo() {
    local home
    if ! command -v cargo >/dev/null 2>&1; then
        for home in "$HOME" "$(getent passwd "${SUDO_USER:-}" 2>/dev/null | cut -d: -f6)"; do
            [ -n "$home" ] && [ -x "$home/.cargo/bin/cargo" ] || continue
            PATH="$home/.cargo/bin:$PATH"
            [ -d "$home/.rustup" ] && export RUSTUP_HOME="${RUSTUP_HOME:-$home/.rustup}"
            export PATH
            break
        done
    fi
    command -v cargo >/dev/null 2>&1 || stop \
        "There is no Rust toolchain on this machine, and this script does not choose one for you." \
        "Install it as your own user with rustup (https://rustup.rs), then run the same command again."
    local have need
    have=$(rustc --version 2>/dev/null | cut -d' ' -f2 | cut -d- -f1)
    need=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
    [ -n "$have" ] || stop "cargo is here, but rustc does not answer. Choose a toolchain with: rustup default stable"
    [ "$(printf '%s\n' "$need" "$have" | sort -V | head -n 1)" = "$need" ] || stop \
        "Rust $have is too old; this code needs $need or newer. Update it with: rustup update stable"
}

# cargo_build PROFILE PACKAGE…: builds with an estimate before and a progress line during the work.
# The count is of packages, which are unequal: the estimate is a guide, not a promise.
cargo_build() {
    local profile=$1 log package flags=() started=$EPOCHSECONDS
    shift
    for package in "$@"; do flags+=(-p "$package"); done
    log=$(lay_out_log "build-$profile")
    cargo fetch --locked --target "$(rustc -vV | sed -n 's/^host: //p')" >>"$log" 2>&1 || { show_log "$log"; stop "The dependencies could not be fetched; the lines above say why."; }
    local total
    total=$(cargo tree --locked "${flags[@]}" -e normal,build --prefix none --format '{p}' 2>>"$log" | sed 's/ (\*)$//' | sort -u | wc -l)
    [ "$total" -gt 0 ] || { show_log "$log"; stop "cargo could not read the workspace."; }
    local cores seconds_each=2
    cores=$(nproc 2>/dev/null || echo 2)
    [ "$profile" = release ] && seconds_each=4
    if ! ls target/"${profile/dev/debug}"/.fingerprint >/dev/null 2>&1; then
        say "Building $total packages, profile $profile: about $(minutes $((total * seconds_each / cores))) on $cores cores the first time."
    fi
    set +e
    cargo build --locked --profile "$profile" "${flags[@]}" --message-format=json-render-diagnostics 2>>"$log" |
        count_packages "$total" "$started"
    local status=${PIPESTATUS[0]}
    set -e
    [ "$status" = 0 ] || { show_log "$log"; stop "The build failed after $(minutes $((EPOCHSECONDS - started)))."; }
    say "Built in $(minutes $((EPOCHSECONDS - started)))."
}

# count_packages TOTAL STARTED: reads cargo's messages and shows how far the build is.
count_packages() {
    local total=$1 started=$2 line id compiled=0 told=$EPOCHSECONDS
    declare -A seen=()
    while IFS= read -r line; do
        case $line in *'"reason":"compiler-artifact"'*) ;; *) continue ;; esac
        id=${line#*\"package_id\":\"}
        id=${id%%\"*}
        [ -z "${seen[$id]:-}" ] || continue
        seen[$id]=1
        case $line in *'"fresh":true'*) continue ;; esac
        compiled=$((compiled + 1))
        local elapsed=$((EPOCHSECONDS - started)) left=$((total - ${#seen[@]})) text
        [ "$left" -ge 0 ] || left=0
        text="  ${#seen[@]} of $total packages, $(minutes "$elapsed") elapsed"
        [ "$compiled" -lt 20 ] || text+=", about $(minutes $((elapsed * left / compiled))) left"
        if [ -n "$terminal" ]; then
            draw "$text"
        elif [ $((EPOCHSECONDS - told)) -ge 20 ]; then
            told=$EPOCHSECONDS
            say "$text"
        fi
    done
    if [ -n "$terminal" ] && [ "$compiled" -gt 0 ]; then draw ''; fi
}
