// Package policy reads, prints and evaluates resource-based policies in the
// policy language of AWS IAM. It asks nobody: no network, no clock, no state.
//
//	d, err := policy.Parse(data)             // as AWS reads it when it stores it
//	d, notes, err := policy.ParseStored(data) // as a service returned it
//	decision := policy.Evaluate(d, request)
//
// # Words
//
//   - A statement applies to a request when its principals, actions, resources
//     and every condition match.
//   - A request is allowed when an Allow applies and no Deny does.
//   - A caller decides Principal and NotPrincipal and nothing else; the context
//     decides every condition and variable and nothing else. Nothing is derived
//     from anything: a key that is not in the context is absent.
//   - A reading is wide where AWS's documents leave room and a match is the
//     answer that allows more; docs/decisions/0010-doubtful-readings.md lists
//     them. So an Allow never applies to less than it does at AWS, nor a Deny
//     to more.
//
// Policies of the caller's own account, of its organisation and permission
// boundaries are outside this package.
package policy
