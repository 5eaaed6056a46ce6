// Package rewrite takes out of a resource policy what lets in somebody outside
// the trust zone, and leaves everything else as it is. It is pure: documents in,
// documents out.
//
// # How it decides
//
// A statement that the prover finds closed is not touched. An open one is cut
// into what is trusted of it, in three ways that never add anything:
//
//   - By entry and by value: entries of its Principal element, and values of its
//     conditions, that are closed by themselves stay as written.
//   - By pin: what else is open stays as far as one more condition can hold it to
//     the zone (aws:PrincipalOrgID, aws:SourceAccount, aws:SourceArn, a network).
//   - By name: a wildcard gives way to the accounts, principals and services that
//     the zone names.
//
// Each piece is the statement with something narrower in one place, so nothing is
// gained. The pieces together hold every request that the statement allows and
// that nobody untrusted can make as well; what only a hidden source would make
// trusted cannot be told from a stranger's, so it goes. The prover must find the
// result closed, and must find that no trusted request is lost; otherwise the
// change is refused.
//
// Words: a piece is a statement that takes the place of part of another; to pin
// is to add a condition.
package rewrite
