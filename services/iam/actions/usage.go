package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"surety/internal/collect"
	"surety/services/iam"
)

// How long is waited for a report of last accessed data. IAM gives no time; the
// command line and the console show most within seconds.
const (
	reportWithin  = 2 * time.Minute
	visibleWithin = 30 * time.Second // of a change: IAM gives no time for that either
	firstPause    = time.Second
	longestPause  = 8 * time.Second
	mostPages     = 100 // of one report; services are some hundreds, and a page holds 100
	serviceAPage  = 100
	reportPurpose = "reading what was last used of role"
)

// UsageReads are the permissions that [Roles.Usage] needs, beside those of
// [Roles.Find]: those that are bounded to roles, and those that cannot be bounded.
// Source: service authorization reference, IAM.
func UsageReads() (role, anywhere []string) {
	return []string{"iam:GenerateServiceLastAccessedDetails"}, []string{"iam:GetServiceLastAccessedDetails"}
}

// Usage asks IAM for the last accessed data of a role, and waits until they are
// there. A report that fails, never ends or cannot be read is an error.
func (a *Roles) Usage(ctx context.Context, arn string) (*iam.Usage, error) {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	role, err := a.client.GetRole(ctx, &sdk.GetRoleInput{RoleName: &name})
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", reportPurpose, name, collect.Clarify(err))
	}
	if role.Role == nil || role.Role.CreateDate == nil {
		return nil, fmt.Errorf("%s %s: the answer does not say when it was made", reportPurpose, name)
	}
	job, err := a.client.GenerateServiceLastAccessedDetails(ctx, &sdk.GenerateServiceLastAccessedDetailsInput{
		Arn: &arn, Granularity: types.AccessAdvisorUsageGranularityTypeActionLevel,
	})
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", reportPurpose, name, collect.Clarify(err))
	}
	usage := &iam.Usage{Made: *role.Role.CreateDate, Services: map[string]iam.ServiceUsage{}}
	if err := a.report(ctx, aws.ToString(job.JobId), usage); err != nil {
		return nil, fmt.Errorf("%s %s: %w", reportPurpose, name, err)
	}
	return usage, nil
}

// report waits for a report and reads all its pages.
func (a *Roles) report(ctx context.Context, job string, into *iam.Usage) error {
	in := &sdk.GetServiceLastAccessedDetailsInput{JobId: &job, MaxItems: aws.Int32(serviceAPage)}
	out, err := a.finished(ctx, in)
	for range mostPages {
		if err != nil {
			return err
		}
		if out.JobCreationDate == nil {
			return errors.New("the report has no date")
		}
		into.Asked = *out.JobCreationDate
		for _, s := range out.ServicesLastAccessed {
			into.Services[strings.ToLower(aws.ToString(s.ServiceNamespace))] = serviceUsage(s)
		}
		if !out.IsTruncated {
			return nil
		}
		if aws.ToString(out.Marker) == "" || aws.ToString(out.Marker) == aws.ToString(in.Marker) {
			return errors.New("the report says that there is more, but not where")
		}
		in.Marker = out.Marker
		out, err = a.finished(ctx, in)
	}
	return errors.New("the report has no end")
}

// finished reads one page of a report that is ready, after waiting for it.
func (a *Roles) finished(ctx context.Context, in *sdk.GetServiceLastAccessedDetailsInput) (*sdk.GetServiceLastAccessedDetailsOutput, error) {
	pause := firstPause
	for waited := time.Duration(0); ; waited += pause {
		out, err := a.client.GetServiceLastAccessedDetails(ctx, in)
		switch {
		case err != nil:
			return nil, collect.Clarify(err)
		case out.JobStatus == types.JobStatusTypeCompleted:
			return out, nil
		case out.JobStatus != types.JobStatusTypeInProgress:
			why := "no reason given"
			if out.Error != nil {
				why = aws.ToString(out.Error.Message) + " (" + aws.ToString(out.Error.Code) + ")"
			}
			return nil, fmt.Errorf("the report ended as %s: %s", out.JobStatus, why)
		case waited >= reportWithin:
			return nil, fmt.Errorf("the report was still not ready after %v: try again later", reportWithin)
		}
		if waited > 0 {
			pause = min(2*pause, longestPause)
		}
		if err := a.Clock.Sleep(ctx, pause); err != nil {
			return nil, fmt.Errorf("waiting for the report: %w", err)
		}
	}
}

func serviceUsage(s types.ServiceLastAccessed) iam.ServiceUsage {
	u := iam.ServiceUsage{Last: aws.ToTime(s.LastAuthenticated), Actions: map[string]time.Time{}}
	for _, one := range s.TrackedActionsLastAccessed {
		u.Actions[strings.ToLower(aws.ToString(one.ActionName))] = aws.ToTime(one.LastAccessedTime)
	}
	return u
}
