#!/usr/bin/env bash
# Fuzzes each target for a bounded time, one after the other. A found input stays under testdata/fuzz.
# usage: scripts/fuzz.sh 20s
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files --cached --others --exclude-standard '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9_]+' |
	while IFS=: read -r file function; do
		target=${function#func }
		echo "== $target in $(dirname "$file") for $1"
		CGO_ENABLED=0 "${GO:-go}" test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "./$(dirname "$file")" </dev/null
	done
