package collect

import (
	"maps"
	"slices"
	"strings"
	"time"

	"surety/internal/collect"
	"surety/internal/inventory"
	"surety/internal/resource"
	"surety/services/lambda"
)

// recording is how a walk stands with AWS Config. Functions wait until there are
// enough for a call; the answer of the first tells whether there is any use in a
// second.
type recording struct {
	recorder
	stage   stage
	waiting []resource.ID            // in the order of the list
	asked   map[string][]resource.ID // calls that are open, by filter
	told    inventory.Recorded
}

type stage uint8

const (
	untried stage = iota
	trying        // the first call is out
	answers       // its items carry policies
	given         // up: everything is read from Lambda
)

// waits reports whether a function's policy is asked of Config first.
func (r *recording) waits(id resource.ID) bool {
	switch {
	case r == nil:
		return false
	case r.stage == given:
		r.told.Direct++
		return false
	}
	r.waiting = append(r.waiting, id)
	return true
}

// later counts the calls that will follow for those that wait.
func (r *recording) later() int {
	if r == nil {
		return 0
	}
	return (len(r.waiting) + mostNames - 1) / mostNames
}

// askRecorder returns what is to be asked now for the functions that wait: calls
// of Config, or of Lambda once Config was given up.
func (w *walk) askRecorder() []collect.Call {
	r := w.recording
	if r == nil {
		return nil
	}
	if r.stage == given {
		rest := r.waiting
		r.waiting = nil
		return r.directly(rest)
	}
	var calls []collect.Call
	for r.stage != trying && len(r.waiting) > 0 && (len(r.waiting) >= mostNames || w.listed) {
		n := min(len(r.waiting), mostNames)
		calls = append(calls, r.call(r.waiting[:n:n]))
		r.waiting = r.waiting[n:]
		if r.stage == untried {
			r.stage = trying
		}
	}
	return calls
}

func (r *recording) call(ids []resource.ID) collect.Call {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = nameOf(id)
	}
	c := collect.Call{Facet: lambda.FacetRecorded, Bucket: lambda.BucketRecorder, Filter: strings.Join(names, " "), Spare: true}
	r.asked[c.Filter] = ids
	return c
}

// directly reads policies from Lambda after all.
func (r *recording) directly(ids []resource.ID) []collect.Call {
	r.told.Direct += len(ids)
	calls := make([]collect.Call, len(ids))
	for i, id := range ids {
		calls[i] = policyCall(id, "", orderFirst, 0)
	}
	return calls
}

// giveUp ends asking; the first reason counts.
func (r *recording) giveUp(code, reason string) {
	if r.stage != given {
		r.stage, r.told.Code, r.told.Reason = given, code, reason
	}
}

// takeItems uses what Config answered: each function gets its policy from the
// item, or a read of its own.
func (w *walk) takeItems(c collect.Call, a *answer) []collect.Call {
	r := w.recording
	ids := r.asked[c.Filter]
	delete(r.asked, c.Filter)
	if r.stage == trying {
		r.judge(a.Items)
	}
	items := byARN(a.Items)
	var calls []collect.Call
	for _, id := range ids {
		p, found := w.functions[id], items[string(id)]
		more := []collect.Call{policyCall(id, "", orderFirst, 0)}
		if w.stands(p.fn, found) {
			r.told.Taken++
			more = w.takePolicy(p, more[0], &answer{Policy: &lambda.Policy{Text: found.Policy, RevisionID: found.Revision, Recorded: found.Captured}})
		} else {
			r.told.Direct++
		}
		w.account(p, more)
		calls = append(calls, more...)
	}
	return append(calls, w.askRecorder()...)
}

// judge looks whether the first answer is worth a second call.
func (r *recording) judge(items []item) {
	r.stage = answers
	switch {
	case len(items) == 0:
		r.giveUp(inventory.CodeNotRecorded, "AWS Config holds none of the first functions: does its recorder record AWS::Lambda::Function?")
	case !slices.ContainsFunc(items, func(i item) bool { return i.Policy != "" }):
		r.giveUp(inventory.CodeNotCarried, "none of the first configuration items carries a policy")
	}
}

// byARN finds items by function; one that comes twice is none.
func byARN(items []item) map[string]item {
	found, twice := map[string]item{}, map[string]bool{}
	for _, i := range items {
		_, again := found[i.ARN]
		twice[i.ARN] = again || twice[i.ARN]
		found[i.ARN] = i
	}
	maps.DeleteFunc(found, func(arn string, _ item) bool { return twice[arn] })
	return found
}

// clocksApart is how far the clocks of the scan and of Config may be apart, and
// how long a scan may take: an item of a later time is not believed.
const clocksApart = 24 * time.Hour

// stands reports whether an item may stand for the function's policy as it is
// now: it is of the function as the list shows it, and not too old. An item
// without a policy is not taken for a function without one, since Config does not
// promise that its items carry policies.
func (w *walk) stands(fn *lambda.Function, i item) bool {
	at := slices.IndexFunc(fn.Versions, func(v lambda.Version) bool { return v.Qualifier == lambda.Latest })
	if at < 0 || i.Policy == "" || i.Revision == "" || i.Revision != fn.Versions[at].RevisionID {
		return false
	}
	changed, err := time.Parse(lastModified, fn.Versions[at].LastModified)
	age := w.ask.Started.Sub(i.Captured)
	return err == nil && !i.Captured.Before(changed) && age <= w.ask.MaxAge && age > -clocksApart
}

// loseItems reads directly what Config did not answer, and asks it no more.
func (w *walk) loseItems(c collect.Call, why collect.Fault) []collect.Call {
	r := w.recording
	ids := r.asked[c.Filter]
	delete(r.asked, c.Filter)
	r.giveUp(why.Code, why.Reason)
	return append(r.directly(ids), w.askRecorder()...)
}
