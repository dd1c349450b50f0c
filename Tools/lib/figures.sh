# shellcheck shell=bash disable=SC2154 # report, results, work, out: set by Tools/bench
# Sourced by Tools/bench: how its parts hand in what they measured.

# figure PART NAME VALUE UNIT [GOAL [COUNTERPART VALUE]]
#
#   GOAL   `<=20`, `>=5000000` for the value; `ratio>=0.8`, `ratio<=1.5` for value / counterpart;
#          empty where there is none
figure() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$2" "$3" "$4" "${5:-}" "${6:-}" "${7:-}" >>"$results/$1.figures"
}

# A number out of a JSON file: value FILE KEY[.KEY…]
value() { "$report" value "$1" "$2"; }

# Runs a command and leaves `seconds`, `cpuSeconds` and `peakBytes` of it in a JSON file; its output goes
# nowhere, its exit code must be the given one: timed FILE CODE COMMAND…
timed() { "$report" timed "$@"; }

# awk's arithmetic: calculate '900000 / 1.5'
calculate() { awk "BEGIN { printf \"%.6g\", $1 }"; }

# An hour of 200 units and 40 vehicles, about 909,000 calls; made once.
hour() {
    if [ ! -e "$work/hour.tsv" ]; then
        "$out/generate-mission" --seed 1 --minutes 60 --units 200 --vehicles 40 \
            --shots-per-minute 1200 --recordings 1 --output "$work/hour.tsv"
    fi
    printf '%s' "$work/hour.tsv"
}

# Away with a folder that holds sealed segments, which are read-only.
discard() {
    chmod -R u+w "$@" 2>/dev/null || true
    rm -rf "$@"
}
