package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

// newMove makes a bench of two functions that share a role: shared, whose name is
// the role's, and orders, whose aliases run versions 1 and 2 of the same.
func newMove(t *testing.T, faults ...awssim.Fault) *bench {
	t.Helper()
	return newBenchOf(t, &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333", Roles: []*awssim.Role{{Name: "shared"}}, Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{
		{Name: "shared"},
		{Name: "orders", Configuration: awssim.Configuration{Role: "shared", Environment: map[string]string{"KEY": "hidden value"}},
			Versions: []*awssim.Configuration{{Version: "1"}, {Version: "2", Description: "build 2"}},
			Aliases:  []*awssim.Alias{{Name: "beta", Version: "2"}, {Name: "live", Version: "1", Description: "kept"}}},
	}}}}}}, faults...)
}

func (b *bench) planMove(args ...string) string {
	b.t.Helper()
	return b.must(0, append([]string{"fix", "plan", "--rate", "unlimited", "-q", "--rule", "Lambda-006", "-o", "plan.json"}, args...)...)
}

// orders tells the versions with their roles, and where the aliases point.
func (b *bench) orders() []string {
	var told []string
	b.sim.Edit(func(w *awssim.World) {
		f := w.Function("111122223333", "us-east-1", "orders")
		for _, v := range append([]*awssim.Configuration{&f.Configuration}, f.Versions...) {
			told = append(told, fmt.Sprintf("%s %s %q", v.Version, v.Role[strings.LastIndexByte(v.Role, '/')+1:], v.Description))
		}
		for _, a := range f.Aliases {
			told = append(told, fmt.Sprintf("%s %s %q %v", a.Name, a.Version, a.Description, a.Weights))
		}
	})
	return told
}

func (b *bench) wantOrders(when string, want ...string) {
	b.t.Helper()
	if d := cmp.Diff(want, b.orders()); d != "" {
		b.t.Errorf("%s:\n%s", when, d)
	}
}

// unmoved and moved are what orders tells before and after.
func unmoved() []string {
	return []string{`$LATEST shared ""`, `1 shared ""`, `2 shared "build 2"`, `beta 2 "" map[]`, `live 1 "kept" map[]`}
}

func moved() []string {
	return []string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `3 orders "build 2 (own role, by surety)"`, `beta 3 "" map[]`, `live 3 "kept" map[]`}
}

// TestKilledWhileMoving kills the program at every call of an apply that makes a
// role, publishes and moves aliases.
func TestKilledWhileMoving(t *testing.T) {
	t.Parallel()
	probe := newMove(t)
	probe.planMove("--move-aliases")
	calls := probe.calledApply()
	probe.wantOrders("applied", moved()...)
	if calls < 15 {
		t.Fatalf("an apply makes %d calls: the table would be empty", calls)
	}
	for n := 2; n <= calls; n += stride {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call=%d/after=%v", n, after), func(t *testing.T) {
				t.Parallel()
				b := newMove(t)
				b.planMove("--move-aliases")
				b.killed(n, after)
				l := b.listed()[0]
				if l.State == "applying" || l.State == "rolled-back" || (l.State == "applied") != (l.Done == l.Steps) {
					t.Errorf("nobody is at it, and the list says %+v", l)
				}
				if n%2 == 0 { // turn back
					b.must(0, "fix", "rollback", l.ID, "--yes")
					b.wantOrders("rolled back", unmoved()...)
					return
				}
				b.must(0, "fix", "apply", "plan.json", "--yes", "--resume")
				b.wantOrders("resumed", moved()...)
				if l := b.listed()[0]; l.State != "applied" || l.Done != l.Steps {
					t.Errorf("resumed, and the list says %+v", l)
				}
			})
		}
	}
}

// What changed since the plan was made is left alone, and so is what comes after
// it; a version that somebody uses is not deleted.
func TestMovedMeanwhile(t *testing.T) {
	t.Parallel()
	shifted := func(f *awssim.Function) { f.Aliases[1].Weights = map[string]float64{"2": 0.1} }
	for name, c := range map[string]struct {
		args   []string
		before func(*awssim.Function) // the plan is applied
		exit   int
		says   string
		want   []string
	}{
		"other code in $LATEST": {[]string{"--move-aliases"}, func(f *awssim.Function) { f.Code = "other" }, 5, "$LATEST is no longer like version 2 (CodeSha256), and publishing it would ship that",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `beta 2 "" map[]`, `live 1 "kept" map[]`}},
		"other settings in $LATEST": {[]string{"--move-aliases"}, func(f *awssim.Function) { f.Environment = map[string]string{"KEY": "other"} }, 5, "$LATEST is no longer like version 2 (Environment)",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `beta 2 "" map[]`, `live 1 "kept" map[]`}},
		"an alias that is being shifted": {[]string{"--move-aliases"}, shifted, 5, "it is no longer as the plan found it",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `3 orders "build 2 (own role, by surety)"`, `beta 3 "" map[]`, `live 1 "kept" map[2:0.1]`}},
		"an alias that is used again": {[]string{"--delete-unused-versions"}, func(f *awssim.Function) { f.Aliases[0].Version = "4" }, 5, "version 4 is used by alias beta",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `4 shared ""`, `beta 4 "" map[]`, `live 1 "kept" map[]`}},
		"a mapping by number": {[]string{"--delete-unused-versions"}, func(f *awssim.Function) {
			f.Mappings = []*awssim.Mapping{{UUID: "u", Qualifier: "4", Source: "arn:aws:sqs:us-east-1:111122223333:jobs", State: "Disabled"}}
		}, 5, "version 4 is used by event source mapping of arn:aws:sqs:us-east-1:111122223333:jobs (Disabled) by its number",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `4 shared ""`, `beta 2 "" map[]`, `live 1 "kept" map[]`}},
		"a caller by number": {[]string{"--delete-unused-versions"}, func(f *awssim.Function) {
			f.Policies = map[string]string{"4": `{"Version":"2012-10-17","Statement":[]}`}
		}, 5, "version 4 has a policy of its own",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `4 shared ""`, `beta 2 "" map[]`, `live 1 "kept" map[]`}},
		"nothing": {[]string{"--delete-unused-versions"}, func(*awssim.Function) {}, 0, "3 done, 0 refused",
			[]string{`$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `beta 2 "" map[]`, `live 1 "kept" map[]`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMove(t)
			if c.args[0] == "--delete-unused-versions" { // one that nothing uses
				b.edit("orders", func(f *awssim.Function) {
					idle := f.Configuration
					idle.Version = "4"
					f.Versions = append(f.Versions, &idle)
				})
			}
			b.planMove(c.args...)
			b.edit("orders", c.before)
			if out := b.must(c.exit, "fix", "apply", "plan.json", "--yes", "--accept-irreversible"); !strings.Contains(out, c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, out)
			}
			b.wantOrders("applied", c.want...)
		})
	}
}

// A version that the plan published and that somebody else has begun to use is
// not deleted by rolling back; the aliases go back all the same.
func TestPublishedVersionInUse(t *testing.T) {
	t.Parallel()
	b := newMove(t)
	b.planMove("--move-alias", "beta")
	b.must(0, "fix", "apply", "plan.json", "--yes")
	b.edit("orders", func(f *awssim.Function) { f.Aliases[1].Version = "3" })
	out := b.must(5, "fix", "rollback", b.listed()[0].ID, "--yes")
	if !strings.Contains(out, "version 3 is used by alias live") {
		t.Errorf("it does not say why:\n%s", out)
	}
	b.wantOrders("rolled back", `$LATEST orders ""`, `1 shared ""`, `2 shared "build 2"`, `3 orders "build 2 (own role, by surety)"`, `beta 2 "" map[]`, `live 3 "kept" map[]`)
}

// Answers that are lost on the way publish no second version.
func TestMoveThrottledAndLost(t *testing.T) {
	t.Parallel()
	for _, api := range []string{"PublishVersion", "UpdateAlias"} {
		for _, kind := range []awssim.Kind{awssim.Throttle, awssim.Reset, awssim.ServerError, awssim.Truncated} {
			t.Run(api+"/"+string(kind), func(t *testing.T) {
				t.Parallel()
				b := newMove(t)
				b.planMove("--move-aliases")
				if err := b.sim.Break(awssim.Fault{Kind: kind, API: api, Times: 1}); err != nil {
					t.Fatal(err)
				}
				b.must(0, "fix", "apply", "plan.json", "--yes")
				b.wantOrders("applied", moved()...)
			})
		}
	}
}

// What may not be read is said, and nothing is deleted for want of it.
func TestMoveUnread(t *testing.T) {
	t.Parallel()
	const users = "versions 1 and 2 keep a shared role, and who uses them could not be read: "
	for _, c := range []struct {
		fault awssim.Fault
		says  string
	}{
		{awssim.Fault{Kind: awssim.AccessDenied, API: "ListEventSourceMappings"}, "whether an event source mapping names it is not known: reading the event source mappings"},
		{awssim.Fault{Kind: awssim.WrongContent, API: "ListEventSourceMappings", Body: "{}"}, "reading the event source mappings: the answer holds no list"},
		{awssim.Fault{Kind: awssim.AccessDenied, API: "GetPolicy"}, "whether somebody may call version 1 by its number is not known"},
		{awssim.Fault{Kind: awssim.HTMLNotFound, API: "GetPolicy"}, "whether somebody may call version 1 by its number is not known"},
		{awssim.Fault{Kind: awssim.AccessDenied, API: "ListAliases"}, users + "reading the aliases"},
		{awssim.Fault{Kind: awssim.EndlessPage, API: "ListAliases"}, users + "reading the aliases: the list repeats its marker"},
		{awssim.Fault{Kind: awssim.WrongContent, API: "ListAliases", Body: `{"Aliases":[{"Name":"a\u001b[2J\n$(id)","FunctionVersion":"1"}]}`}, users + `reading the aliases: the list names "a\x1b[2J\n$(id)", which cannot be one`},
		{awssim.Fault{Kind: awssim.WrongContent, API: "ListVersionsByFunction", Body: "{}"}, users + "reading the versions: the answer holds no list"},
	} {
		b := newMove(t, c.fault)
		b.edit("orders", func(f *awssim.Function) { f.Aliases = nil })
		if out := b.planMove("--delete-unused-versions"); !strings.Contains(out, c.says) || strings.Contains(out, "DeleteFunction") || strings.Contains(out, "\x1b") {
			t.Errorf("%s of %s: it does not say %q, or deletes:\n%s", c.fault.Kind, c.fault.API, c.says, out)
		}
	}
}

// Names that would write to a terminal are shown for what they are.
func TestMoveHostileNames(t *testing.T) {
	t.Parallel()
	b := newMove(t)
	const hostile = "\x1b[2J'; $(touch owned) \"${x}\"\nnot mended: nothing"
	b.edit("orders", func(f *awssim.Function) {
		f.Versions[1].Description = hostile
		f.Mappings = []*awssim.Mapping{{UUID: "u", Qualifier: "2", Source: hostile, State: hostile}}
	})
	out := b.planMove("--move-aliases")
	if strings.Contains(out, "\x1b") || strings.Contains(out, "\nnot mended: nothing") || !strings.Contains(out, "step 5: lambda:UpdateAlias") {
		t.Errorf("the plan writes what it should show:\n%s", out)
	}
	b.must(0, "fix", "apply", "plan.json", "--yes")
	if got := b.orders()[3]; got != fmt.Sprintf("3 orders %q", hostile+" (own role, by surety)") {
		t.Errorf("published: %s", got)
	}
}

// A role that a plan made keeps its permissions, whatever is rolled back, while
// something runs with it that the plan did not bring: a version published since,
// or another function. What cannot be read counts as something.
func TestRoleInUseStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		since func(*bench)
		says  string
	}{
		"a version published since": {func(b *bench) {
			b.edit("orders", func(f *awssim.Function) {
				release := f.Configuration
				release.Version = "3"
				f.Versions = append(f.Versions, &release)
				f.Aliases[1].Version = "3"
			})
		}, "it stays: version 3 of orders runs with this role"},
		"another function": {func(b *bench) {
			b.edit("shared", func(f *awssim.Function) { f.Role = "arn:aws:iam::111122223333:role/surety/orders" })
		}, "it stays: $LATEST of shared runs with this role"},
		"nobody knows": {func(b *bench) {
			if err := b.sim.Break(awssim.Fault{Kind: awssim.AccessDenied, API: "ListFunctions"}); err != nil {
				b.t.Fatal(err)
			}
		}, "it stays: whether anything runs with this role is not known: reading the functions: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMove(t)
			b.sim.Edit(func(w *awssim.World) {
				w.Accounts[0].Roles[0].Inline = []awssim.InlinePolicy{{Name: "p", Document: `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`}}
			})
			b.planMove()
			b.must(0, "fix", "apply", "plan.json", "--yes")
			c.since(b)
			if out := b.must(5, "fix", "rollback", b.listed()[0].ID, "--yes"); !strings.Contains(out, c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, out)
			}
			b.sim.Edit(func(w *awssim.World) {
				own := w.Accounts[0].Role("arn:aws:iam::111122223333:role/surety/orders")
				if own == nil || len(own.Inline) != 1 {
					t.Errorf("the role that is in use is now %+v", own)
				}
				if f := w.Function("111122223333", "us-east-1", "orders"); !strings.HasSuffix(f.Role, "/shared") {
					t.Errorf("the function itself was to go back, and has %s", f.Role)
				}
			})
		})
	}
}
