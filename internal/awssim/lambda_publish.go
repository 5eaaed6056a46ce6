package awssim

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

func (s *Sim) publishVersion(c *call) (any, error) {
	var in struct{ CodeSha256, Description, RevisionId string }
	if err := c.json(&in); err != nil {
		return nil, err
	}
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	if in.RevisionId != "" && in.RevisionId != f.RevisionID {
		return nil, stale()
	}
	if now := codeHash(functionARN(c.account, c.region, f.Name), &f.Configuration); in.CodeSha256 != "" && in.CodeSha256 != now {
		return nil, invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.", in.CodeSha256, now)
	}
	v := f.unchanged()
	if v == nil {
		v = s.publish(f, in.Description)
	}
	c.qualifier = v.Version
	return c.single(f, v), nil
}

// unchanged is the last version when $LATEST has not changed since; there is then
// nothing to publish (Lambda API reference, PublishVersion). Nil otherwise.
func (f *Function) unchanged() *Configuration {
	if len(f.Versions) == 0 {
		return nil
	}
	last := f.Versions[len(f.Versions)-1]
	a, b := *last, f.Configuration
	same := a.Role == b.Role && a.Runtime == b.Runtime && a.Handler == b.Handler && a.Code == b.Code && a.PackageType == b.PackageType &&
		a.MemorySize == b.MemorySize && a.Timeout == b.Timeout && a.Tracing == b.Tracing && a.KMSKeyArn == b.KMSKeyArn &&
		maps.Equal(a.Environment, b.Environment) && slices.Equal(a.Architectures, b.Architectures) && slices.Equal(a.Layers, b.Layers)
	if !same {
		return nil
	}
	return last
}

// publish freezes $LATEST under the next number. It moves the revision of
// $LATEST too, and with it the guard of the function's policy.
func (s *Sim) publish(f *Function, description string) *Configuration {
	last := f.published
	for _, v := range f.Versions {
		if n, err := strconv.Atoi(v.Version); err == nil {
			last = max(last, n)
		}
	}
	f.published = last + 1
	v := f.clone()
	v.Version = strconv.Itoa(f.published)
	v.RevisionID = uuid(f.RevisionID, v.Version)
	v.published = s.clock.Now()
	if description != "" {
		v.Description = description
	}
	f.Versions = append(f.Versions, v)
	s.touch(&f.Configuration)
	return v
}

// deleteFunction deletes a version that no alias points to, or without a
// qualifier the whole function. A version that is not there is no error.
func (s *Sim) deleteFunction(c *call) (any, error) {
	f, err := c.lookup()
	if err != nil {
		return nil, err
	}
	v := f.version(c.qualifier)
	switch {
	case v == nil:
		return nil, nil
	case c.qualifier == "":
		region := c.here()
		region.Functions = slices.DeleteFunc(region.Functions, func(g *Function) bool { return g == f })
		return nil, nil
	case v.Version == Latest || v.Version != c.qualifier:
		return nil, invalid("$LATEST version cannot be deleted without deleting the function.")
	}
	var by []string
	for _, a := range f.Aliases {
		if _, shifted := a.Weights[v.Version]; shifted || a.Version == v.Version {
			by = append(by, a.Name)
		}
	}
	if len(by) > 0 {
		return nil, conflict("Unable to delete version because the following aliases reference it: [%s]", strings.Join(by, ", "))
	}
	f.Versions = slices.DeleteFunc(f.Versions, func(w *Configuration) bool { return w == v })
	delete(f.Policies, v.Version)
	return nil, nil
}
