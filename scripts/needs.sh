#!/usr/bin/env bash
# Says in one line which program is missing or too old, and what to do.
# usage: scripts/needs.sh go|python3|cc …
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
	echo "surety: $1" >&2
	exit 1
}

# newer_or_equal HAVE WANT compares two dotted numbers of two parts.
newer_or_equal() {
	local have=(${1//./ }) want=(${2//./ })
	((have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1])))
}

need_go() {
	local want have
	command -v "${GO:-go}" >/dev/null || stop "go is not installed: install Go $(sed -n 's/^go //p' go.mod) or newer"
	want=$(sed -nE 's/^go ([0-9]+\.[0-9]+).*/\1/p' go.mod)
	# Inside the module this names the toolchain that go.mod selects, so an old go that may fetch a newer one is fine.
	have=$("${GO:-go}" env GOVERSION 2>/dev/null | sed -nE 's/^go([0-9]+\.[0-9]+).*/\1/p' || true)
	[ -n "$have" ] && newer_or_equal "$have" "$want" || stop "Go $want or newer is needed: $("${GO:-go}" version 2>&1 | tail -n 1)"
}

need_python3() {
	command -v python3 >/dev/null || stop "python3 is not installed: the end-to-end tests need Python 3.10 or newer"
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || stop "Python 3.10 or newer is needed: $(python3 --version 2>&1)"
	python3 -c 'import ensurepip, venv' 2>/dev/null || stop "this Python cannot make virtual environments: install python3-venv"
}

need_cc() {
	command -v "${CC:-gcc}" >/dev/null || command -v clang >/dev/null || stop "no C compiler: the race detector needs gcc or clang"
}

for program in "$@"; do
	"need_$program"
done
