package actions_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
	"surety/internal/plan"
	"surety/services/lambda/actions"
)

// A version that was just published cannot always be called at once, as with
// SnapStart: it is waited for before an alias may point to it.
func TestPublishedVersionIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		want  string // part of the error; "" for none
	}{{0, ""}, {5 * time.Minute, ""}, {time.Hour, "still says that it is pending"}} {
		synctest.Test(t, func(t *testing.T) {
			world := &awssim.World{Accounts: []*awssim.Account{{ID: account, PublishDelay: c.delay, Regions: []*awssim.Region{{Name: "us-east-1", Functions: []*awssim.Function{
				{Name: "f", Configuration: awssim.Configuration{Role: "new"}, Versions: []*awssim.Configuration{{Version: "1", Role: "old"}}, Aliases: []*awssim.Alias{{Name: "live", Version: "1"}}},
			}}}}}}
			cfg := collecttest.Config(collecttest.Simulate(t, world, awssim.Options{}), account)
			cfg.Region = "us-east-1"
			latest, err := lambda.NewFromConfig(cfg).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("f")})
			if err != nil {
				t.Fatal(err)
			}
			actors, began := actions.New(cfg), time.Now()
			for i, s := range publication(*latest.CodeSha256) {
				if err := actors[s.Action].Describe(&s); err != nil {
					t.Fatal(err)
				}
				now, err := actors[s.Action].Read(t.Context(), s)
				if err != nil || !actors[s.Action].Same(now.Content, s.Before) || now.Held != "" {
					t.Fatalf("step %d, before: %s, held %q, %v", i+1, now.Content, now.Held, err)
				}
				err = actors[s.Action].Write(t.Context(), s, now.Revision)
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Fatalf("step %d, after %v: %v, want %q", i+1, c.delay, err, c.want)
				}
			}
			if took := time.Since(began); took < min(c.delay, 20*time.Minute) || c.delay == 0 && took > 0 {
				t.Errorf("it waited %v for a version that takes %v", took, c.delay)
			}
		})
	}
}

// publication are the steps that publish function f and move its alias.
func publication(code string) []plan.Step {
	version := `{"code":"` + code + `","role":"arn:aws:iam::` + account + `:role/new","description":"d","like":"1"}`
	return []plan.Step{
		versionStep(actions.VersionAction, "", `null`, version),
		versionStep(actions.AliasAction, "live", `{"version":"1"}`, `{"published":`+version+`}`),
	}
}

func versionStep(action, qualifier, before, after string) plan.Step {
	return plan.Step{Action: action, Resource: "arn:aws:lambda:us-east-1:" + account + ":function:f", Group: "f", Qualifier: qualifier,
		Before: json.RawMessage(before), After: json.RawMessage(after)}
}

// What is no change of a version or an alias is refused when it is described, and
// above all what would delete a function instead of a version.
func TestNoChangeOfVersions(t *testing.T) {
	actors := actions.New(collecttest.Config(collecttest.Simulate(t, &awssim.World{Accounts: []*awssim.Account{{ID: account}}}, awssim.Options{}), account))
	const version = `{"code":"c","role":"r"}`
	for _, s := range []plan.Step{
		versionStep(actions.VersionAction, "", `null`, `null`),
		versionStep(actions.VersionAction, "", `null`, version),
		versionStep(actions.VersionAction, "", version, `null`),
		versionStep(actions.VersionAction, "$LATEST", version, `null`),
		versionStep(actions.VersionAction, "live", version, `null`),
		versionStep(actions.VersionAction, "1", version, version),
		versionStep(actions.VersionAction, "1", `null`, version),
		versionStep(actions.VersionAction, "1", `3`, `null`),
		versionStep(actions.AliasAction, "", `{"version":"1"}`, `{"version":"2"}`),
		versionStep(actions.AliasAction, "live", `null`, `{"version":"2"}`),
		versionStep(actions.AliasAction, "live", `{"version":"1"}`, `null`),
		versionStep(actions.AliasAction, "live", `{"version":"1","weights":{"2":0.1}}`, `{"version":"2"}`),
		versionStep(actions.AliasAction, "live", `{"version":"1"}`, `{"version":"1","weights":{"2":0.1}}`),
		versionStep(actions.AliasAction, "live", `{"version":"1"}`, `"x"`),
	} {
		if err := actors[s.Action].Describe(&s); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %q from %s to %s: %v", s.Action, s.Qualifier, s.Before, s.After, err)
		}
		if actors[s.Action].Same(s.Before, s.After) && string(s.Before) != string(s.After) {
			t.Errorf("%s and %s are the same", s.Before, s.After)
		}
	}
}
