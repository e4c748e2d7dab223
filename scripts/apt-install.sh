#!/bin/sh
# Install Debian packages as root or with a sudo that asks nothing.
# Fails in silence when that is not allowed: the caller says what to install by hand.
# Usage: scripts/apt-install.sh PACKAGE...
set -eu

if [ "$(id -u)" = 0 ]; then
    as_root() { "$@"; }
elif sudo -n true 2>/dev/null; then
    as_root() { sudo -n "$@"; }
else
    exit 1
fi
command -v apt-get >/dev/null || exit 1

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1
}

echo "rootnote: installing $* with apt-get (a minute or less)" >&2
output=$(apt update && apt install --yes --no-install-recommends "$@") || {
    echo "$output" >&2
    exit 1
}
