package cli

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/spf13/pflag"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
)

// readFlags are the flags of the commands that read an account.
type readFlags struct {
	regions    []string
	functions  []string
	qualifiers string
	rate       string
	maxTime    time.Duration
	resume     bool
}

// add adds the flags; function says what --function means to the command.
func (f *readFlags) add(flags *pflag.FlagSet, function string) {
	flags.StringArrayVar(&f.regions, "region", nil, "read this `region` (repeatable; default: every region enabled for the account)")
	flags.StringArrayVar(&f.functions, "function", nil, function)
	flags.StringVar(&f.qualifiers, "qualifiers", collect.AllQualifiers, "whose policies are read, the `scope`: all, aliases (no versions) or function alone")
	flags.StringVar(&f.rate, "rate", collect.DefaultRate.String(), "`share` of each AWS quota that may be used, from 0.001 to 1, or unlimited")
	flags.DurationVar(&f.maxTime, "max-time", 0, "stop reading after this `time` (10m); what is left counts as not seen")
	flags.BoolVar(&f.resume, "resume", false, "go on where an interrupted scan of this account stopped")
}

// readingFlags mean nothing for a snapshot.
var readingFlags = [...]string{
	"region", "qualifiers", "rate", "max-time", "resume", "source", "max-age", "aggregator",
	"organization", "assume-role", "role-name", "external-id", "account", "ou", "skip", "at-once",
}

// reading is what the flags say, checked.
type reading struct {
	regions []resource.Region
	only    []resource.ID
	rate    collect.Rate
}

func (f *readFlags) check() (reading, error) {
	var r reading
	var err error
	if r.regions, err = regionNames(f.regions); err != nil {
		return r, err
	}
	switch f.qualifiers {
	case collect.AllQualifiers, collect.AliasQualifiers, collect.NoQualifiers:
	default:
		return r, usagef("--qualifiers: %q is none of all, aliases, function", f.qualifiers)
	}
	if r.rate, err = collect.ParseRate(f.rate); err != nil {
		return r, usagef("--rate: %w", err)
	}
	if f.maxTime < 0 {
		return r, usagef("--max-time: %v is in the past: give a time such as 10m", f.maxTime)
	}
	for _, arn := range f.functions {
		if !anyFunctionARN.MatchString(arn) {
			return r, usagef("--function: %q is no ARN of a function: write arn:aws:lambda:REGION:ACCOUNT:function:NAME", arn)
		}
		r.only = append(r.only, resource.ID(lambda.Unqualified(arn)))
	}
	return r, nil
}

// newID makes the unique id of a scan.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
