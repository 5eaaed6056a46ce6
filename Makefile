# Surety's workshop. `make help` lists what there is; CONTRIBUTING.md says when to use what.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO       ?= go
CACHE    ?= .cache
FUZZTIME ?= 20s
CHECKS   ?= 3000
BENCH    ?= .

# The product is built without cgo; only the race detector needs a C compiler.
PLAIN := CGO_ENABLED=0
RACE  := CGO_ENABLED=1
BUILD := -trimpath -buildvcs=auto -ldflags "-s -w"

# Runs a command with the pinned programs of tests/requirements.txt in $SURETY_TEST_VENV.
TOOLS := scripts/with-test-tools.sh $(CACHE)/venv

STATICCHECK := $(CACHE)/bin/staticcheck

.PHONY: help
help: ## say what each target does
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: ## every test: unit, property, script, end to end, then all once more under the race detector
	@scripts/needs.sh go python3 cc
	@$(PLAIN) $(TOOLS) $(GO) test -timeout 15m ./...
	@$(RACE) $(TOOLS) $(GO) test -race -timeout 20m ./...

.PHONY: race
race: ## the tests under the race detector only
	@scripts/needs.sh go python3 cc
	@$(RACE) $(TOOLS) $(GO) test -race -timeout 20m ./...

.PHONY: check
check: format vet lint arch generated race ## all that a change must pass: format, vet, lint, architecture, generated files, race

.PHONY: format
format: ## name the files that gofmt would change
	@files=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$files" ]; then echo "not formatted (gofmt -w):"; echo "$$files"; exit 1; fi

.PHONY: vet
vet: ## what the compiler's own critic says
	@$(PLAIN) $(GO) vet ./...

.PHONY: lint
lint: $(STATICCHECK) ## staticcheck at the version that tools/go.mod pins
	@$(PLAIN) $(STATICCHECK) ./...

$(STATICCHECK): tools/go.mod tools/go.sum
	@mkdir -p $(@D)
	@$(PLAIN) $(GO) build -C tools -o ../$@ honnef.co/go/tools/cmd/staticcheck

.PHONY: arch
arch: ## the floors, the bans and the house rules of internal/arch_test.go
	@$(PLAIN) $(GO) test -count=1 ./internal

.PHONY: generated
generated: ## generate again and name what was out of date
	@scripts/generated.sh

.PHONY: bench
bench: ## benchmarks of everything, within ten minutes (BENCH=pattern for some); docs/performance.md has results
	@scripts/needs.sh go
	@GO=$(GO) scripts/bench.sh '$(BENCH)'

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (default 20s), then the prover's properties with CHECKS draws (default 3000)
	@scripts/fuzz.sh $(FUZZTIME)
	@$(PLAIN) $(GO) test -count=1 -timeout 60m ./policy/prove -run 'Contradicts|Agree|Permissions' -rapid.checks=$(CHECKS)

.PHONY: mutate
mutate: ## change the evaluator and the prover in small ways and count the changes that tests notice
	@$(PLAIN) $(GO) run ./scripts/mutate

.PHONY: install
install: ## build surety into GOBIN (or GOPATH/bin)
	@$(PLAIN) $(GO) install $(BUILD) ./cmd/surety

.PHONY: release
release: ## archives of five platforms with checksums and bills of materials, into dist/
	@$(PLAIN) $(GO) run ./scripts/release -out dist

.PHONY: requirements
requirements: ## pin tests/requirements.in anew, with hashes, for every Python from 3.10 on
	@scripts/requirements.sh $(CACHE)

.PHONY: clean
clean: ## remove what was built (the test tools and caches stay; they are in .cache)
	@rm -rf dist surety
