package actions_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surety/internal/plan"
	"surety/internal/resource"
	"surety/policy"
	"surety/services/iam"
	"surety/services/lambda"
	"surety/services/lambda/actions"
	"surety/services/lambda/actions/features"
)

// pretended is IAM and Lambda as a planner sees them.
type pretended struct {
	shared    *iam.Definition
	documents map[string]string
	usage     *iam.Usage
	has       features.Configuration
	asked     map[string]int
}

func (p *pretended) Find(_ context.Context, name string) (*iam.Definition, error) {
	if name == "shared" {
		return p.shared, nil
	}
	return nil, nil
}

func (p *pretended) Room(context.Context) (iam.Room, error) {
	return iam.Room{Roles: 10, Attached: 10}, nil
}

func (p *pretended) Document(_ context.Context, arn string) (string, error) {
	p.count(arn)
	return p.documents[arn], nil
}

func (p *pretended) Usage(_ context.Context, arn string) (*iam.Usage, error) {
	p.count(arn)
	if p.usage == nil {
		return nil, errors.New("not told")
	}
	return p.usage, nil
}

func (*pretended) Describe(*plan.Step) error { return nil }

func (p *pretended) Read(_ context.Context, fn *lambda.Function) (features.Configuration, error) {
	has := p.has
	has.ARN = fn.ARN
	return has, nil
}

func (p *pretended) count(what string) {
	if p.asked == nil {
		p.asked = map[string]int{}
	}
	p.asked[what]++
}

// sharing are functions of one role; the first one's name is the role's.
func sharing(region string, names ...string) (all []*lambda.Function, failing []resource.ID) {
	for _, name := range names {
		fn := &lambda.Function{ARN: "arn:aws:lambda:" + region + ":" + account + ":function:" + name, Name: name, Account: account, Region: resource.Region(region),
			Versions: []lambda.Version{{Qualifier: lambda.Latest, Role: "arn:aws:iam::" + account + ":role/shared"}}}
		all, failing = append(all, fn), append(failing, fn.Ref().ID)
	}
	return all, failing
}

// planned returns the role that a plan makes for the second of two functions, and
// the step that gives it to the function.
func planned(t interface{ Fatalf(string, ...any) }, p *pretended, split actions.Split, region string) (*iam.Definition, plan.Step, string) {
	split.Roles, split.Functions = p, p
	all, failing := sharing(region, "shared", "f")
	steps, refused, err := split.PlanRoles(context.Background(), all, failing)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(refused) > 0 {
		return nil, plan.Step{}, refused[0].Why
	}
	var role *iam.Definition
	if err := json.Unmarshal(steps[len(steps)-2].After, &role); err != nil {
		t.Fatalf("%v", err)
	}
	return role, steps[len(steps)-1], ""
}

const attached = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

// basics are documents of AWS: IAM user guide, AWS managed policy reference.
func basics() map[string]string {
	return map[string]string{
		attached: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`,
		"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole":  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`,
		"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole": `{"Version":"2012-10-17","Statement":[{"Sid":"VPC","Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface","ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface","ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Resource":"*"}]}`,
	}
}

// What stays on each ground, and what is said of it.
func TestStrategies(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	usage := func(made int) *iam.Usage {
		return &iam.Usage{Made: now.AddDate(0, 0, -made), Asked: now, Services: map[string]iam.ServiceUsage{"ses": {}, "sns": {Last: now}}}
	}
	mail := `{"Version":"2012-10-17","Statement":[{"Sid":"M","Effect":"Allow","Action":"ses:SendEmail","Resource":"*"},{"Sid":"N","Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}`
	everything := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	for _, c := range []struct {
		name     string
		p        pretended
		split    actions.Split
		region   string
		attached []string
		inline   []string
		lost     []string
		say      string // in a warning, or the refusal
	}{
		{name: "unused goes", p: pretended{shared: &iam.Definition{Inline: map[string]string{"mail": mail}, Attached: []string{attached}}, usage: usage(400)},
			split: actions.Split{Strategy: actions.Least}, attached: []string{attached}, inline: []string{"mail"}, lost: []string{"ses:SendEmail on any resource (policy mail, statement M)"}, say: "the union of all who have it"},
		{name: "a young role", p: pretended{shared: &iam.Definition{Inline: map[string]string{"mail": mail}}, usage: usage(80)},
			split: actions.Split{Strategy: actions.Least}, inline: []string{"mail"}, say: "the shared role was made on 2026-09-03"},
		{name: "a region that is not known to be tracked", p: pretended{shared: &iam.Definition{Inline: map[string]string{"mail": mail}}, usage: usage(400)},
			split: actions.Split{Strategy: actions.Least}, region: "xx-new-1", inline: []string{"mail"}, say: "not known since when IAM records what is used in xx-new-1"},
		{name: "everything may be in use", p: pretended{shared: &iam.Definition{Inline: map[string]string{"all": everything}}, usage: usage(400)},
			split: actions.Split{Strategy: actions.Least}, inline: []string{"all"}, say: "no statement of the shared role is shown unused"},
		{name: "no data", p: pretended{shared: &iam.Definition{Inline: map[string]string{"mail": mail}}},
			split: actions.Split{Strategy: actions.Least}, say: "what of the shared role is unused is not known: not told; --without-usage-data plans without"},
		{name: "a policy that is gone", p: pretended{shared: &iam.Definition{Attached: []string{"arn:aws:iam::1:policy/gone"}}, usage: usage(400)},
			split: actions.Split{Strategy: actions.Least}, say: "policy gone of the shared role: reading an identity policy"},
		{name: "AWS's policy where everything is allowed", p: pretended{shared: &iam.Definition{Inline: map[string]string{"all": everything}}},
			split: actions.Split{Strategy: actions.Managed}, attached: []string{attached}, inline: []string{"surety-called-for"},
			lost: []string{"* on any resource, beyond what stays (policy all, statement 1)"}, say: "risk: AWS's policies"},
		{name: "one of AWS's policies holds the other", p: pretended{shared: &iam.Definition{Inline: map[string]string{"all": everything}}, has: features.Configuration{VPC: true}},
			split: actions.Split{Strategy: actions.Managed}, attached: []string{"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}, inline: []string{"surety-called-for"},
			lost: []string{"* on any resource, beyond what stays (policy all, statement 1)"}},
		{name: "a name that is taken", p: pretended{shared: &iam.Definition{Inline: map[string]string{"surety-called-for": `{"Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}`, "x": everything}}},
			split: actions.Split{Strategy: actions.Least, WithoutUsage: true}, inline: []string{"surety-called-for", "surety-called-for-2"},
			lost: []string{"* on any resource, beyond what stays (policy x, statement 1)"}, say: "risk: planned without last accessed data"},
		{name: "a source of tomorrow", p: pretended{shared: &iam.Definition{Inline: map[string]string{"all": everything}}, has: features.Configuration{Sources: []features.Source{{ARN: "arn:aws:new:::x"}}}},
			split: actions.Split{Strategy: actions.Managed}, say: "use --strategy clone"},
		{name: "too long for a role", p: pretended{shared: &iam.Definition{Attached: []string{"arn:aws:iam::1:policy/long"}}, usage: usage(400),
			documents: map[string]string{"arn:aws:iam::1:policy/long": `{"Statement":[{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"},{"Effect":"Allow","Action":"sns:Publish","Resource":"` + strings.Repeat("x", iam.MostInline) + `"}]}`}},
			split: actions.Split{Strategy: actions.Least}, say: "and 10240 are the most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.p.documents == nil {
				c.p.documents = basics()
			}
			if c.region == "" {
				c.region = "us-east-1"
			}
			role, last, why := planned(t, &c.p, c.split, c.region)
			if role == nil {
				if c.say == "" || !strings.Contains(why, c.say) {
					t.Errorf("refused: %q, want %q", why, c.say)
				}
				return
			}
			var inline []string
			for name := range role.Inline {
				inline = append(inline, name)
			}
			slices.Sort(inline)
			if d := cmp.Diff([][]string{c.attached, c.inline, c.lost}, [][]string{role.Attached, inline, last.Lost}); d != "" {
				t.Errorf("attached, inline, lost (-want +got):\n%s", d)
			}
			if said := strings.Join(last.Warnings, "\n"); !strings.Contains(said, c.say) {
				t.Errorf("it says\n%s\nwithout %q", said, c.say)
			}
		})
	}
}

// What many functions need is asked once.
func TestAskedOnce(t *testing.T) {
	p := &pretended{shared: &iam.Definition{Attached: []string{attached}}, documents: basics()}
	split := actions.Split{Roles: p, Functions: p, Strategy: actions.Least}
	all, failing := sharing("us-east-1", "shared", "f", "g", "h")
	_, refused, err := split.PlanRoles(t.Context(), all, failing)
	if err != nil || len(refused) != 3 {
		t.Fatalf("%d refused, %v", len(refused), err)
	}
	if d := cmp.Diff(map[string]int{attached: 1, "arn:aws:iam::" + account + ":role/shared": 1}, p.asked); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
}

// Lambda@Edge is let in where there are replicas, and then the trust is not pinned.
func TestTrust(t *testing.T) {
	p := &pretended{shared: &iam.Definition{}}
	for _, c := range []struct {
		pin, edge bool
		want, say string
	}{
		{false, false, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, ""},
		{true, false, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:lambda:us-east-1:111122223333:function:f","arn:aws:lambda:us-east-1:111122223333:function:f:*"]},"StringEquals":{"aws:SourceAccount":"111122223333"}}}]}`, "AWS does not document"},
		{true, true, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","edgelambda.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`, "the trust is not pinned"},
	} {
		all, failing := sharing("us-east-1", "shared", "f")
		if c.edge {
			all = append(all, &lambda.Function{ARN: "arn:aws:lambda:eu-west-1:111122223333:function:us-east-1.f", Name: "us-east-1.f", MasterARN: all[1].ARN + ":3"})
		}
		steps, _, err := actions.Split{Roles: p, PinTrust: c.pin}.PlanRoles(t.Context(), all, failing)
		if err != nil {
			t.Fatal(err)
		}
		var role iam.Definition
		if err := json.Unmarshal(steps[0].After, &role); err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(steps[1].Warnings, "\n"); role.Trust != c.want || !strings.Contains(said, c.say) {
			t.Errorf("pinned %v, edge %v: %s\n%s", c.pin, c.edge, role.Trust, said)
		}
	}
}

// drawnPolicy is an identity policy of a few words that functions' policies use.
func drawnPolicy(t *rapid.T, label string) string {
	var all []string
	for i := range rapid.IntRange(1, 3).Draw(t, label+" statements") {
		at := fmt.Sprintf("%s %d ", label, i)
		pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, at+what) }
		all = append(all, fmt.Sprintf(`{"Effect":%q,%q:[%q,%q],%q:[%q]%s}`, pick("effect", "Allow", "Allow", "Allow", "Deny"),
			pick("action", "Action", "Action", "Action", "NotAction"), pick("one", "*", "logs:*", "logs:Put*", "sqs:*", "sqs:ReceiveMessage", "ses:SendEmail"), pick("two", "sns:Publish", "logs:CreateLogStream", "sqs:Delete*", "s3:*"),
			pick("resource", "Resource", "Resource", "Resource", "NotResource"), pick("on", "*", "arn:aws:logs:*:*:*", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*", "arn:aws:sqs:*:*:jobs", "arn:aws:sqs:us-east-1:111122223333:*"),
			pick("condition", "", "", `,"Condition":{"StringEquals":{"k":"v"}}`)))
	}
	return fmt.Sprintf(`{"Version":%q,"Statement":[%s]}`, rapid.SampledFrom([]string{"2012-10-17", "2008-10-17"}).Draw(t, label), strings.Join(all, ","))
}

// decide asks the evaluator about all policies of a role together.
func decide(t *rapid.T, role *iam.Definition, documents map[string]string, r policy.Request) policy.Outcome {
	texts := []string{}
	for _, text := range role.Inline {
		texts = append(texts, text)
	}
	for _, arn := range role.Attached {
		texts = append(texts, documents[arn])
	}
	outcome := policy.NoMatch
	for _, text := range texts {
		d, err := policy.Parse([]byte(strings.ReplaceAll(text, `"Effect"`, `"Principal":"*","Effect"`)))
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch policy.Evaluate(d, r).Outcome {
		case policy.Denied:
			return policy.Denied
		case policy.Allowed:
			outcome = policy.Allowed
		}
	}
	return outcome
}

// Whatever the shared role holds, a role made of it allows nothing that it does
// not; and what it loses without being in the list of what is lost is nothing.
func TestNoStrategyGains(t *testing.T) {
	var requests []policy.Request
	for _, action := range []string{"logs:PutLogEvents", "logs:CreateLogStream", "logs:CreateLogGroup", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:DeleteQueue", "ses:SendEmail", "sns:Publish", "s3:GetObject"} {
		for _, on := range []string{"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:s", "arn:aws:logs:eu-west-1:111122223333:log-group:x", "arn:aws:sqs:us-east-1:111122223333:jobs", "arn:aws:sqs:us-east-1:111122223333:other", "arn:aws:s3:::b"} {
			for _, k := range []string{"v", "w"} {
				requests = append(requests, policy.Request{Caller: policy.Caller{Type: policy.AnonymousCaller}, Action: action, Resource: on, Context: policy.Context{"k": policy.Text(k)}})
			}
		}
	}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	made, kept := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := &pretended{documents: basics(), shared: &iam.Definition{Inline: map[string]string{"one": drawnPolicy(t, "one")}, Attached: []string{"arn:aws:iam::1:policy/two"}},
			usage: &iam.Usage{Made: now.AddDate(-2, 0, 0), Asked: now, Services: map[string]iam.ServiceUsage{"ses": {}, "sns": {}, "s3": {}, "logs": {Last: now}}},
			has:   features.Configuration{Sources: []features.Source{{ARN: "arn:aws:sqs:us-east-1:111122223333:jobs"}}}}
		p.documents["arn:aws:iam::1:policy/two"] = drawnPolicy(t, "two")
		split := actions.Split{Strategy: rapid.SampledFrom([]actions.RoleStrategy{actions.Least, actions.Managed}).Draw(t, "strategy"), WithoutUsage: rapid.Bool().Draw(t, "blind")}
		role, last, why := planned(t, p, split, "us-east-1")
		if role == nil {
			t.Fatalf("refused: %s", why)
		}
		made++
		for _, r := range requests {
			before, after := decide(t, p.shared, p.documents, r), decide(t, role, p.documents, r)
			if after == policy.Allowed {
				kept++
			}
			if after == policy.Allowed && before != policy.Allowed {
				t.Fatalf("%s on %s is gained", r.Action, r.Resource)
			}
			if before == policy.Allowed && after != policy.Allowed && len(last.Lost) == 0 {
				t.Fatalf("%s on %s is lost without a word", r.Action, r.Resource)
			}
		}
	})
	if made == 0 || kept == 0 {
		t.Errorf("%d roles were made, which allow %d of the requests", made, kept)
	}
}
