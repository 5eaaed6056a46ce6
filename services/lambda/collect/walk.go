package collect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
)

// The orders of calls within their quota: see [collect.Call].
const (
	orderFirst    = iota // lists; policies of functions and aliases
	orderAliases         // ListAliases; policies of versions that an alias points to
	orderVersions        // policies of the other versions, newest first
	orderURLs
	orderTags
)

// walk reads one region.
type walk struct {
	client client
	key    []byte
	ask    collect.Ask
	out    collect.Output

	functions map[resource.ID]*pending
	seen      int
	later     int             // policies of versions that wait for the function's aliases
	listed    bool            // no more functions will come
	whole     bool            // the list was read to its end
	pages     map[string]bool // markers that were followed
	followed  map[string]int  // how many, by list
	texts     map[string]string
	recording *recording // nil: AWS Config is not asked
}

// pending is a function that is not whole yet.
type pending struct {
	fn      *lambda.Function
	open    int             // calls that will still fill it
	aliased bool            // its aliases are known, lost or not wanted
	targets map[string]bool // versions that an alias points to
	asked   bool            // for its URLs
}

func newWalk(c client, key []byte, ask collect.Ask, out collect.Output) *walk {
	return &walk{client: c, key: key, ask: ask, out: out,
		functions: map[resource.ID]*pending{}, pages: map[string]bool{}, followed: map[string]int{}, texts: map[string]string{}}
}

// Begin implements [collect.Walk]. The list is read whatever was asked for:
// everything else hangs on it.
func (w *walk) Begin() []collect.Call {
	return []collect.Call{{Facet: lambda.FacetList, Bucket: lambda.BucketRemainder, Order: orderFirst}}
}

// Later implements [collect.Walk].
func (w *walk) Later() map[resource.Bucket]int {
	return map[resource.Bucket]int{lambda.BucketPolicy: w.later, lambda.BucketRecorder: w.recording.later()}
}

// Seen implements [collect.Walk].
func (w *walk) Seen() int { return w.seen }

// Take implements [collect.Walk].
func (w *walk) Take(c collect.Call, got any) ([]collect.Call, error) {
	a := got.(*answer)
	switch c.Facet {
	case lambda.FacetList:
		return w.takeFunctions(c, a)
	case lambda.FacetRecorded:
		return w.takeItems(c, a), nil
	}
	p := w.functions[c.Resource]
	var calls []collect.Call
	var err error
	switch c.Facet {
	case lambda.FacetAliases:
		calls, err = w.takeAliases(p, c, a)
	case lambda.FacetPolicy:
		calls = w.takePolicy(p, c, a)
	case lambda.FacetURL:
		p.fn.URLs = append(p.fn.URLs, a.URLs...)
		calls, err = w.nextPage(c, a.Next)
	case lambda.FacetTags:
		p.fn.Tags = a.Tags
	}
	w.account(p, calls)
	return calls, err
}

// Lost implements [collect.Walk].
func (w *walk) Lost(c collect.Call, why collect.Fault) []collect.Call {
	switch c.Facet {
	case lambda.FacetList:
		w.listed = true
		w.sweep()
		return w.askRecorder()
	case lambda.FacetRecorded:
		return w.loseItems(c, why)
	}
	p := w.functions[c.Resource]
	var calls []collect.Call
	if c.Facet == lambda.FacetAliases {
		calls = w.aliasesKnown(p)
	}
	w.account(p, calls)
	return calls
}

// Finish implements [collect.Walk]. When every call was taken or lost, every
// function is out already.
func (w *walk) Finish() {
	w.listed = true
	for _, p := range w.functions {
		p.open = 0
	}
	w.sweep()
	if r := w.recording; r != nil && r.told.Taken+r.told.Direct > 0 {
		w.out.Recorded(r.told)
	}
}

// meet makes a function of its first entry. Its strings share one ARN.
func (w *walk) meet(id resource.ID, e entry) *pending {
	w.seen++
	arn := strings.Clone(string(id))
	p := &pending{fn: &lambda.Function{
		ARN: arn, Name: arn[strings.LastIndexByte(arn, ':')+1:], Account: w.ask.Account, Region: w.ask.Region, MasterARN: e.MasterARN,
	}}
	w.functions[resource.ID(arn)] = p
	return p
}

// begin returns the calls that fill a function. A replica has none: it is
// judged by its master, which another region's list holds.
func (w *walk) begin(p *pending) []collect.Call {
	p.aliased = true
	id := resource.ID(p.fn.ARN)
	if p.fn.Replica() || !w.ask.Wants(id) {
		return nil
	}
	var calls []collect.Call
	switch {
	case !w.ask.Facet(lambda.FacetPolicy):
	case w.recording.waits(id):
		p.open++
	default:
		calls = append(calls, policyCall(id, "", orderFirst, 0))
	}
	if w.ask.Facet(lambda.FacetAliases) && w.ask.Qualifiers != collect.NoQualifiers {
		p.aliased = false
		calls = append(calls, collect.Call{Facet: lambda.FacetAliases, Bucket: lambda.BucketRemainder, Resource: id, Order: orderAliases})
	}
	if w.ask.Facet(lambda.FacetTags) {
		calls = append(calls, collect.Call{Facet: lambda.FacetTags, Bucket: lambda.BucketRemainder, Resource: id, Order: orderTags})
	}
	p.open += len(calls)
	return calls
}

// readsVersions holds when the policies of p's versions are wanted.
func (w *walk) readsVersions(p *pending) bool {
	return w.ask.Facet(lambda.FacetPolicy) && w.ask.Qualifiers == collect.AllQualifiers &&
		!p.fn.Replica() && w.ask.Wants(resource.ID(p.fn.ARN))
}

// mostPages ends a list that never does: a million versions fit in.
const mostPages = 20000

// nextPage returns the call for the page after c, unless the list would never
// end.
func (w *walk) nextPage(c collect.Call, next string) ([]collect.Call, error) {
	if next == "" {
		return nil, nil
	}
	list := string(c.Facet) + " " + string(c.Resource)
	if next == c.Page || w.pages[list+" "+next] {
		return nil, collect.Malformed("the list repeats its marker and would never end; what came before it is kept")
	}
	if w.followed[list]++; w.followed[list] > mostPages {
		return nil, collect.Malformed("the list has no end; what was read of it is kept")
	}
	w.pages[list+" "+next] = true
	c.Page = next
	return []collect.Call{c}, nil
}

// account closes one call of a function and opens those that follow from it.
func (w *walk) account(p *pending, more []collect.Call) {
	p.open += len(more) - 1
	w.release(p)
}

// sweep hands out every function that nothing more will fill.
func (w *walk) sweep() {
	for _, p := range w.functions {
		w.release(p)
	}
}

// release hands out a function when it is whole.
func (w *walk) release(p *pending) {
	if p.open > 0 || !w.listed {
		return
	}
	fn := p.fn
	delete(w.functions, resource.ID(fn.ARN))
	if w.whole && !fn.Replica() && !slices.ContainsFunc(fn.Versions, func(v lambda.Version) bool { return v.Qualifier == lambda.Latest }) {
		w.out.Gap(resource.Gap{Resource: resource.ID(fn.ARN), Facet: lambda.FacetList, Code: resource.CodeMalformed,
			Reason: "the list shows published versions of it only, and not the function itself"})
	}
	slices.SortFunc(fn.Versions, func(a, b lambda.Version) int { return cmp.Compare(number(a), number(b)) })
	slices.SortFunc(fn.Aliases, func(a, b lambda.Alias) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(fn.Policies, func(a, b lambda.Policy) int { return strings.Compare(a.Qualifier, b.Qualifier) })
	slices.SortFunc(fn.URLs, func(a, b lambda.URL) int { return strings.Compare(a.Qualifier, b.Qualifier) })
	w.out.Found(fn)
}

// number orders versions; $LATEST is 0.
func number(v lambda.Version) uint64 {
	n, _ := strconv.ParseUint(v.Qualifier, 10, 64)
	return n
}

// intern keeps one copy of texts that many functions share.
func (w *walk) intern(s string) string {
	if kept, ok := w.texts[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	w.texts[s] = s
	return s
}
