package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"surety/internal/resource"
)

// members of trust in the order of the file, each with the key of its entries.
var trustMembers = [...]struct {
	kind partyKind
	key  string
}{
	{partyAccount, "id"}, {partyOrg, "id"}, {partyUnit, "path"}, {partyRole, "arn"}, {partyNetwork, ""},
}

// yaml writes the suggestion as a surety.yaml that our own parser takes.
func (s *suggested) yaml() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `# Whom the Lambda policies of account %s let in, as read on %s.
# Whoever stands below is trusted once this file is ./surety.yaml: delete whom
# you do not expect, and give every other entry an owner and a reason.
version: 1
trust:
`, s.header.Account, s.header.Started.UTC().Format(time.DateOnly))
	fmt.Fprintf(&b, "  organization: false  # true trusts every account of your own organisation%s\n", inParentheses(s.header.Organization))
	for _, m := range trustMembers {
		s.member(&b, m.kind, m.key)
	}
	s.open(&b)
	return []byte(b.String())
}

func inParentheses(text string) string {
	if text == "" {
		return ""
	}
	return " (" + oneLine(text) + ")"
}

// member writes one list of entries, those that reach most functions first.
func (s *suggested) member(b *strings.Builder, kind partyKind, key string) {
	parties := s.of(kind)
	if len(parties) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s:\n", kind)
	for _, p := range parties {
		entry := p.value
		if key != "" {
			entry = key + ": " + strconv.Quote(p.value)
		}
		if name := s.profile.AccountName(resource.Account(p.value)); kind == partyAccount && name != "" {
			entry += ", name: " + strconv.Quote(oneLine(name))
		}
		fmt.Fprintf(b, "  - {%s, owner: \"\", reason: \"\"}  # %s\n", entry, s.reach(p))
	}
}

// open lists, as comments, those whom an entry would make trusted together with
// everybody else who comes the same way.
func (s *suggested) open(b *strings.Builder) {
	parties := slices.Concat(s.of(openEverybody), s.of(openService))
	if len(parties) == 0 {
		return
	}
	b.WriteString("\n# These say nothing of an account, so an entry for them would trust every stranger\n" +
		"# who comes the same way. Mend the policy wherever surety scan fails instead:\n")
	for _, p := range parties {
		what := p.value
		if p.kind == openService {
			what += ", for whichever account"
		}
		fmt.Fprintf(b, "#   %s: %s\n", oneLine(what), s.reach(p))
	}
}

// of returns the parties of a kind, those that reach most first.
func (s *suggested) of(kind partyKind) []party {
	found := slices.DeleteFunc(slices.Collect(maps.Keys(s.reaches)), func(p party) bool { return p.kind != kind })
	slices.SortFunc(found, func(a, b party) int {
		if d := len(s.reaches[b]) - len(s.reaches[a]); d != 0 {
			return d
		}
		return strings.Compare(a.value, b.value)
	})
	return found
}

// reach says how many functions a party reaches, and names the first few.
func (s *suggested) reach(p party) string {
	const most = 3
	names := slices.Sorted(maps.Keys(s.reaches[p]))
	text := count(len(names), "function") + ": "
	if len(names) <= most {
		return text + oneLine(strings.Join(names, ", "))
	}
	return text + oneLine(strings.Join(names[:most], ", ")) + fmt.Sprintf(" and %d more", len(names)-most)
}
