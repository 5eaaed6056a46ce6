#!/usr/bin/env bash
# Runs the benchmarks whose names match a pattern, each package as long as it needs, and tells
# for each what it took of the clock and of the processors. docs/performance.md says how to read it.
# usage: scripts/bench.sh [PATTERN]
set -euo pipefail
cd "$(dirname "$0")/.."

pattern=${1:-.}
GO=${GO:-go}
export CGO_ENABLED=0
TIMEFORMAT='  (%R s by the clock, %U s user and %S s system of the processors, building included)'

# run PACKAGE FLAGS…
run() {
	local package=$1
	shift
	echo "== $package $*"
	time "$GO" test -run '^$' -bench "$pattern" -timeout 10m "$@" "./$package"
}

settled=(policy policy/prove internal/awssim services/lambda/collect services/lambda/rules)
run policy -cpu 1 -benchmem
run policy/prove -cpu 1 -benchmem -benchtime 500ms
run internal/awssim -benchmem
run services/lambda/collect -benchtime 1x # one run of each is seconds long
if [ "$pattern" = . ]; then
	echo "== quotas, in simulated time"
	time SURETY_BENCH_QUOTAS=1 "$GO" test -count 1 -run 'TestScanTakesWhatItsQuotasTake|TestPlacesAreKeptBusy' -v ./services/lambda/collect | grep -E '_test.go|^(ok|FAIL)|^ *--- FAIL'
fi
# A million functions, in a process of their own: the peak of memory is theirs.
SURETY_BENCH_FUNCTIONS=${SURETY_BENCH_FUNCTIONS:-1000000} run services/lambda/rules -benchtime 1x

# Whatever other package has come to have benchmarks.
git ls-files --cached --others --exclude-standard '*_test.go' | xargs grep -l '^func Benchmark' | xargs -n 1 dirname | sort -u |
	while read -r package; do
		case " ${settled[*]} " in
		*" $package "*) ;;
		*) run "$package" -benchmem </dev/null ;;
		esac
	done
