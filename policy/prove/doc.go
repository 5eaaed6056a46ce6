// Package prove decides two questions of a function's policy and a trust zone.
// [Outside] asks whether anybody outside the zone may invoke: it finds a request
// that the policy allows, or proves that there is none. [Keeps] asks whether
// anybody inside loses by a change of the policy: it finds a trusted request that
// was allowed and is no more, or proves that there is none.
//
// # How it decides
//
// A policy sees a request only through finitely many yes-or-no tests: is the
// caller this principal, does the resource match that pattern, does a key
// satisfy this condition. Requests that answer every test alike are one to the
// policy. So the infinitely many requests fall into finitely many classes, and
// a proof is a walk over all of them.
//
//   - A scenario is one shape of caller (role session, user, root, federated,
//     anonymous, one service) that calls one action. In it many tests have one
//     answer and are settled at once.
//   - A unit is a group of keys that are chosen together: the caller, its
//     organisation, the source behind a service call, the clock, the network.
//     The caller is written on one tape of blocks (account, path, name, …), and
//     every key of its is a view of that tape, so one walk decides the tests on
//     all of them. What belongs to nothing else is a unit of its own.
//   - A cluster is one unit, or several that a policy variable joins. Its
//     outcomes are the sets of statements whose tests in the cluster can hold
//     together, each with a shortest example. A request is trusted as soon as one
//     of its clusters is: where strangers are sought, outcomes are untrusted only.
//   - A door is one Allow statement through one entry of its Principal element. A
//     bar is a statement that must not apply. The search takes one outcome from
//     each cluster such that the door is open and every bar fails in some cluster.
//
// For Outside the bars are the Denies. For Keeps they are also the Allows of the
// document after the change, and one outcome at least must be trusted; or else a
// Deny of that document must apply, which makes the door narrower. What stands in
// both documents needs no look.
//
// What a walk lists are representatives; how a test answers one is asked of the
// evaluator in package policy, and so is the finished witness. The prover can
// miss a class only by a fault in what it lists, never by reading a condition in
// a way of its own.
//
// # What is exact
//
// Patterns are compared as regular languages, numbers, dates and addresses as
// points and intervals, lists by what some and all of their values do. Where two
// sorts of test meet on one text (a number compared with a pattern), or a variable
// joins texts in a way that none of four exact shapes covers, the tests are
// unsure: a witness is sought among the examples, then a proof that grants an
// attacker every unsure answer; what neither settles is [Undecided]. So is what
// would take more than the counted bounds in budget.go. Nothing unsure is ever a
// [Pass].
//
// # The request space
//
// Every caller of every account, with these conventions:
//
//   - Accounts are 12 digits, names and paths what IAM allows, organisations an
//     id with one path, or none. The owner is trusted; its organisation only
//     when the zone lists it.
//   - A service call has a hidden source account, which the keys tell or not;
//     the table in services.json says which services keep it inside the owner's
//     account. What a service is said to send is not relied on.
//   - Services that no row lists may have any name, where a policy lets everybody
//     in and tells names apart; none is a row's with another Region, where AWS
//     keeps that row's within the owner's account.
//   - A network makes a caller trusted only when the zone lists it.
//   - What callers choose themselves (tags, session names, user agents) is the
//     attacker's to choose; a key that nobody knows is absent or anything. What
//     AWS tells of a network or of forwarding is never an empty text, nor is the
//     key of a tag.
//   - An exact Alexa skill id pins its caller; a pattern does not.
//   - Without a time in the question every instant counts, also past ones.
//   - Whoever cannot be told from a stranger is one: a service call is trusted
//     only if its keys tell its source, or AWS keeps the service within the
//     owner's account. So each request is either asked about by Outside, or is one
//     that Keeps watches over.
//   - The owner's account is in the owner's organisation, where that is known.
//
// Sources: IAM User Guide (policy elements, global condition keys, policy
// variables, confused deputy), Lambda Developer Guide (resource-based policies,
// function URLs), Service Authorization Reference for Lambda.
package prove
