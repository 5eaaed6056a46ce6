package rule_test

import (
	"encoding/json"
	"testing"

	"surety/internal/resource"
	"surety/internal/rule"
)

func TestRisk(t *testing.T) {
	order := []string{"low", "medium", "high", "very-high", "extreme"}
	var before rule.RiskLevel
	for _, name := range order {
		level, err := rule.ParseRisk(name)
		if err != nil || level <= before || level.String() != name {
			t.Errorf("%s reads as %d, %q: %v", name, level, level, err)
		}
		before = level
		var again rule.RiskLevel
		raw, err := json.Marshal(level)
		if err != nil || string(raw) != `"`+name+`"` || json.Unmarshal(raw, &again) != nil || again != level {
			t.Errorf("%s is written %s and read %d: %v", name, raw, again, err)
		}
	}
	for _, bad := range []string{"", "High", "none"} {
		if _, err := rule.ParseRisk(bad); err == nil {
			t.Errorf("%q is taken for a risk level", bad)
		}
	}
	if got := rule.RiskLevel(99).String(); got != "" {
		t.Errorf("level 99 is %q", got)
	}
}

type thing struct{ name string }

func (th thing) Ref() resource.Ref { return resource.Ref{Name: th.name} }

func TestRule(t *testing.T) {
	r := rule.For(rule.Rule{ID: "Lambda-002", Name: "lambda-cross-account-access"}, func(_ rule.View, th thing) rule.Verdict {
		return rule.Verdict{Outcome: rule.Pass, Message: th.name}
	})
	for word, want := range map[string]bool{"Lambda-002": true, "lambda-cross-account-access": true, "lambda-002": false, "": false} {
		if r.Is(word) != want {
			t.Errorf("%q means the rule: %t", word, !want)
		}
	}
	if got := r.Judge(nil, thing{"a"}); got.Message != "a" {
		t.Errorf("judged %q", got.Message)
	}
}
