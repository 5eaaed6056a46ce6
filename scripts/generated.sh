#!/usr/bin/env bash
# Generates everything again; fails and names the files that changed by it.
set -euo pipefail
cd "$(dirname "$0")/.."

# state prints one line a file, so that work in progress is not taken for stale output.
state() {
	local files
	files=$(git ls-files --cached --others --exclude-standard | while read -r file; do [ ! -f "$file" ] || echo "$file"; done)
	paste -d ' ' <(git hash-object --stdin-paths <<<"$files") <(echo "$files")
}

before=$(state)
CGO_ENABLED=0 "${GO:-go}" generate ./...
after=$(state)
if [ "$before" != "$after" ]; then
	echo "generated files were not current; they are now, commit them:" >&2
	diff <(echo "$before") <(echo "$after") | sed -nE 's/^> [0-9a-f]+ /  /p' >&2
	exit 1
fi
