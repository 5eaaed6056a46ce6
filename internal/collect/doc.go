// Package collect reads an AWS account under its request quotas and fills a
// snapshot. It knows no service: what is read, and how, comes from the readers
// in services/*/collect; when, how often and in which order is decided here.
//
// A caller writes
//
//	plan := collect.Plan{Header: header, Rate: rate, MaxTime: limit, Checkpoint: file}
//	result, err := collect.Run(ctx, plan, []collect.Reader{lambdacollect.New(cfg), iamcollect.New(cfg)}, observer)
//
// Ending ctx is an interrupt: reading stops, what was read is kept, the rest
// becomes gaps, and Run returns without an error. An error means that nothing
// could be read at all because the plan or its checkpoint is wrong.
//
// # Words
//
// A partition is one account in one region; what AWS keeps once for all regions
// is the partition with region "". A reader begins a walk in each partition and
// the walk asks for calls: small values that say which facet of which resource
// is read, from which quota and how soon. A lane holds the calls of one quota
// in one partition and lets them go at its pace. An attempt is one request on
// the wire: a call, or a retry of it by the SDK; every attempt takes a token of
// its lane. An answer is what an attempt brought, reduced to what is kept; the
// checkpoint writes answers down, so a later run can take them as read.
package collect
