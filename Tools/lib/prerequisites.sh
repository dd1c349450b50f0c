# shellcheck shell=bash
# Sourced: the Debian packages that a task needs, and how they get there.
#
# need TASK…   TASK: build, test, torture, or an optional part (windows, dist, pg-build, pg, userland)
#
# On Debian and Ubuntu the missing packages are installed (with sudo when we are not root). Where we
# have no right to, the one line to run is printed. Elsewhere the programs' own messages must do.

packages_of() {
    case $1 in
        # What a Swift toolchain itself needs to link, and our three C libraries.
        build) echo binutils gcc git gzip libc6-dev libsqlite3-dev liblz4-dev zlib1g-dev pkg-config ;;
        run | test) echo lz4 ;;
        # Filesystems for the fault tests.
        torture) echo btrfs-progs e2fsprogs xfsprogs ;;
        scripts) echo shellcheck ;;
        windows) echo gcc-mingw-w64-x86-64-win32 libz-mingw-w64-dev wine64 ;;
        dist) echo zip ;;
        # blackbox-pg is built with libpq's header and run with libpq5; its tests start a server.
        pg-build) echo libpq-dev ;;
        pg) echo libpq-dev openssl postgresql ;;
        # Its views are tested where this can be had.
        pg-optional) echo postgresql-15-postgis-3 ;;
        # For the tests on other Debian releases.
        userland) echo debian-archive-keyring debootstrap ;;
        *) fail "no list of packages for $1" ;;
    esac
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    local task package
    for task in "$@"; do
        for package in $(packages_of "$task"); do
            is_installed "$package" || echo "$package"
        done
    done | sort -u
    # A C++ library of any version: the toolchain's linker asks for one.
    if ! compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null; then echo g++; fi
}

need() {
    find_swift
    command -v dpkg-query >/dev/null || return 0
    local missing
    missing=$(missing_packages "$@" | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    note "missing Debian packages: $missing"
    local as=()
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            if ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
                fail "install them with:  sudo apt-get install -y $missing"
            fi
            note "sudo may ask for your password."
        fi
        as=(sudo)
    fi
    # shellcheck disable=SC2086 # a list of names
    if ! quietly "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; then
        note "once more, after apt-get update"
        quietly "${as[@]}" apt-get update
        # shellcheck disable=SC2086
        quietly "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing ||
            fail "install them with:  sudo apt-get update && sudo apt-get install -y $missing"
    fi
}

find_swift() {
    if ! command -v swift >/dev/null; then
        fail "no Swift toolchain found. Install Swift 6.3 (https://www.swift.org/install/linux/) and put its usr/bin into PATH."
    fi
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    # shellcheck disable=SC2086 # two numbers
    set -- $version
    if [ $# = 2 ] && { [ "$1" -lt 6 ] || { [ "$1" = 6 ] && [ "$2" -lt 3 ]; }; }; then
        fail "Swift 6.3 or later is needed; this is Swift $1.$2"
    fi
}
