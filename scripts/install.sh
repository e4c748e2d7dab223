#!/bin/sh
# Make .venv and install a lock file into it, hashes checked.
# A copy of the lock is kept as a stamp: while both are equal there is nothing to do.
# Usage: scripts/install.sh [requirements.lock | tests/requirements.lock]
set -eu
cd "$(dirname "$0")/.."

lock=${1:-requirements.lock}
venv_python=.venv/bin/python

say() { echo "rootnote: $*" >&2; }

die() {
    say "$*"
    exit 1
}

stamp_of() { echo ".venv/.installed-$(echo "$1" | tr / -)"; }

is_installed() {
    cmp -s "$lock" "$(stamp_of "$lock")" && "$venv_python" -c 'import django' 2>/dev/null
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_recent "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed. Install it (sudo apt-get install python3 python3-venv)" \
        "or name it (PYTHON=/path/to/python3 make run)."
}

need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    scripts/apt-install.sh "$package" ||
        die "Python's venv module is missing. Install it (sudo apt-get install $package), then run make again."
}

make_venv() {
    is_recent "$venv_python" && "$venv_python" -c 'import pip' 2>/dev/null && return
    python=$(find_python)
    need_venv_module "$python"
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

pip_install() {
    "$venv_python" -m pip --disable-pip-version-check --quiet \
        install --require-hashes --only-binary=:all: "$@"
}

# uv knows nothing of a mirror that only pip was told of.
pip_has_own_index() { "$venv_python" -m pip config list | grep -q '\.index-url='; }

install_with_uv() {
    if pip_has_own_index; then return 1; fi
    awk '/^[^ #]/ { wanted = /^uv==/ } wanted' tests/requirements.lock >.venv/.uv.lock
    pip_install --retries 1 -r .venv/.uv.lock &&
        "$venv_python" -m uv pip install --quiet --python "$venv_python" --compile-bytecode \
            --require-hashes --only-binary=:all: -r "$lock"
}

install_packages() {
    say "installing $lock into .venv (only when it has changed)"
    install_with_uv 2>.venv/.uv.log && return
    say "uv is of no use here (see .venv/.uv.log); installing with pip, which takes longer"
    pip_install -r "$lock" || die "The packages did not install; the lines above say why." \
        "Check that the package index can be reached, then run make again."
}

is_installed && exit 0
if command -v flock >/dev/null; then # one at a time: make run and make test share .venv
    exec 9<scripts/install.sh
    flock 9
    is_installed && exit 0
fi
make_venv
rm -f .venv/.installed-*
install_packages
for each in requirements.lock "$lock"; do # the tests' lock holds all of the other
    cp "$each" "$(stamp_of "$each")"
done
