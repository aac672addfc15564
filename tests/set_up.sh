#!/bin/sh
# Installs what the tests need besides Python itself, on Debian and its relatives, as root or where sudo
# asks for no password. Elsewhere it says what to install, and the tests that need it are left out.
set -eu

missing=""
need() { # need PACKAGE COMMAND...: the package is missing if the command fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_file() { for file in "$@"; do [ -e "$file" ] && return 0; done; return 1; }
has_font() { fc-list : family | grep -q "$1"; }

need python3-venv "${PYTHON:-python3}" -c 'import venv, ensurepip'
need chromium sh -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
# Playwright's node is linked to it, and its wheel does not bring it.
need libatomic1 has_file /usr/lib/*/libatomic.so.1 /usr/lib64/libatomic.so.1 /usr/lib/libatomic.so.1
need fontconfig command -v fc-list
need fonts-noto-core has_font 'Noto Sans'
need fonts-dejavu-core has_font 'DejaVu Sans'
need libimage-exiftool-perl command -v exiftool
need postgresql sh -c 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'
# The numbers of system calls, which the list of the locked darkroom is compared with.
need linux-libc-dev has_file /usr/include/asm-generic/unistd.h
need git command -v git
# The recipes for a proxy. Installing one elsewhere would start it there.
if [ "${CI:-}" = true ]; then
    need nginx sh -c 'PATH=$PATH:/usr/sbin command -v nginx'
    need caddy command -v caddy
    need systemd command -v systemd-analyze
    # Before and between several nodes.
    need haproxy sh -c 'PATH=$PATH:/usr/sbin command -v haproxy'
    need pgbouncer sh -c 'PATH=$PATH:/usr/sbin command -v pgbouncer'
    need faketime command -v faketime
fi

[ -n "$missing" ] || exit 0
install="apt-get install --yes --no-install-recommends$missing"
if command -v apt-get >/dev/null; then
    as=""
    [ "$(id -u)" = 0 ] || as="sudo -n"
    if $as true 2>/dev/null; then
        echo "Installing for the tests:$missing" >&2
        # An existing PostgreSQL is left alone: the tests start one of their own. Nothing that is installed
        # here is started, so that nginx and Caddy open no port to the world.
        export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then
            trap '$as rm -f $policy' EXIT
            printf '#!/bin/sh\nexit 101\n' | $as tee $policy >/dev/null
            $as chmod 755 $policy
        fi
        if $as apt-get update -qq && $as $install -qq >/dev/null; then exit 0; fi
    fi
    echo "!! The tests also need:$missing. Install them with: sudo $install" >&2
else
    echo "!! The tests also need what Debian calls:$missing" >&2
fi
[ "${CI:-}" != true ]
