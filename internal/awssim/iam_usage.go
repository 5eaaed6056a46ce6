package awssim

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
	"time"
)

// report is a job that gathers last accessed data of a role.
type report struct {
	caller, role string
	actions      bool
	made         time.Time
	polls        int // answers until it is ready; negative: never
}

func (s *Sim) generateServiceLastAccessedDetails(c *call) (any, error) {
	arn := c.form.Get("Arn")
	if c.account.Role(arn) == nil {
		return nil, noEntity("role", arn)
	}
	job := uuid("report", arn, strconv.Itoa(len(s.reports)))
	s.reports[job] = &report{caller: c.caller.ARN, role: arn, actions: c.form.Get("Granularity") == "ACTION_LEVEL", made: s.clock.Now(), polls: c.account.ReportPolls}
	return struct {
		XMLName xml.Name `xml:"GenerateServiceLastAccessedDetailsResult"`
		JobId   string
	}{JobId: job}, nil
}

type usedAction struct {
	ActionName         string
	LastAccessedTime   string `xml:",omitempty"`
	LastAccessedEntity string `xml:",omitempty"`
}

type usedService struct {
	ServiceName                string
	ServiceNamespace           string
	LastAuthenticated          string       `xml:",omitempty"`
	LastAuthenticatedEntity    string       `xml:",omitempty"`
	TrackedActionsLastAccessed []usedAction `xml:"TrackedActionsLastAccessed>member"`
}

type usageReport struct {
	XMLName              xml.Name `xml:"GetServiceLastAccessedDetailsResult"`
	JobStatus            string
	JobType              string
	JobCreationDate      string
	JobCompletionDate    string        `xml:",omitempty"`
	ServicesLastAccessed []usedService `xml:"ServicesLastAccessed>member"`
	IsTruncated          bool
	Marker               string `xml:",omitempty"`
	Error                *reportError
}

type reportError struct{ Message, Code string }

// getServiceLastAccessedDetails answers whoever asked for the report, and nobody
// else (SDK, iam).
func (s *Sim) getServiceLastAccessedDetails(c *call) (any, error) {
	job := s.reports[c.form.Get("JobId")]
	if job == nil || job.caller != c.caller.ARN {
		return nil, noEntity("job", c.form.Get("JobId"))
	}
	out := usageReport{JobStatus: "COMPLETED", JobType: "SERVICE_LEVEL", JobCreationDate: job.made.UTC().Format(time.RFC3339)}
	if job.actions {
		out.JobType = "ACTION_LEVEL"
	}
	if job.polls != 0 {
		job.polls--
		out.JobStatus = "IN_PROGRESS"
		return out, nil
	}
	out.JobCompletionDate = s.clock.Now().UTC().Format(time.RFC3339)
	if c.account.ReportError != "" {
		out.JobStatus, out.Error = "FAILED", &reportError{c.account.ReportError, "ServiceFailure"}
		return out, nil
	}
	r := c.account.Role(job.role)
	if r == nil {
		return nil, noEntity("role", job.role)
	}
	asked, err := size(c.form.Get("MaxItems"), 1000)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(r.Used))
	first, end, next, err := c.pageOf(len(names), c.form.Get("Marker"), asked)
	if err != nil {
		return nil, err
	}
	out.IsTruncated, out.Marker = next != "", next
	for _, name := range names[first:end] {
		out.ServicesLastAccessed = append(out.ServicesLastAccessed, r.Used[name].shape(name, job))
	}
	return out, nil
}

func (u Use) shape(namespace string, job *report) usedService {
	out := usedService{ServiceName: "Amazon " + namespace, ServiceNamespace: namespace, LastAuthenticated: job.ago(u.Days)}
	if u.Days > 0 {
		out.LastAuthenticatedEntity = job.role
	}
	if !job.actions {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(u.Actions)) {
		out.TrackedActionsLastAccessed = append(out.TrackedActionsLastAccessed, usedAction{ActionName: name, LastAccessedTime: job.ago(u.Actions[name])})
	}
	return out
}

// ago is a time as a report writes it; "" for never.
func (r *report) ago(days int) string {
	if days == 0 {
		return ""
	}
	return r.made.AddDate(0, 0, -days).UTC().Format(time.RFC3339)
}
