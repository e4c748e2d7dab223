#!/bin/sh
# Print the path of a Chromium or Chrome that starts, and see that its driver starts too.
# What is missing is installed from Debian where that is allowed; CHROMIUM names a browser elsewhere.
set -eu
cd "$(dirname "$0")/.."

die() {
    echo "rootnote: $*" >&2
    exit 1
}

starts() { timeout 30 "$1" --version 2>/dev/null | grep -Eq '^(Chromium|Google Chrome|v[0-9])'; }

# The driver of the browser tests is a Node that comes with Playwright, all but one library.
need_driver() {
    driver=$(echo .venv/lib/python3*/site-packages/playwright/driver/node)
    starts "$driver" && return
    if scripts/apt-install.sh libatomic1 && starts "$driver"; then return; fi
    die "The browser tests' driver does not start ('$driver --version' says why); mostly it wants" \
        "libatomic (sudo apt-get install libatomic1 chromium). Then run make test again."
}

find_browser() {
    builds=${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-}/.cache/ms-playwright}
    for candidate in chromium chromium-browser google-chrome google-chrome-stable \
        "$builds"/chromium-*/chrome-linux*/chrome; do
        path=$(command -v "$candidate") && starts "$path" && echo "$path" && return
    done
    return 1
}

is_ubuntu() { grep -qx 'ID=ubuntu' /etc/os-release 2>/dev/null; }

need_driver
if [ -n "${CHROMIUM:-}" ]; then
    starts "$CHROMIUM" || die "CHROMIUM is $CHROMIUM, which does not start; name another or unset it."
    echo "$CHROMIUM"
    exit
fi
find_browser && exit
if is_ubuntu; then
    # Its apt package only wraps a snap, whose confinement keeps the tests from driving it.
    die "The browser tests need Chromium, and Ubuntu's apt has none that they can drive. Run" \
        "'.venv/bin/python -m playwright install --with-deps chromium' or install Google Chrome," \
        "then run make test again."
fi
scripts/apt-install.sh chromium ||
    die "The browser tests need Chromium. Install it (sudo apt-get install chromium)," \
        "then run make test again."
find_browser || die "Chromium is installed but does not start; 'chromium --version' says why."
