package arch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// judging packages decide; what they decide from is handed to them.
var judging = []string{"services/*/rules/...", "internal/judge/...", "internal/rule", "policy/..."}

// networked is the part of the standard library that talks to somebody.
// net/netip and net/url only read text.
var networked = []string{"net", "net/http/...", "net/rpc/...", "net/smtp", "net/mail", "net/textproto", "crypto/tls"}

// A ban says that from never comes to any of to. Far: not by way of others
// either. Except are packages among from, Allowed packages among to, that the
// ban spares; Past are packages that a way may not be followed through. Sample
// is an import that must be caught.
type ban struct {
	from    []string
	to      []string
	far     bool
	except  []string
	allowed []string
	past    []string
	reason  string
	sample  []string
}

var bans = []ban{
	{
		from: judging, to: []string{"github.com/aws/..."}, far: true,
		reason: "a verdict is made from what was collected; it never looks for itself",
		sample: []string{"services/lambda/rules: internal/rule", "internal/rule: github.com/aws/aws-sdk-go-v2/service/lambda"},
	}, {
		from: judging, to: networked, far: true,
		reason: "a verdict is the same offline",
		sample: []string{"internal/judge: net/http"},
	}, {
		from: judging, to: []string{"os/...", "io/ioutil", "syscall", "database/sql/..."}, far: true,
		// A snapshot knows its file; that no judging package opens one is seen in its source.
		past:   []string{"internal/inventory"},
		reason: "a verdict depends on its arguments, not on the machine",
		sample: []string{"policy/prove: policy", "policy: os"},
	}, {
		from: judging, to: []string{"math/rand/...", "crypto/rand"}, far: true,
		reason: "the same snapshot gives the same checks, in the same order",
		sample: []string{"internal/judge: math/rand/v2"},
	}, {
		from: []string{"policy/..."}, to: []string{"*.*/..."}, far: true,
		reason: "other programs import the policy language; it brings nothing but the standard library",
		sample: []string{"policy: example.org/yaml"},
	}, {
		from: []string{"policy/..."}, to: []string{"internal/...", "services/..."},
		reason: "the policy language stands on its own",
		sample: []string{"policy/prove: internal/resource"},
	}, {
		from: []string{"internal/..."}, except: []string{"internal/cli"}, to: []string{"services/..."},
		reason: "the core serves every service alike and knows none",
		sample: []string{"internal/judge: services/lambda"},
	}, {
		from: []string{"internal/awssim/..."}, to: []string{"services/...", "github.com/aws/..."}, far: true,
		reason: "the simulator speaks the wire; sharing the reader's types would hide the reader's mistakes",
		sample: []string{"internal/awssim: github.com/aws/aws-sdk-go-v2/service/lambda"},
	}, {
		from: []string{"internal/..."}, except: []string{"internal/cli", "internal/store/*", "internal/alert/*"},
		to: []string{"internal/store/*", "internal/alert/*"}, allowed: []string{"internal/store/storetest", "internal/alert/alerttest"},
		reason: "a back-end is chosen in one place, the command line",
		sample: []string{"internal/assure: internal/store/sqlite"},
	}, {
		from: []string{"internal/...", "services/..."}, except: []string{"internal/cli"}, to: []string{"internal/cli", "internal/web/..."},
		reason: "the faces know the house; the house does not know its faces",
		sample: []string{"internal/assure: internal/web"},
	}, {
		from: []string{"internal/...", "services/...", "policy/...", "cmd/..."}, to: []string{"scripts/...", "tests/...", "testing/..."},
		except: []string{"internal/*/*test"},
		reason: "what is shipped needs nothing of the workshop",
		sample: []string{"internal/judge: testing"},
	}, {
		from: []string{"internal/...", "services/...", "policy/...", "cmd/..."}, to: []string{"internal/*/*test"},
		reason: "conformance suites are for tests",
		sample: []string{"internal/store/sqlite: internal/store/storetest"},
	}, {
		from: []string{"scripts/..."}, to: []string{"internal/...", "services/...", "cmd/...", "policy/..."},
		reason: "a tool that builds or breaks the house must run when the house does not compile",
		sample: []string{"scripts/release: internal/cli"},
	},
}

// broken returns one line for every package that goes where this ban forbids.
func (b ban) broken(h house) []string {
	var wrong []string
	hit := func(name string) bool { return fitsAny(b.to, name) && !fitsAny(b.allowed, name) }
	for _, name := range h.own() {
		if !fitsAny(b.from, name) || fitsAny(b.except, name) {
			continue
		}
		if b.far {
			if steps := h.reaches(name, b.past, hit); steps != nil {
				wrong = append(wrong, fmt.Sprintf("%s: %s", strings.Join(steps, " -> "), b.reason))
			}
			continue
		}
		for _, i := range h.imports(name) {
			if hit(i) && i != name {
				wrong = append(wrong, fmt.Sprintf("%s -> %s: %s", name, i, b.reason))
			}
		}
	}
	return wrong
}

// strangers returns the closets that look into another service's closet. The
// nouns of another service are welcome, its reading and judging are not.
func strangers(h house) []string {
	var wrong []string
	for _, name := range h.own() {
		for _, i := range h.imports(name) {
			from, to := strings.Split(name, "/"), strings.Split(i, "/")
			if len(from) > 2 && len(to) > 2 && from[0] == "services" && to[0] == "services" && from[1] != to[1] {
				wrong = append(wrong, fmt.Sprintf("%s -> %s: a closet never opens another service's closet", name, i))
			}
		}
	}
	return wrong
}

// costly names SDK packages that take more than a minute to compile, so that
// one package of the house may import them and the tests of all others stay quick.
var costly = []string{"github.com/aws/aws-sdk-go-v2/service/ec2"}

func importersOf(h house, costly string) []string {
	var who []string
	for _, name := range h.own() {
		if slices.Contains(h.imports(name), costly) {
			who = append(who, name)
		}
	}
	return who
}

func TestBans(t *testing.T) {
	h := readHouse(t)
	for _, b := range bans {
		for _, line := range b.broken(h) {
			t.Error(line)
		}
	}
	for _, line := range strangers(h) {
		t.Error(line)
	}
	for _, c := range costly {
		if who := importersOf(h, c); len(who) > 1 {
			t.Errorf("%s is imported by %s: it is slow to compile, keep it in one", c, strings.Join(who, " and "))
		}
	}
}

func TestBansCanFail(t *testing.T) {
	innocent := built("services/lambda/rules: internal/rule policy/prove net/netip strings", "internal/rule: fmt internal/inventory", "internal/inventory: os", "fmt: os",
		"internal/cli: services/all internal/store/sqlite net/http os", "internal/store/storetest: testing internal/store",
		"internal/collect: github.com/aws/aws-sdk-go-v2/aws net", "services/iam/rules: services/lambda")
	for _, b := range bans {
		if got := b.broken(built(b.sample...)); len(got) == 0 {
			t.Errorf("nothing stops %q though %s", b.sample, b.reason)
		}
		if got := b.broken(innocent); len(got) != 0 {
			t.Errorf("innocent imports are stopped: %q", got)
		}
	}
	if got := strangers(built("services/iam/rules: services/lambda/rules")); len(got) != 1 {
		t.Errorf("nothing stops a closet that opens another's: %q", got)
	}
	if got := importersOf(built("internal/a: "+costly[0], "internal/b: "+costly[0]+" fmt", "internal/c: fmt"), costly[0]); len(got) != 2 {
		t.Errorf("importers of %s: %q, want two", costly[0], got)
	}
}
