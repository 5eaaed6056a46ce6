package awssim

import "cmp"

// Caller is who makes calls, told by the access key id in the signature. The
// signature itself is not checked.
type Caller struct {
	AccessKey string `yaml:"access_key"`
	Account   string `yaml:"account"`
	ARN       string `yaml:"arn"`     // empty: user "auditor" of the account
	UserID    string `yaml:"user_id"` // empty: one that fits the ARN
	Label     string `yaml:"label"`   // for faults and counts; empty: the access key
}

// AccessKey is the access key id that acts as the user "auditor" of an account
// of the world, without the world naming it. Any secret will do.
func AccessKey(account string) string { return "AKIASIM0" + account }

// callers lists everybody who may sign, by access key id.
func (w *World) callers() map[string]Caller {
	out := make(map[string]Caller, len(w.Accounts)+len(w.Callers))
	for _, a := range w.Accounts {
		out[AccessKey(a.ID)] = w.completeCaller(Caller{AccessKey: AccessKey(a.ID), Account: a.ID})
	}
	for _, c := range w.Callers {
		out[c.AccessKey] = w.completeCaller(c)
	}
	return out
}

func (w *World) completeCaller(c Caller) Caller {
	partition := "aws"
	if a := w.Account(c.Account); a != nil {
		partition = a.partition()
	}
	c.ARN = cmp.Or(c.ARN, "arn:"+partition+":iam::"+c.Account+":user/auditor")
	c.UserID = cmp.Or(c.UserID, uniqueID("AIDA", c.ARN))
	c.Label = cmp.Or(c.Label, c.AccessKey)
	return c
}
