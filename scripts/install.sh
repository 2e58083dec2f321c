#!/usr/bin/env bash
# Installs what is missing, says what, and touches nothing that is there.
#   scripts/install.sh run    what building and running needs
#   scripts/install.sh test   that, and what the tests need (PostgreSQL, Chromium, a Chinese font)
# Debian packages come through apt, as root or with sudo. Node and Rust are not installed behind anybody's
# back: which version manages them is the owner's choice, so the script says what to do.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/progress.sh

purpose=${1:-run}
missing=()

need() { # need PACKAGE COMMAND…: the package is wanted when the command fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has() { command -v "$1"; }
has_header() { echo '#include <stdlib.h>' | cc -fsyntax-only -x c -; }
has_noto() { compgen -G '/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc'; }
has_cluster() { has pg_ctl || compgen -G '/usr/lib/postgresql/*/bin/initdb'; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_fonts_built() { compgen -G 'assets/fonts/*.otf' || compgen -G 'assets/fonts/*.ttf'; }

need make has make
need gcc has cc
need libc6-dev has_header
need pkg-config has pkg-config
need ca-certificates test -s /etc/ssl/certs/ca-certificates.crt
if [ "$purpose" = test ] || ! has_fonts_built >/dev/null 2>&1; then
    # The certificate fonts are cut out of the Debian package; once they are built, running needs neither.
    need fonts-noto-cjk has_noto
    need libharfbuzz-bin has hb-subset
fi
if [ "$purpose" = test ]; then
    need postgresql has_cluster
    need chromium has_chromium
fi

# Before minutes of downloads: say what the script cannot install by itself.
find_cargo
node_sentence="Install Node 20 or newer with npm (https://nodejs.org, or your node version manager), then run the same command again."
has node >/dev/null && has npm >/dev/null || stop "Node.js with npm is missing; the front end is bundled with it." "$node_sentence"
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || stop "Node.js $(node -v) is too old." "$node_sentence"

if [ "$purpose" = test ]; then
    for component in rustfmt clippy; do
        tool=${component/rustfmt/fmt}
        cargo "$tool" --version >/dev/null 2>&1 && continue
        has rustup >/dev/null || stop "cargo $tool is missing; install the component $component of your Rust toolchain."
        say "Installing the Rust component $component."
        rustup component add "$component" >&2
    done
fi

[ "${#missing[@]}" -gt 0 ] || exit 0

has apt-get >/dev/null || stop "Missing: ${missing[*]}" "This machine has no apt; install the equivalents of these Debian packages by hand."
if [ "$(id -u)" = 0 ]; then
    root=()
elif has sudo >/dev/null; then
    root=(sudo)
    [ -t 0 ] || root=(sudo -n)
else
    stop "Missing: ${missing[*]}" "Run as root: apt-get install --no-install-recommends ${missing[*]}"
fi

say "Installing with apt: ${missing[*]}"
log=$(lay_out_log apt)
started=$EPOCHSECONDS
run_apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null; }
run_apt update || say "apt-get update did not succeed; trying with the lists that are here."
run_apt install --no-install-recommends "${missing[@]}" || {
    show_log "$log" 30
    stop "apt could not install: ${missing[*]}" "Install them by hand, then run the same command again."
}
say "Installed in $(minutes $((EPOCHSECONDS - started)))."
