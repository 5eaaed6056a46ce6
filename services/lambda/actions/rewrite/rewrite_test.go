package rewrite_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"surety/policy"
	"surety/policy/prove"
	"surety/services/lambda/actions/rewrite"
)

const function = "arn:aws:lambda:us-east-1:123412341234:function:orders"

type testCase struct{ policy, order, want string }

func readCases(t *testing.T) map[string]*testCase {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/cases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]*testCase{}
	for _, f := range archive.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if cases[name] == nil {
			cases[name] = &testCase{}
		}
		text := strings.TrimSpace(string(f.Data))
		switch part {
		case "policy":
			cases[name].policy = text
		case "order":
			cases[name].order = text
		case "want":
			cases[name].want = text
		default:
			t.Fatalf("%s is no part of a case", f.Name)
		}
	}
	return cases
}

func readOrder(t *testing.T, text string) rewrite.Order {
	t.Helper()
	o := rewrite.Order{Question: prove.Question{Function: function}}
	z := &o.Question.Zone
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		word, value, _ := strings.Cut(lines.Text(), " ")
		into := map[string]*[]string{"account": &z.Accounts, "org": &z.Organizations, "unit": &z.Units, "principal": &z.Principals,
			"service": &z.Services, "cidr": &z.Networks.CIDRs, "vpc": &z.Networks.VPCs}[word]
		switch {
		case into != nil:
			*into = append(*into, value)
		case word == "strategy":
			o.Strategy = rewrite.Strategy(value)
		case word == "with":
			o.With = value
		case word == "qualifier":
			o.Question.Qualifier = value
		case word == "owner-org":
			o.Question.Organization = value
		default:
			t.Fatalf("%q is no order", lines.Text())
		}
	}
	return o
}

var hex = regexp.MustCompile(`-surety-[0-9a-f]{6}"`)

// told writes what became of a policy in the words of the cases.
func told(t *testing.T, s *rewrite.Stored, after string) string {
	t.Helper()
	if after == "" {
		return "nothing is left"
	}
	var doc struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(after), &doc); err != nil {
		t.Fatalf("%v in %s", err, after)
	}
	var lines []string
	for _, raw := range doc.Statement {
		line := hex.ReplaceAllString(string(raw), `-surety-HEX"`)
		for i, old := range s.Raw {
			var compacted any
			if json.Unmarshal(old, &compacted) == nil && sameJSON(string(old), string(raw)) {
				line = "= " + strconv.Itoa(i)
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// sameJSON compares but for white space: members and their order count.
func sameJSON(a, b string) bool {
	var one, two strings.Builder
	return compactInto(&one, a) == nil && compactInto(&two, b) == nil && one.String() == two.String()
}

func compactInto(b *strings.Builder, text string) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return err
		}
		said, _ := json.Marshal(token)
		b.Write(said)
	}
}

func TestCases(t *testing.T) {
	for name, c := range readCases(t) {
		t.Run(name, func(t *testing.T) {
			s, err := rewrite.Open(c.policy)
			if err != nil {
				t.Fatal(err)
			}
			order := readOrder(t, c.order)
			change, err := rewrite.Make(s, order)
			got := ""
			if err != nil {
				got = "refused: " + err.Error()
			} else {
				got = told(t, s, change.After)
			}
			if why, refused := strings.CutPrefix(c.want, "refused: "); refused {
				if !strings.HasPrefix(got, "refused: "+why) {
					t.Errorf("got %s\nwant %s", got, c.want)
				}
				return
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A change is refused in one line that names who loses, or what is not decided.
func TestKeepsRefuses(t *testing.T) {
	statement := func(sid, principal, condition string) string {
		return `{"Sid":"` + sid + `","Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{` + condition + `}}`
	}
	document := func(statements ...string) *policy.Document {
		doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	knot := `"StringEquals":{"custom:Key":"${aws:username}${aws:PrincipalTag/a}"},"StringLike":{"aws:username":"*a*","aws:PrincipalTag/a":"*b*"}`
	for _, c := range []struct {
		name          string
		before, after *policy.Document
		want          string
	}{
		{"kept", document(statement("p", partner, "")), document(statement("q", partner, "")), ""},
		{"lost", document(statement("s", stranger, ""), statement("p", partner, "")), document(),
			"arn:aws:iam::222233334444:role/a would lose access that it has and that is trusted (statement p): change the policy by hand, or narrow the trust zone"},
		{"not decided", document(statement("p", partner, knot)), document(statement("p", partner, `"StringLike":{"custom:Key":"*a*b*"}`)),
			"it is not proven that everybody who is trusted keeps access: undecided: "},
	} {
		err := rewrite.Keeps(c.before, c.after, prove.Question{Function: function, Zone: prove.Zone{Accounts: []string{partner}}})
		var why *rewrite.Refusal
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (!errors.As(err, &why) || !strings.HasPrefix(why.Why, c.want)):
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
