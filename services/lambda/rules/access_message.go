package rules

import (
	"fmt"
	"slices"
	"strings"

	"surety/internal/rule"
	"surety/services/lambda"
)

// teller puts grants into words.
type teller struct {
	rule.View
	fn    *lambda.Function
	alone bool // nobody but the owner is trusted
}

// mostTold is how many accesses a message names before it counts the rest.
const mostTold = 3

func (t teller) nobody() string {
	text := "nobody outside the trust zone may invoke it"
	if t.alone {
		text = fmt.Sprintf("nobody but account %s may invoke it; nobody else is trusted", t.fn.Account)
	}
	if left := t.leftOut(); left != "" {
		text += "; " + left
	}
	for _, d := range recorded(t.fn) {
		text += fmt.Sprintf("; %s is %s", policyName(t.fn, d.Qualifier), d)
	}
	return text
}

// leftOut says which policies the scan left out by choice.
func (t teller) leftOut() string {
	switch t.Qualifiers() {
	case "aliases":
		return "policies of versions were left out by choice"
	case "function":
		return "policies of aliases and versions were left out by choice"
	}
	return ""
}

// message names each access once, live ones before dormant ones.
func (t teller) message(grants []accessGrant) string {
	var told []string
	for _, dormant := range []bool{false, true} {
		for _, g := range grants {
			if g.Dormant == dormant {
				told = appendNew(told, t.sentence(g))
			}
		}
	}
	text := strings.Join(told[:min(len(told), mostTold)], "; ")
	if more := len(told) - mostTold; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	if t.alone {
		text += "; nobody else is trusted"
	}
	return text
}

func (t teller) sentence(g accessGrant) string {
	var text string
	switch {
	case g.Kind == "undecided":
		why := strings.TrimPrefix(strings.TrimSuffix(g.Why, "."), "undecided: ")
		text = fmt.Sprintf("%s may let somebody in: undecided, %s", statement(g.Statement, g.Sid), why)
	case networked(g):
		text = t.who(g) + " may invoke it from some networks"
	default:
		text = t.who(g) + " may invoke it"
	}
	if text = strings.TrimSpace(text + " " + t.detail(g)); g.Dormant {
		text += " (" + g.Why + ")"
	}
	if d := recordedOf(t.fn, g.Qualifier); d != nil {
		text += fmt.Sprintf(" (%s)", d)
	}
	return text
}

// causes groups checks by who may invoke; the detail is what is this function's
// own.
func (t teller) causes(grants []accessGrant) []rule.Cause {
	var causes []rule.Cause
	for _, g := range grants {
		text := t.who(g)
		switch {
		case g.Kind == "undecided":
			text = "undecided"
		case networked(g):
			text += ", from some networks"
		}
		detail := t.detail(g)
		if g.Dormant { // a column of the table has no room for the reason
			detail += " (dormant)"
		}
		if d := recordedOf(t.fn, g.Qualifier); d != nil {
			detail = strings.TrimSpace(detail + " " + d.brief())
		}
		i := slices.IndexFunc(causes, func(c rule.Cause) bool { return c.Text == text })
		switch {
		case i < 0:
			causes = append(causes, rule.Cause{Text: text, Detail: detail})
		case causes[i].Detail == "" || detail == "":
			causes[i].Detail = strings.TrimPrefix(causes[i].Detail+", "+detail, ", ")
		case !slices.Contains(strings.Split(causes[i].Detail, ", "), detail):
			causes[i].Detail += ", " + detail
		}
	}
	return causes
}

// detail says by which door, which qualifier, and whether that exists today.
func (t teller) detail(g accessGrant) string {
	var parts []string
	if g.Door == "url" {
		parts = append(parts, "by URL")
	}
	if q := calls(t.fn, g); q != "" {
		parts = append(parts, "by "+qualified(t.fn, q))
	}
	if ghost(t.fn, g) != "" {
		parts = append(parts, "(not there today)")
	}
	return strings.Join(parts, " ")
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
