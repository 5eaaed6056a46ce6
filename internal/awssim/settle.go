package awssim

import (
	"cmp"
	"fmt"
)

// settle fills in what a world left out and writes its grants. It refuses what
// could not be in AWS, naming the place.
func (w *World) settle() error {
	for _, a := range w.Accounts {
		if !isAccount(a.ID) {
			return fmt.Errorf("account %q: an id has 12 digits", a.ID)
		}
		for _, r := range a.Regions {
			if r.Name == "" {
				return fmt.Errorf("account %s: a region has no name", a.ID)
			}
			r.Status = cmp.Or(r.Status, "ENABLED_BY_DEFAULT")
			r.Add()
			for i, f := range r.Functions {
				if i > 0 && r.Functions[i-1].Name == f.Name {
					return fmt.Errorf("account %s, region %s: two functions named %q", a.ID, r.Name, f.Name)
				}
				if err := settleFunction(a, r, f); err != nil {
					return fmt.Errorf("account %s, region %s, function %q: %w", a.ID, r.Name, f.Name, err)
				}
			}
		}
	}
	return nil
}

func settleFunction(a *Account, r *Region, f *Function) error {
	if f.Name == "" {
		return fmt.Errorf("it has no name")
	}
	arn := functionARN(a, r.Name, f.Name)
	c := &f.Configuration
	c.Version = Latest
	c.Role = a.roleRef(cmp.Or(c.Role, f.Name))
	c.PackageType = cmp.Or(c.PackageType, "Zip")
	if c.PackageType == "Zip" {
		c.Runtime = cmp.Or(c.Runtime, "nodejs22.x")
		c.Handler = cmp.Or(c.Handler, "index.handler")
	}
	if c.Architectures == nil {
		c.Architectures = []string{"x86_64"}
	}
	c.MemorySize = cmp.Or(c.MemorySize, 128)
	c.Timeout = cmp.Or(c.Timeout, 3)
	c.Tracing = cmp.Or(c.Tracing, "PassThrough")
	c.LastModified = cmp.Or(c.LastModified, "2026-03-02T08:15:00.000+0000")
	c.RevisionID = cmp.Or(c.RevisionID, uuid(arn))
	for _, v := range f.Versions {
		settleVersion(a, c, v, arn)
	}
	for _, alias := range f.Aliases {
		if f.version(alias.Version) == nil {
			return fmt.Errorf("alias %q points to version %q, which it does not have", alias.Name, alias.Version)
		}
		alias.RevisionID = cmp.Or(alias.RevisionID, uuid(arn, alias.Name))
	}
	for _, m := range f.Mappings {
		m.UUID = cmp.Or(m.UUID, uuid(arn, m.Qualifier, m.Source))
		m.State = cmp.Or(m.State, "Enabled")
	}
	for _, g := range f.Grants {
		if _, err := f.addPermission(a, r.Name, g); err != nil {
			return fmt.Errorf("grant %q: %w", g.StatementID, err)
		}
	}
	f.Grants = nil
	return nil
}

// settleVersion gives a published version what it did not say otherwise.
func settleVersion(a *Account, latest, v *Configuration, arn string) {
	full := *latest.clone()
	full.Version = v.Version
	full.RevisionID = cmp.Or(v.RevisionID, uuid(arn, v.Version))
	full.Role = a.roleRef(cmp.Or(v.Role, latest.Role))
	full.Runtime = cmp.Or(v.Runtime, latest.Runtime)
	full.Description = v.Description
	full.Code = cmp.Or(v.Code, latest.Code)
	full.LastModified = cmp.Or(v.LastModified, latest.LastModified)
	full.MasterArn = cmp.Or(v.MasterArn, latest.MasterArn)
	if v.Environment != nil {
		full.Environment = v.Environment
	}
	*v = full
}

func functionARN(a *Account, region, name string) string {
	return "arn:" + a.partition() + ":lambda:" + region + ":" + a.ID + ":function:" + name
}

func isAccount(id string) bool {
	return len(id) == 12 && made(id, digits, 12)
}
