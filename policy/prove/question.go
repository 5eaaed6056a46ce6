package prove

import (
	"fmt"
	"strings"
	"time"
)

// The actions that run a function. lambda:InvokeAsync is deprecated and still
// in AWS's service authorization reference.
const (
	invokeFunction    = "lambda:InvokeFunction"
	invokeFunctionURL = "lambda:InvokeFunctionUrl"
	invokeAsync       = "lambda:InvokeAsync"
)

// InvokeActions returns the actions that run a function.
func InvokeActions() []string {
	return []string{invokeFunction, invokeFunctionURL, invokeAsync}
}

// Question is what is asked of one document: whether anybody outside the zone
// may do one of the actions on the function.
type Question struct {
	Function string // ARN, unqualified
	// Qualifier is the alias or version whose document it is; "" is the function.
	Qualifier string
	// Known are qualifiers that exist; a witness prefers them to made-up ones.
	Known []string
	// Organization of the owner, o-…; "" when it has none or is not known.
	Organization string
	Zone         Zone
	Now          time.Time // no request is earlier; zero: any time
	Actions      []string  // nil: [InvokeActions]
}

// target names the function that is asked about, in parts.
type target struct {
	arn, partition, region, owner string
}

func parseFunction(arn string) (target, error) {
	var parts [7]string
	if !split(arn, parts[:]) || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function" || parts[6] == "" {
		return target{}, fmt.Errorf("%q is no ARN of a function: arn:aws:lambda:REGION:ACCOUNT:function:NAME, without a qualifier", arn)
	}
	if !isAccount(parts[4]) {
		return target{}, fmt.Errorf("%q has no account of 12 digits", arn)
	}
	return target{arn: arn, partition: parts[1], region: parts[3], owner: parts[4]}, nil
}

// split fills parts with the segments of a text that has as many.
func split(text string, parts []string) bool {
	for i := range parts[1:] {
		var more bool
		if parts[i], text, more = strings.Cut(text, ":"); !more {
			return false
		}
	}
	parts[len(parts)-1] = text
	return !strings.Contains(text, ":")
}

// Check reports what is wrong with a question; a wrong one is never answered
// with PASS.
func (q Question) Check() error {
	_, err := parseFunction(q.Function)
	return err
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if !digit(r) {
			return false
		}
	}
	return true
}
