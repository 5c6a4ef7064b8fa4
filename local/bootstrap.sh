#!/bin/sh
# Makes the virtual environment and installs the locked requirements into it.
# Needs Python 3.11 or newer and nothing else; `make` calls it when a lock file is newer
# than the stamp. Every failure is one sentence with the way out.
set -eu

venv=.venv
stamp=$venv/.installed

fail() {
    printf 'kopilka: %s\n' "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "no python3")
    fail "Python 3.11 or newer is needed and this machine has $found: install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv; macOS: brew install python@3.12) or name one with PYTHON=/path/to/python3."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
        sudo "$@"
    else
        return 1
    fi
}

# Debian and Ubuntu ship Python without ensurepip.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if command -v apt-get >/dev/null 2>&1; then
        echo "Installing python$version-venv, which Debian keeps apart from Python"
        { as_root apt-get update -qq && as_root apt-get install -y -qq "python$version-venv"; } \
            >/dev/null 2>&1 || true
    fi
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "Python's venv module is missing: run \`sudo apt-get install python$version-venv\` and then make again."
}

if [ ! -x "$venv/bin/python" ] || ! is_new_enough "$venv/bin/python" ||
    ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python) || exit 1
    ensure_venv_module "$python"
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv" ||
        fail "the virtual environment could not be made in $(pwd)/$venv: is the disk full or read-only?"
fi

echo "Installing what requirements-dev.txt locks (once; about a minute)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --use-pep517 \
    --require-hashes --requirement requirements-dev.txt ||
    fail "the locked requirements could not be installed (the reason is above): is the package index reachable?"
touch "$stamp"
