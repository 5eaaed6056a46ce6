// Package awssim is a simulated AWS: the calls that an audit of Lambda access
// makes, as they look on the wire. Tests, benchmarks and the demo talk to it
// through the real SDK clients. It knows nothing of the packages that read it.
//
//	world, err := awssim.Demo()                  // or LoadWorld, Generate, &awssim.World{…}
//	sim, err := awssim.New(world, awssim.Options{Quotas: awssim.RealQuotas(0)})
//
//	cfg := aws.Config{HTTPClient: sim.Client(), …} // in the process, no socket
//	url, err := sim.Start(ctx)                     // or on loopback, for AWS_ENDPOINT_URL
//	h := sim.Handler()                             // or under a server of one's own
//
// Everything is at one address. The service and the region are those that the
// request was signed for, the account and the caller follow from the access key
// id: [AccessKey] acts as a user of an account of the world, World.Callers names
// others, and AssumeRole gives out sessions of roles that trust the caller.
// Signatures are not checked.
//
// Served are, of Lambda: ListFunctions, ListVersionsByFunction, ListAliases,
// GetAlias, GetPolicy, GetResourcePolicy, PutResourcePolicy,
// DeleteResourcePolicy, AddPermission, RemovePermission, GetFunctionUrlConfig,
// UpdateFunctionUrlConfig,
// ListFunctionUrlConfigs, ListTags, GetFunction, GetFunctionConfiguration,
// CreateFunction, UpdateFunctionConfiguration, PublishVersion, CreateAlias,
// UpdateAlias, DeleteFunction, ListEventSourceMappings,
// ListFunctionEventInvokeConfigs; of IAM: GetAccountAuthorizationDetails,
// GetAccountSummary, CreateRole, GetRole, DeleteRole, the reads and writes of a
// role's policies, GetPolicy, GetPolicyVersion,
// GenerateServiceLastAccessedDetails, GetServiceLastAccessedDetails; of STS:
// GetCallerIdentity, AssumeRole; of Account: ListRegions; of EC2:
// DescribeRegions; of Config: BatchGetResourceConfig,
// BatchGetAggregateResourceConfig; of Organizations:
// DescribeOrganization, ListAccounts, ListAccountsForParent, ListRoots,
// ListParents, ListOrganizationalUnitsForParent, DescribeOrganizationalUnit.
// Any other call gets the error that AWS has for an unknown operation.
//
// A policy belongs to a function, to an alias or to a version, and its revision
// is the revision of that version or alias, so publishing moves it, as on AWS.
//
// Every call that arrives is counted and draws from the quota bucket of its
// account and region; [Sim.Count], [Sim.Throttled], [Sim.CountByAPI], [Sim.Peak]
// and [Sim.NeededBurst] tell about it, and with Options.Trace [Sim.Trace] lists
// the calls one by one. A [Fault] makes the calls it matches fail in one of the
// ways that networks, guards and services fail. Time is a [Clock].
//
// Words: a world is the state; a caller is an access key; a qualifier is an
// alias or a version, "" the function itself; a bucket is one of the request
// quotas of Lambda.
package awssim
