#!/usr/bin/env bash
# Makes the fonts that are embedded in certificates and statements:  scripts/fonts.sh [OUTDIR]   (default assets/fonts)
#
# Source: Noto Serif CJK of Debian's package fonts-noto-cjk (SIL Open Font License 1.1), regular and bold.
# Tool:   hb-subset of Debian's package libharfbuzz-bin; it cuts both weights in two seconds.
# Both are used where they are installed; what is missing is installed with apt, or, without root, only unpacked
# into a temporary folder. Nothing is done when OUTDIR is already what this script would make.
#
# Kept: Latin, Greek, Cyrillic, punctuation, symbols, kana, the whole CJK basic block (GBK lies within these), the
# compatibility ideographs, every character of plane 2 that the font has, and the characters of 通用规范汉字表 that
# stand in extension A. Anything rarer comes at run time from the full font, where that is installed.
# Dropped: vertical metrics, substitutions, hints, and all positioning but kerning: with `locl`, `vert` and `liga`
# kept, a subset was twice the size and typst refused some everyday characters.
# rare-sample.otf holds a few Hangul syllables: the tests use it as "the full font", so that they need none installed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-assets/fonts}
noto=/usr/share/fonts/opentype/noto
copyright=/usr/share/doc/fonts-noto-cjk/copyright

kept="20-7E,A0-24F,2B0-2FF,370-3FF,400-45F,2000-206F,2070-27BF,2E80-33FF,4E00-9FFF,F900-FAFF,FE10-FE1F,FE30-FE6F,FF00-FFEF,20000-323AF"
extension_a="3447,344A,3473,347A,356E,357E,360E,364D,3658,3666,36C3,36DA,36F9,37C3,3807,3813,3918,3944,39D0,39D1,39DF,3AF0,\
3B0A,3B0E,3B1A,3B4E,3B55,3BBE,3C00,3CC7,3CD8,3CDA,3D14,3D50,3DB2,3E06,3E0C,3E84,3EEC,3F4F,3F6E,3FE0,4056,40AE,\
40C5,40CE,415F,4339,4383,4396,43DD,43E1,43F2,43FD,4403,44D5,44D6,44DB,44E8,44EB,44EC,45D6,45DB,45EA,45F4,4723,\
4759,48BA,48BC,48D8,4947,497D,4983,499B,4C9F,4CA0,4CA1,4CA2,4CA3,4D13,4D14,4D15,4D16,4D17,4D18,4D19,4DAE"

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

# The stamp names this script and what it made, so that a changed script or a lost file means work.
stamp="$out/.made-by"
files=(NotoSerifSC-Regular.otf NotoSerifSC-Bold.otf rare-sample.otf OFL.txt)
signature() { sha256sum <scripts/fonts.sh && (cd "$out" && sha256sum "${files[@]}"); }
if [ -s "$stamp" ] && signature 2>/dev/null | cmp -s - "$stamp"; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# unpack PACKAGE…: without root, a package need not be installed to be used.
unpack() {
    say "Fetching $* from Debian into a temporary folder (nothing is installed)."
    (cd "$work" && apt-get download -q "$@" >&2) || stop \
        "apt could not fetch $*." "Install it as root (apt-get install $*), then run this again."
    local deb
    for deb in "$work"/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
    rm -f "$work"/*.deb
}

# provide PACKAGE…: installs as root, unpacks otherwise.
provide() {
    command -v apt-get >/dev/null || stop "Missing: $*" "This machine has no apt; install the equivalent of these Debian packages by hand."
    if [ "$(id -u)" != 0 ]; then unpack "$@"; return; fi
    say "Installing with apt: $*"
    local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300)
    "${quiet[@]}" install --no-install-recommends "$@" >&2 </dev/null && return
    "${quiet[@]}" update >&2 </dev/null || true
    "${quiet[@]}" install --no-install-recommends "$@" >&2 </dev/null || stop \
        "apt could not install: $*" "Install it by hand, then run this again."
}

if ! { [ -s "$noto/NotoSerifCJK-Regular.ttc" ] && [ -s "$noto/NotoSerifCJK-Bold.ttc" ] && [ -s "$copyright" ]; }; then
    provide fonts-noto-cjk
    if [ -d "$work/root$noto" ]; then noto="$work/root$noto" copyright="$work/root$copyright"; fi
fi
subset=hb-subset
if ! command -v hb-subset >/dev/null; then
    provide libharfbuzz-bin
    if ! command -v hb-subset >/dev/null; then
        [ -x "$work/root/usr/bin/hb-subset" ] || stop "The package libharfbuzz-bin here has no hb-subset."
        unpack libharfbuzz-subset0 libharfbuzz0b libglib2.0-0 libfreetype6 libgraphite2-3 libpcre2-8-0 libpng16-16 libbrotli1
        subset="$work/root/usr/bin/hb-subset"
        LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
        export LD_LIBRARY_PATH
    fi
fi

# cut_font WEIGHT UNICODES OUTFILE: face 2 of the collection is the one for simplified Chinese.
cut_font() {
    local arguments=(--face-index=2 --layout-features=kern --no-hinting --notdef-outline --name-IDs='*'
        --drop-tables+=GSUB,BASE,VORG,vhea,vmtx,DSIG --unicodes="$2")
    "$subset" "${arguments[@]}" "$noto/NotoSerifCJK-$1.ttc" -o "$3"
    [ -s "$3" ] || stop "hb-subset wrote nothing for $3."
}

say "Cutting Noto Serif SC (regular, bold) to GBK, the CJK basic block and plane 2."
mkdir -p "$out" "$work/made"
cut_font Regular "$kept,$extension_a" "$work/made/NotoSerifSC-Regular.otf"
cut_font Bold "$kept,$extension_a" "$work/made/NotoSerifSC-Bold.otf"
cut_font Regular "D55C,AE00,AC00-AC0F" "$work/made/rare-sample.otf"
{
    echo "Noto Serif CJK, cut down by scripts/fonts.sh from Debian's package fonts-noto-cjk."
    echo "Source: https://github.com/googlefonts/noto-cjk"
    echo
    echo "Copyright 2017-2022 Adobe (http://www.adobe.com/). Noto is a trademark of Google Inc."
    echo
    # The licence stands in Debian's copyright file, indented by one space, with a dot for an empty line.
    awk '/^License: SIL-1.1$/ { on = 1; next } /^License:|^Files:/ { on = 0 } on { sub(/^ /, ""); sub(/^\.$/, ""); print }' "$copyright"
} >"$work/made/OFL.txt"
grep -q 'SIL OPEN FONT LICENSE' "$work/made/OFL.txt" || stop "The licence text was not found in $copyright."
for file in "${files[@]}"; do mv "$work/made/$file" "$out/$file"; done
signature >"$stamp"
say "$(cd "$out" && du -ch -- *.otf | tail -n 1 | cut -f1) of fonts in $out."
