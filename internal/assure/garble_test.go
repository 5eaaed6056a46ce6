package assure_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"surety/internal/assure"
	"surety/internal/awssim"
	"surety/internal/check"
	"surety/internal/collect"
	"surety/internal/collect/collecttest"
	"surety/internal/profile"
	"surety/internal/report"
	"surety/services/all"
	"surety/services/lambda"
)

// garbledWorld fails by a function's own policy, an alias's, a version's, a URL's,
// and by roles of $LATEST and of a version.
const garbledWorld = `
accounts:
- id: "111122223333"
  regions:
  - name: us-east-1
    functions:
    - {name: own, role: own, grants: [{sid: s, principal: "999988887777"}]}
    - {name: by-alias, role: alias, versions: [{version: "1", role: alias}], aliases: [{name: live, version: "1"}], grants: [{sid: a, principal: "999988887777", qualifier: live}]}
    - {name: by-version, role: version, versions: [{version: "1", role: old}], grants: [{sid: v, principal: "*", qualifier: "1"}]}
    - {name: web, role: web, urls: [{auth_type: NONE}], grants: [{sid: u, principal: "*", action: lambda:InvokeFunctionUrl, function_url_auth_type: NONE}]}
  - {name: eu-west-1, functions: [{name: twin, role: old}, {name: alone, role: alone}]}
  roles: [{name: own}, {name: alias}, {name: version}, {name: old}, {name: web}, {name: alone}]
`

// damaged changes one answer of a simulated AWS: the one that a request with this
// key gets. With a nil change it notes what was answered.
type damaged struct {
	to     http.RoundTripper
	key    string
	change func([]byte) []byte

	mu     sync.Mutex
	bodies map[string][]byte
}

func (d *damaged) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := d.to.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		return answer, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	key := r.Header.Get("Authorization")
	key = key[strings.Index(key, "/2"):strings.Index(key, "/aws4_request")] + " " + r.URL.RequestURI()
	switch {
	case d.change == nil:
		d.mu.Lock()
		d.bodies[key] = body
		d.mu.Unlock()
	case key == d.key:
		body = d.change(body)
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return answer, nil
}

// statuses hears what became of each check.
type statuses map[string]check.Status

func (s statuses) Event(e report.Event) error {
	if c := e.Check; c != nil {
		s[c.Rule+" "+string(c.Resource)] = c.Status
	}
	return nil
}

func (statuses) Close() error { return nil }

// judged reads and judges the garbled world; the account may be out of reach.
func judged(t *testing.T, through *damaged) statuses {
	t.Helper()
	world, err := awssim.LoadWorld([]byte(garbledWorld))
	if err != nil {
		t.Fatal(err)
	}
	sim := collecttest.Simulate(t, world, awssim.Options{})
	through.to = sim.RoundTripper()
	cfg := collecttest.Config(sim, account)
	cfg.HTTPClient = &http.Client{Transport: through}
	config := &profile.Config{}
	w := assure.Walk{AWS: cfg, Readers: func(cfg aws.Config) []collect.Reader { return all.Readers(cfg) }, Config: config,
		Rules: all.Rules(), Facets: config.Facets(all.Rules(), lambda.FacetTags), Rate: collect.Unlimited, ID: "id"}
	got := statuses{}
	reading, err := w.Read(t.Context())
	if err != nil {
		return got
	}
	j := assure.Judgement{Source: assure.FromAWS, Rules: all.Rules(), Profile: reading.Profile}
	if _, err := j.Tell(t.Context(), reading.Snapshot, got); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestDamagedAnswers takes every member of every answer away, and puts null and
// things of other types in its place. No check that fails passes by that.
func TestDamagedAnswers(t *testing.T) {
	var whole statuses
	answers := &damaged{bodies: map[string][]byte{}}
	synctest.Test(t, func(t *testing.T) { whole = judged(t, answers) })
	if fails := count(whole, check.Fail); fails != 6 || count(whole, check.Unknown) > 0 {
		t.Fatalf("the account is not as it should be: %v", whole)
	}
	tried := 0
	for _, key := range slices.Sorted(maps.Keys(answers.bodies)) {
		var doc any
		if json.Unmarshal(answers.bodies[key], &doc) != nil {
			continue // XML: what is asked that way is only cited, or has another way
		}
		for _, change := range changes(t, doc) {
			tried++
			synctest.Test(t, func(t *testing.T) {
				got := judged(t, &damaged{key: key, change: func([]byte) []byte { return change.body }})
				for id, status := range got {
					if status == check.Pass && whole[id] != check.Pass {
						t.Errorf("%s: %s passes with %s", key, id, change.name)
					}
				}
			})
		}
	}
	if tried < 300 {
		t.Errorf("only %d answers were damaged", tried)
	}
}

func count(s statuses, of check.Status) (n int) {
	for _, status := range s {
		if status == of {
			n++
		}
	}
	return n
}

type change struct {
	name string
	body []byte
}

// changes are all ways to damage one member of a document, at any depth.
func changes(t *testing.T, doc any) []change {
	var out []change
	note := func(path, how string) {
		body, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, change{path + " " + how, body})
	}
	var visit func(path string, at any)
	visit = func(path string, at any) {
		switch at := at.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(at)) {
				was := at[name]
				delete(at, name)
				note(path+"."+name, "left out")
				for _, instead := range []any{nil, 5, "x", map[string]any{}, []any{nil}} {
					if sameKind(was, instead) { // it would be another answer, not a damaged one
						continue
					}
					at[name] = instead
					note(path+"."+name, fmt.Sprintf("as %v", instead))
				}
				at[name] = was
				visit(path+"."+name, was)
			}
		case []any:
			for i, was := range at {
				at[i] = nil
				note(fmt.Sprintf("%s[%d]", path, i), "null")
				at[i] = was
				visit(fmt.Sprintf("%s[%d]", path, i), was)
			}
		}
	}
	visit("", doc)
	return out
}

func sameKind(a, b any) bool {
	if items, ok := b.([]any); ok && len(items) > 0 { // a list with a hole is damaged
		return false
	}
	return a != nil && b != nil && fmt.Sprintf("%T", a) == fmt.Sprintf("%T", b)
}
