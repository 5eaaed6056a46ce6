package prove

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"surety/policy"
)

// storable is the size of the largest policy that Lambda stores.
// Source: Lambda developer guide, quotas.
const storable = 20 << 10

// Hostile returns documents of about that size, built so that whoever decides
// them naively never ends, by name.
func Hostile() map[string]*policy.Document {
	all := map[string]*policy.Document{}
	add := func(name string, statement func(i int) string) {
		var statements []string
		for size := 0; size < storable; size += len(statements[len(statements)-1]) {
			statements = append(statements, statement(len(statements)))
		}
		doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
		if err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
		all[name] = doc
	}
	// one is a document of one Allow for everybody with very many values.
	one := func(name, operator, key string, value func(i int) string) {
		add(name, func(int) string { return with("Allow", operator, key, many(value)) })
	}
	one("stars in a row", "StringLike", "aws:PrincipalArn", func(i int) string { return strings.Repeat("*", 20) + fmt.Sprint(i) + strings.Repeat("*", 20) })
	one("overlapping stars", "StringLike", "aws:PrincipalArn", func(i int) string { return "*a*" + letters(i) + "*b*a*" + letters(i/2) + "*c*" })
	one("overlapping stars, negated", "StringNotLike", "aws:PrincipalArn", func(i int) string { return "*a*" + letters(i) + "*b*a*" + letters(i/2) + "*c*" })
	one("overlapping stars in ARNs", "ArnNotLike", "aws:SourceArn", func(i int) string { return "arn:*a*:*" + letters(i) + "*:*b*:*1*2*:*" + letters(i/3) + "*d*" })
	one("question marks", "StringNotLike", "aws:PrincipalArn", func(i int) string { return "*" + letters(i%50) + strings.Repeat("?", 40+i) })
	one("variables", "StringNotEquals", "aws:PrincipalArn", func(i int) string { return "${aws:PrincipalTag/" + letters(i) + "}${aws:username}" })
	one("variables of one key", "StringNotLike", "aws:PrincipalArn", func(i int) string { return "*${aws:PrincipalTag/a}*" + letters(i) + "${aws:userid}" })
	one("accounts", "StringNotEquals", "aws:PrincipalAccount", func(i int) string { return fmt.Sprintf("%012d", i*7919) })
	one("numbers", "NumericLessThan", "aws:PrincipalAccount", func(i int) string { return fmt.Sprintf("%d", i*123456789) })
	one("dates", "DateNotEquals", "aws:CurrentTime", func(i int) string { return fmt.Sprintf("20%02d-01-01T%02d:00:00Z", i%100, i%24) })
	one("ranges", "NotIpAddress", "aws:SourceIp", func(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/256, i%256) })
	one("paths", "ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", func(i int) string { return "o-*" + letters(i) + "*/r-*" + letters(i/2) + "/ou-*" + letters(i/3) + "*" })
	add("many principals", func(int) string {
		return fmt.Sprintf(`{"Effect":"Allow","NotPrincipal":{"AWS":%s},"Action":"lambda:*","Resource":"*"}`, many(func(i int) string { return fmt.Sprintf("%012d", i*7919) }))
	})
	add("many Allows", func(i int) string { return with("Allow", "StringEquals", "aws:PrincipalAccount", `"111122223333"`) })
	escape := func(i, keys int) string {
		return with("Deny", "StringLike", fmt.Sprintf("aws:PrincipalTag/k%d", i%keys), `"*`+letters(i)+`*"`)
	}
	add("Denies over free keys", func(i int) string {
		if i == 0 {
			return with("Allow", "StringLike", "aws:PrincipalArn", `"*"`)
		}
		return strings.Replace(escape(i, 12), `"Condition":{`, fmt.Sprintf(`"Condition":{"StringNotLike":{"aws:PrincipalTag/k%d":"*%s*"},`, (i+5)%12, letters(i/3)), 1)
	})
	add("Denies over one caller", func(i int) string {
		if i == 0 {
			return with("Allow", "StringLike", "aws:PrincipalArn", `"*"`)
		}
		return strings.Replace(with("Deny", "StringLike", "aws:PrincipalArn", `"*`+letters(i)+`*"`), `"Condition":{`, `"Condition":{"StringNotLike":{"aws:userid":"*`+letters(i/2)+`*"},`, 1)
	})
	add("many values at once", func(i int) string {
		if i == 0 {
			return with("Allow", "Null", "a:b", `"false"`)
		}
		return with("Deny", []string{"ForAnyValue:StringLike", "ForAllValues:StringNotLike", "StringLike"}[i%3], "a:b", `"*`+letters(i)+`*"`)
	})
	add("resources", func(i int) string {
		if i == 0 {
			return with("Allow", "Null", "a:b", `"true"`)
		}
		return fmt.Sprintf(`{"Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":%s}`, `"arn:aws:lambda:*:*:function:*`+letters(i)+`*a*`+letters(i/2)+`*"`)
	})
	long := strings.Repeat("*a", storable/2)
	one("one long text", "StringLike", "aws:PrincipalArn", func(int) string { return "arn:" + long })
	one("one long text with a variable", "StringLike", "aws:PrincipalArn", func(int) string { return "*${aws:PrincipalTag/a}*" + long })
	add("one long resource with variables", func(int) string {
		return fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*${aws:PrincipalTag/a}*${aws:PrincipalTag/b}z%s"}`, long)
	})
	add("tags in resources", func(int) string {
		return `{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":` + many(func(i int) string { return "*${aws:PrincipalTag/a}*" + strings.Repeat("*a", i) + "z" }) + `}`
	})
	add("Denies with tags in resources", func(i int) string {
		if i == 0 {
			return `{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}`
		}
		return fmt.Sprintf(`{"Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":"*${aws:PrincipalTag/k%d}*q${aws:PrincipalTag/b}*"}`, i)
	})
	return all
}

// with is a statement for everybody with one condition.
func with(effect, operator, key, values string) string {
	return fmt.Sprintf(`{"Effect":"%s","Principal":"*","Action":"lambda:*","Resource":"*","Condition":{"%s":{"%s":%s}}}`, effect, operator, key, values)
}

// many is a list of about as much text as a policy may hold.
func many(value func(i int) string) string {
	var texts []string
	for size := 0; size < storable; size += len(texts[len(texts)-1]) + 3 {
		texts = append(texts, value(len(texts)))
	}
	data, err := json.Marshal(texts)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// letters writes a number in letters.
func letters(n int) string {
	text := ""
	for ; n > 0 || text == ""; n /= 5 {
		text += string(rune('a' + n%5))
	}
	return text
}

func hostileQuestion() Question {
	return Question{Function: "arn:aws:lambda:us-east-1:111122223333:function:orders",
		Zone: Zone{Accounts: []string{"222233334444"}, Organizations: []string{"o-a1b2c3d4e5"}, Units: []string{"o-f0f0f0f0f0/r-ab12/"}}}
}

// What a proof spends is bounded whatever the document: counted, not timed. So is
// what it takes to say who loses when the document goes, or takes the place of one
// that lets everybody in.
func TestHostileDocumentsAreAnsweredWithinTheBounds(t *testing.T) {
	t.Parallel()
	everybody, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	all := Hostile()
	for name, doc := range all {
		for asked, documents := range map[string][2]*policy.Document{
			"open": {doc, nil}, "gone": {doc, {}}, "instead of everybody": {everybody, doc}, "instead of many Allows": {all["many Allows"], doc},
		} {
			t.Run(name+", "+asked, func(t *testing.T) {
				t.Parallel()
				p, err := newProof(hostileQuestion(), documents[0], documents[1])
				if err != nil {
					t.Fatal(err)
				}
				within(t, p)
			})
		}
	}
}

func within(t *testing.T, p *proof) {
	t.Helper()
	ask := p.outside
	if p.after != nil {
		ask = p.keeps
	}
	got := ask()
	// A bound may be overrun by one step, and a step by one document.
	if p.budget.work > 2*maxWork || p.budget.tests > 2*maxTests {
		t.Errorf("%d steps, %d comparisons", p.budget.work, p.budget.tests)
	}
	if got.Verdict == Undecided && !strings.HasPrefix(got.Why, "undecided: ") {
		t.Errorf("undecided without a word: %q", got.Why)
	}
	if p.budget.reason != "" && (got.Verdict == Pass || got.Verdict == Kept) {
		t.Errorf("%s, although %s", got.Verdict, p.budget.reason)
	}
}

// Spent returns what an answer takes: steps of automata, comparisons.
func Spent(doc *policy.Document, q Question) (steps, comparisons int, err error) {
	p, err := newProof(q, doc, nil)
	if err != nil {
		return 0, 0, err
	}
	p.outside()
	return p.budget.work, p.budget.tests, nil
}
