package ruletest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/internal/rule"
)

// The owner of every case, and the owner's organisation.
const owner resource.Account = "123412341234"
const organization = "o-a1b2c3d4e5"

// input is a case, ready to be judged.
type input struct {
	config    *profile.Config
	scan      Scan
	resources []resource.Resource
	now       time.Time
}

func (c *example) read(t *testing.T, s Suite) input {
	t.Helper()
	in := input{now: time.Date(2026, 11, 22, 0, 31, 7, 0, time.UTC)}
	if len(c.files["about"]) == 0 || len(c.files["want"]) == 0 && !s.Update {
		t.Fatal("a case says what it is about and what it wants")
	}
	var err error
	if in.config, err = profile.Parse(c.files["surety.yaml"], []*rule.Rule{s.Rule}); err != nil {
		t.Fatalf("surety.yaml:%v", err)
	}
	if raw := c.files["scan.json"]; raw != nil {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in.scan); err != nil {
			t.Fatalf("scan.json: %v", err)
		}
	}
	if in.resources, err = s.Load(c.files); err != nil {
		t.Fatal(err)
	}
	return in
}

// judge judges the case; what alter gives for a resource stands in for it, and
// the facets without are as though nobody had asked for them.
func (in input) judge(t *testing.T, s Suite, without resource.Facet, alter func(resource.Resource) resource.Resource) []check.Check {
	t.Helper()
	snapshot := inventory.New(in.header(s, without))
	for _, r := range in.resources {
		snapshot.Add(alter(r))
	}
	for _, g := range in.scan.Gaps {
		g.Account = owner
		snapshot.AddGap(g)
	}
	snapshot.Seal()
	p := in.config.Resolve(profile.Organization{ID: organization, Accounts: in.scan.Members}, in.now)
	var checks []check.Check
	err := judge.Run(t.Context(), judge.Case{Snapshot: snapshot, Rules: []*rule.Rule{s.Rule}, Profile: p, Now: in.now}, func(r judge.Result) error {
		checks = append(checks, r.Checks...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return checks
}

func (in input) header(s Suite, without resource.Facet) inventory.Header {
	h := inventory.Header{
		Schema: inventory.Schema, Account: owner, Organization: organization, Partition: "aws",
		Regions: []resource.Region{"eu-west-1", "us-east-1"}, Qualifiers: "all",
	}
	if in.scan.Regions != nil {
		h.Regions, h.RegionsChosen = in.scan.Regions, true
	}
	if in.scan.Qualifiers != "" {
		h.Qualifiers = in.scan.Qualifiers
	}
	for _, f := range s.Facets {
		if f != without {
			h.Facets = append(h.Facets, f)
		}
	}
	return h
}

func same(r resource.Resource) resource.Resource { return r }

func (c *example) compare(t *testing.T, s Suite, in input) {
	t.Helper()
	checks := in.judge(t, s, "", same)
	var got strings.Builder
	for _, one := range checks {
		fmt.Fprintf(&got, "%s %s: %s\n", one.Status, shortest(one.Resource), one.Message)
		if one.Status == check.Fail && len(one.Causes) == 0 {
			t.Errorf("%s fails without a cause", one.Resource)
		}
		if (one.Status == check.Unknown) != (len(one.Gaps) > 0) {
			t.Errorf("%s is %s with %d gaps", one.Resource, one.Status, len(one.Gaps))
		}
	}
	c.match(t, s, "want", got.String())
	if c.files["evidence"] != nil && len(checks) > 0 {
		c.match(t, s, "evidence", indent(checks[0].Evidence))
	}
}

func (c *example) match(t *testing.T, s Suite, file, got string) {
	t.Helper()
	if s.Update {
		c.files[file] = []byte(got)
		return
	}
	if diff := cmp.Diff(string(c.files[file]), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// shortest is the last part of an ARN.
func shortest(id resource.ID) string { return string(id[strings.LastIndexByte(string(id), ':')+1:]) }

func indent(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String() + "\n"
}
