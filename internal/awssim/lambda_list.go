package awssim

import "strings"

const (
	functionsAPage = 50 // at most, even when asked for more (SDK, ListFunctions)
	urlsAPage      = 50 // (SDK, ListFunctionUrlConfigs)
	itemsAPage     = 50 // of aliases and versions
)

// entry is one line of a list of functions.
type entry struct {
	function *Function
	version  *Configuration
}

// listing is what ListFunctions goes through: every function, and with all its
// published versions after it. Only the page that is asked for is spelled out.
type listing struct {
	functions []*Function
	all       bool
}

func (l listing) entries(f *Function) int {
	if l.all {
		return 1 + len(f.Versions)
	}
	return 1
}

func (l listing) len() (n int) {
	for _, f := range l.functions {
		n += l.entries(f)
	}
	return n
}

func (l listing) cut(first, end int) []entry {
	out := make([]entry, 0, end-first)
	at := 0
	for _, f := range l.functions {
		n := l.entries(f)
		for i := max(0, first-at); i < n && at+i < end; i++ {
			v := &f.Configuration
			if i > 0 {
				v = f.Versions[i-1]
			}
			out = append(out, entry{f, v})
		}
		if at += n; at >= end {
			break
		}
	}
	return out
}

func (s *Sim) listFunctions(c *call) (any, error) {
	all := c.query.Get("FunctionVersion") == "ALL"
	master := c.query.Get("MasterRegion")
	if v := c.query.Get("FunctionVersion"); v != "" && !all {
		return nil, invalid("1 validation error detected: Value '%s' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]", v)
	}
	if master != "" && !all {
		return nil, invalid("FunctionVersion must be set to ALL when MasterRegion is provided.")
	}
	of := listing{functions: c.here().Functions, all: all}
	if master != "" {
		of = listing{functions: ofMaster(of.functions, master), all: true}
	}
	first, end, next, err := c.lambdaPage(of.len(), functionsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker *string
		Functions  []configurationShape
	}{orNull(next), c.shapes(of.cut(first, end), all)}
	return out, nil
}

func (s *Sim) listVersionsByFunction(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	of := listing{functions: []*Function{f}, all: true}
	first, end, next, err := c.lambdaPage(of.len(), itemsAPage)
	if err != nil {
		return nil, err
	}
	out := struct {
		NextMarker *string
		Versions   []configurationShape
	}{orNull(next), c.shapes(of.cut(first, end), true)}
	return out, nil
}

// ofMaster keeps the replicas of functions that live in a region; ALL is any.
func ofMaster(functions []*Function, region string) []*Function {
	var out []*Function
	for _, f := range functions {
		arn := strings.Split(f.MasterArn, ":")
		if len(arn) > 3 && (region == "ALL" || arn[3] == region) {
			out = append(out, f)
		}
	}
	return out
}

func (c *call) shapes(entries []entry, qualified bool) []configurationShape {
	out := make([]configurationShape, 0, len(entries))
	for _, e := range entries {
		out = append(out, c.shape(e.function, e.version, qualified))
	}
	return out
}

// orNull is how a list says that there is no next page.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
