package prove_test

import (
	"math/big"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"surety/policy"
)

// drawer makes requests of a space, steered by the texts of the document: its
// literals, its patterns filled in, and what nearly fits.
type drawer struct {
	*space
	*rand.Rand
	from   *policy.Document // whose texts steer
	text   string           // of the document
	spoken []string         // accounts in it
	rules  map[string]rule
	ctx    policy.Context
}

func newDrawer(s *space, seed uint64) *drawer {
	d := &drawer{space: s, Rand: rand.New(rand.NewPCG(seed, 1))}
	d.steer(s.doc)
	return d
}

// steer makes the texts of a document those to draw from.
func (d *drawer) steer(doc *policy.Document) {
	d.from, d.text = doc, doc.String()
	d.spoken = digits12.FindAllString(d.text, -1)
}

func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// fill turns a pattern into a text that it may match.
func (d *drawer) fill(text string) string {
	if d.from.Version == policy.Version2012 {
		text = variables.ReplaceAllStringFunc(text, func(v string) string {
			m := variables.FindStringSubmatch(v)
			if value := d.ctx[strings.ToLower(strings.TrimSpace(m[1]))]; len(value.Texts) == 1 {
				return value.Texts[0]
			}
			if _, rest, ok := strings.Cut(v, "'"); ok {
				return strings.TrimRight(rest, "'} ")
			}
			return pick(d.Rand, "a", "x", "", "prod", foreignAccount)
		})
		text = strings.NewReplacer("${*}", "\x00", "${?}", "\x01", "${$}", "$").Replace(text)
	}
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '*':
			b.WriteString(pick(d.Rand, "", "", "x", "aws", "a", "b", ":", "/", "x/", "x:"+trustedAccount+":role/", foreignAccount, d.region, "1234567890", "*", "iam"))
		case '?':
			b.WriteString(pick(d.Rand, "0", "4", "a", "x", ":", "7"))
		case 0:
			b.WriteByte('*')
		case 1:
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// texts returns the values that the document compares a key with, and the keys
// that hold it as a variable.
func (d *drawer) texts(key string) []string {
	var all []string
	for _, st := range d.from.Statements {
		for _, c := range st.Conditions {
			if strings.EqualFold(c.Key, key) {
				all = append(all, c.Values...)
			}
		}
	}
	return all
}

// candidate returns a text to try for a key.
func (d *drawer) candidate(key string) string {
	texts := d.texts(key)
	if len(texts) == 0 || d.IntN(10) == 0 {
		return pick(d.Rand, "a", "", "true", "x:y", "*", "5", "vpc-1", "203.0.113.9", "2001:db8::5", "athena.amazonaws.com", foreignAccount)
	}
	text := d.fill(pick(d.Rand, texts...))
	if p, err := netip.ParsePrefix(text); err == nil {
		return pick(d.Rand, p.Addr(), p.Addr().Prev(), p.Masked().Addr(), p.Addr().Next()).String()
	}
	if n, ok := policy.ParseNumber(text); ok && d.IntN(2) == 0 {
		return new(big.Rat).Add(n, pick(d.Rand, big.NewRat(1, 2), big.NewRat(-1, 1), big.NewRat(1, 1), new(big.Rat))).FloatString(2)
	}
	switch d.IntN(8) {
	case 0:
		return text + pick(d.Rand, "x", "0", ":x", "/")
	case 1:
		if text != "" {
			return text[1:]
		}
	case 2:
		return strings.ToUpper(text)
	case 3:
		if text != "" {
			return text[:len(text)-1]
		}
	}
	return text
}

var digits12 = regexp.MustCompile(`[0-9]{12}`)

// account returns an account that the document names or nearly names.
func (d *drawer) account() string {
	for range 3 {
		if len(d.spoken) > 0 && d.IntN(3) > 0 {
			return pick(d.Rand, d.spoken...)
		}
		for _, key := range []string{"aws:principalaccount", "aws:sourceaccount"} {
			if text := d.candidate(key); twelve.MatchString(text) {
				return text
			}
		}
	}
	return pick(d.Rand, foreignAccount, trustedAccount, d.owner, "222233334448", "000000000000", "777788889999")
}

// request makes one request and what stands behind it.
func (d *drawer) request() (policy.Request, source) {
	d.ctx = policy.Context{}
	r := policy.Request{Action: pick(d.Rand, "lambda:InvokeFunction", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync"), Context: d.ctx}
	d.clock()
	r.Caller = d.whoever()
	if r.Caller.Type == policy.AnonymousCaller && r.Action == "lambda:InvokeAsync" {
		r.Action = "lambda:InvokeFunctionUrl"
	}
	src := source{account: d.account(), path: d.path()}
	rules, err := d.caller(r)
	if err != nil {
		panic(err)
	}
	d.rules = rules
	if r.Caller.Type != policy.ServiceCaller {
		d.ctx["aws:principalaccount"] = policy.Text("anonymous")
		if r.Caller.Type == policy.IAMCaller {
			d.ctx["aws:principalaccount"] = policy.Text(r.Caller.Account)
		}
	}
	if path := d.path(); r.Caller.Type == policy.IAMCaller && path != "" {
		org, _, _ := strings.Cut(path, "/")
		d.put("aws:principalorgid", policy.Text(org))
		d.put("aws:principalorgpaths", policy.List(path))
	}
	d.behind(r, src)
	d.network()
	named := make([]string, 0, len(d.named))
	for key := range d.named {
		named = append(named, key)
	}
	slices.Sort(named)
	d.Shuffle(len(named), func(i, j int) { named[i], named[j] = named[j], named[i] })
	for _, key := range named {
		if !settled(key) {
			d.choose(r, key)
		}
	}
	r.Resource = d.resource()
	return r, src
}

// put sets a key that the document names.
func (d *drawer) put(key string, v policy.Value) {
	if d.named[key] {
		d.ctx[key] = v
	}
}

// settled reports whether a key depends on others and is set with them.
func settled(key string) bool {
	switch key {
	case "aws:currenttime", "aws:epochtime", "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalorgid", "aws:principalorgpaths",
		"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip":
		return true
	}
	return false
}

// choose sets a key that depends on no other but the caller and the action.
func (d *drawer) choose(r policy.Request, key string) {
	rule := d.rule(r, d.rules, key)
	if _, there := d.ctx[key]; there || rule.never || !rule.must && d.IntN(4) == 0 {
		return
	}
	if strings.HasPrefix(key, "aws:calledvia") {
		if v, ok := d.ctx["aws:viaawsservice"]; ok && v.Texts[0] != "true" {
			return
		}
		d.put("aws:viaawsservice", policy.Text("true"))
	}
	text := d.fitting(r, key, rule)
	if text == nil {
		return
	}
	v := policy.Value{Texts: text[:1], List: rule.list}
	if rule.list || rule.many && d.IntN(3) == 0 {
		v = policy.List(text[:1+d.IntN(len(text))]...)
		if key == "aws:principalservicenameslist" {
			v = policy.List(text[0])
		}
	}
	d.ctx[key] = v
}

// fitting returns texts that the rule of a key takes.
func (d *drawer) fitting(r policy.Request, key string, rule rule) []string {
	var texts []string
	fits := func(text string) {
		if rule.fits == nil || rule.fits(text) {
			texts = append(texts, text)
		}
	}
	for range 6 {
		fits(d.candidate(key))
	}
	if rule.must || len(texts) == 0 {
		for _, text := range []string{r.Caller.Account, r.Caller.ARN, r.Caller.Service, "true", "false", "Account", "User", "AssumedRole", "FederatedUser", "Anonymous", "anonymous",
			d.region, d.owner, d.q.Organization, "NONE", "AWS_IAM", d.q.Function, "AIDAEXAMPLEEXAMPLE123", "AROAEXAMPLEEXAMPLE123:" + after(r.Caller.Session), after(r.Caller.ARN),
			r.Caller.Account + ":" + after(r.Caller.ARN), "arn:" + d.partition + ":lambda:" + d.region + ":" + r.Caller.Account + ":function:f"} {
			fits(text)
		}
	}
	return texts
}

func after(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func (d *drawer) resource() string {
	f := d.q.Function
	if d.q.Qualifier != "" {
		return f + ":" + d.q.Qualifier
	}
	var texts []string
	for _, st := range d.from.Statements {
		texts = append(texts, st.Resources.Texts...)
	}
	for range 3 {
		if q, ok := strings.CutPrefix(d.fill(pick(d.Rand, texts...)), f+":"); ok && qualifier.MatchString(q) && d.IntN(2) == 0 {
			return f + ":" + q
		}
	}
	return pick(d.Rand, f, f, f, f+":prod", f+":7", f+":x", f+":$LATEST", f+":pq")
}

// clock sets one instant in both its spellings.
func (d *drawer) clock() {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	if texts := append(d.texts("aws:currenttime"), d.texts("aws:epochtime")...); len(texts) > 0 {
		if n, ok := policy.ParseTime(pick(d.Rand, texts...), true); ok {
			seconds, _ := n.Float64()
			step := pick(d.Rand, 0, 0, time.Second, -time.Second, 250*time.Millisecond, 48*time.Hour)
			if seconds > -9e9 && seconds < 9e9 { // within the range of nanoseconds
				at = time.Unix(int64(seconds), int64((seconds-float64(int64(seconds)))*1e9)).Add(step).UTC()
			}
		}
	}
	if at.Before(d.q.Now) {
		at = d.q.Now
	}
	d.put("aws:currenttime", policy.Text(at.Format("2006-01-02T15:04:05.999999999Z")))
	d.put("aws:epochtime", policy.Text(new(big.Rat).SetFrac64(at.UnixNano(), 1e9).FloatString(9)))
}

// network sets an address, or keys of a VPC, or neither.
func (d *drawer) network() {
	switch d.IntN(3) {
	case 0:
		if text := d.candidate("aws:sourceip"); isAddress(text) {
			d.put("aws:sourceip", policy.Text(text))
		} else {
			d.put("aws:sourceip", policy.Text(pick(d.Rand, "203.0.113.9", "192.0.2.1", "2001:db8::1")))
		}
	case 1:
		for _, key := range []string{"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"} {
			if text := d.candidate(key); d.IntN(4) > 0 && said(text) && (key != "aws:vpcsourceip" || isAddress(text)) {
				d.put(key, policy.Text(text))
			}
		}
	}
}
