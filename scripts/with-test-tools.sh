#!/usr/bin/env bash
# Runs a command with SURETY_TEST_VENV naming the pinned test tools, which are made when needed.
# usage: scripts/with-test-tools.sh DIRECTORY COMMAND…
set -euo pipefail

directory=$1
shift
SURETY_TEST_VENV=$(python3 "$(dirname "$0")/venv.py" "$directory")
export SURETY_TEST_VENV
exec "$@"
