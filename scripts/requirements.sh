#!/usr/bin/env bash
# Resolves tests/requirements.in into tests/requirements.txt: one file for every platform and every
# Python from 3.10 on, with the hash of every file. The resolver lives in a directory of its own.
# usage: scripts/requirements.sh DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/.."

resolver=$1/resolver
if [ ! -x "$resolver/bin/uv" ]; then
	python3 -m venv "$resolver"
	"$resolver/bin/pip" install --quiet uv
fi
{
	echo "# Made by \`make requirements\` from tests/requirements.in: every package, every version, every hash."
	"$resolver/bin/uv" pip compile --quiet --universal --python-version 3.10 --generate-hashes \
		--no-header --no-emit-index-url tests/requirements.in
} >"$resolver/requirements.txt"
mv "$resolver/requirements.txt" tests/requirements.txt
