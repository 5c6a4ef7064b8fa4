#!/bin/sh
# Pins every requirement again, with hashes, for every platform and Python from 3.11 on.
# The answers name no index, so that each machine uses its own.
set -eu

compile() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
        --no-header --no-emit-index-url --no-emit-find-links --no-annotate --upgrade \
        "$1.in" --output-file "$1.txt"
    echo "$1.txt"
}

compile requirements
compile requirements-dev
compile requirements-mutation
compile local/lock/npm
compile local/lock/ministack
