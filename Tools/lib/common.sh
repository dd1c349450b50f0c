# shellcheck shell=bash disable=SC2034 # what is set here is used there
# Sourced by the commands in Tools/: where things are, and how they speak.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Tools/lib/build-dist builds into a folder of its own.
out=${BLACKBOX_OUT:-$root/build}
cd "$root" || exit 1

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

say() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }
note() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Runs a command quietly; shows the end of its output only when it fails.
quietly() {
    local log
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
    else
        local code=$?
        tail -n 60 "$log" >&2
        rm -f "$log"
        printf '%s: this failed: %s\n' "${0##*/}" "$*" >&2
        return "$code"
    fi
}

# Seconds with one decimal since the moment given in nanoseconds.
seconds_since() { awk -v a="$1" -v b="$(date +%s%N)" 'BEGIN { printf "%.1f", (b - a) / 1e9 }'; }

size_of() { wc -c <"$1" | tr -d ' '; }
