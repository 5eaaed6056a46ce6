package iam

import (
	"strings"
	"time"
)

// Quiet is how long nothing may have been seen of a permission before it counts
// as unused.
const Quiet = 90 * 24 * time.Hour

// Usage is what IAM's service-last-accessed data say of a role: the union over
// everybody who had it. The data reach back 400 days or more, lag by up to four
// hours, and hold denied attempts too.
// Source: IAM API reference, GenerateServiceLastAccessedDetails.
type Usage struct {
	Made     time.Time // when the role was created
	Asked    time.Time
	Services map[string]ServiceUsage // by namespace ("s3"), in lower case
}

// ServiceUsage is what is known of one service that the role's policies allow.
type ServiceUsage struct {
	Last    time.Time            // zero: never within the tracking period
	Actions map[string]time.Time // of the actions that are tracked one by one, by name in lower case; as Last
}

// Short reports whether the role is too young for anything to count as unused.
func (u *Usage) Short() bool { return u.Asked.Sub(u.Made) < Quiet }

// Unused reports whether the data show that nobody has used s for [Quiet]. What
// they do not speak of is not unused: wildcards for services, NotAction, services
// without an entry, and what [untracked] names.
func (u *Usage) Unused(s Statement) bool {
	if u.Short() || len(s.Action) == 0 {
		return false
	}
	for _, action := range s.Action {
		if !u.unused(strings.ToLower(action)) {
			return false
		}
	}
	return true
}

func (u *Usage) unused(action string) bool {
	service, name, found := strings.Cut(action, ":")
	if !found || wild(service, false) || untracked(service, name) {
		return false
	}
	seen, known := u.Services[service]
	if !known {
		return false
	}
	if u.quiet(seen.Last) {
		return true
	}
	last, tracked := seen.Actions[name] // a wildcard is no name of an action
	return tracked && u.quiet(last) && (!last.IsZero() || trackedForYears(service))
}

func (u *Usage) quiet(last time.Time) bool { return last.IsZero() || u.Asked.Sub(last) > Quiet }

// untracked names what may be used without showing: iam:PassRole is no call of its
// own, and keys are mostly used by other services on the role's behalf.
// Source: IAM user guide, things to know about last accessed information (known,
// not read again); the second is caution.
func untracked(service, name string) bool {
	return service == "kms" || service == "iam" && overlap(name, "passrole")
}

// trackedForYears reports whether the actions of a service have been tracked for
// longer than data are kept, so that "never" means never in that time. Others
// joined later, on days that the data do not tell.
// Source: IAM user guide, tracking period of action last accessed information
// (S3 since 2020; EC2, IAM and Lambda since 2021).
func trackedForYears(service string) bool {
	switch service {
	case "ec2", "iam", "lambda", "s3":
		return true
	}
	return false
}

// TrackedIn reports whether a region's calls have been in the data for longer than
// these are kept. Where they have not, nothing counts as unused.
// Source: IAM user guide, regions where data is tracked (known, not read again);
// regions that joined after 2024 are not in the list.
func TrackedIn(region string) bool {
	const since = " us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3" +
		" ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2" +
		" eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1" +
		" us-gov-east-1 us-gov-west-1 "
	return strings.Contains(since, " "+region+" ")
}
