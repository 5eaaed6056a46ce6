package rules

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"surety/internal/inventory"
	"surety/internal/judge"
	"surety/internal/profile"
	"surety/internal/resource"
	"surety/services/iam"
	"surety/services/lambda"
)

// BenchmarkJudge judges an account by both rules and reports functions a second,
// time of processors and the peak of resident memory. SURETY_BENCH_FUNCTIONS sets the size of the
// account, for the full measure 1000000.
func BenchmarkJudge(b *testing.B) {
	n := 10_000
	if s := os.Getenv("SURETY_BENCH_FUNCTIONS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	// Garbage is collected as in the program: that costs some time and keeps the
	// peak near the snapshot itself.
	defer debug.SetGCPercent(debug.SetGCPercent(12))
	snapshot := large(n)
	c := judge.Case{
		Snapshot: snapshot, Rules: All(), Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Profile: new(profile.Config).Resolve(profile.Organization{ID: "o-a1b2c3d4e5"}, time.Time{}),
	}
	alive, before := heap(), processor()
	for b.Loop() {
		checks, failing := 0, 0
		err := judge.Run(b.Context(), c, func(r judge.Result) error {
			checks += len(r.Checks)
			for i := range r.Checks {
				if r.Checks[i].Status == "fail" {
					failing++
				}
			}
			return nil
		})
		if err != nil || checks != 2*n || failing == 0 {
			b.Fatalf("%d checks, %d failing: %v", checks, failing, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "functions/s")
	b.ReportMetric((processor()-before)/float64(b.N), "cpu-s")
	b.ReportMetric(alive, "snapshot-MiB")
	b.ReportMetric(peak(), "peak-MiB")
	runtime.KeepAlive(snapshot)
}

// heap is what is alive, in MB.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// peak is the process's largest resident size so far; 0 where the system does
// not tell.
func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// processor is the time in seconds that this process used of processors, user
// and system; 0 where the system does not tell. On a machine that others use too
// it says more than the clock. Fields 14 and 15 of proc(5).
func processor() float64 {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

// large is an account as they are: mostly copies of a few templates, one
// function in five with an alias, one in ten with three published versions, one
// role in twenty shared by ten functions.
func large(n int) *inventory.Snapshot {
	var facets []resource.Facet
	for _, f := range lambda.Facets() {
		facets = append(facets, f.Facet)
	}
	facets = append(facets, iam.FacetDetails)
	s := inventory.New(inventory.Header{
		Account: owner, Organization: "o-a1b2c3d4e5", Partition: "aws", Qualifiers: "all", Facets: facets,
		Regions: []resource.Region{"eu-west-1", "us-east-1"},
	})
	for i := range n {
		region := []string{"eu-west-1", "us-east-1"}[i%2]
		name := fmt.Sprintf("service-%07d", i)
		role := roleARN("exec-" + name)
		if i%20 == 0 {
			role = roleARN(fmt.Sprintf("shared-%06d", i/200))
		}
		fn := &lambda.Function{
			ARN: "arn:aws:lambda:" + region + ":" + owner + ":function:" + name, Name: name, Account: owner, Region: resource.Region(region),
			Versions: []lambda.Version{{Qualifier: lambda.Latest, Role: role}},
		}
		if i%10 == 0 {
			for v := 1; v <= 3; v++ {
				fn.Versions = append(fn.Versions, lambda.Version{Qualifier: strconv.Itoa(v), Role: role})
			}
		}
		fn.Policies = append(fn.Policies, lambda.Policy{Text: template(i, fn.ARN, region)})
		if i%5 == 0 {
			fn.Aliases = []lambda.Alias{{Name: "live", Versions: []string{"1"}}}
			fn.Policies = append(fn.Policies, lambda.Policy{Qualifier: "live", Text: template(i+1, fn.ARN+":live", region)})
		}
		fn.Share() // as one that was collected, or read from a file
		s.Add(fn)
	}
	s.Seal()
	return s
}

// template is one of the policies that add-permission writes all day. Two in five
// name something of the function's own, so that no two are alike; one function in
// twenty is open to a foreign account.
func template(i int, arn, region string) string {
	statement := func(principal, condition string) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"Service":"%s"},"Action":"lambda:InvokeFunction","Resource":"%s","Condition":%s}]}`, principal, arn, condition)
	}
	if i%20 == 7 {
		return fmt.Sprintf(`{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"peer","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%012d:root"},"Action":"lambda:InvokeFunction","Resource":"%s"}]}`, i%1000, arn)
	}
	switch i % 5 {
	case 0:
		return statement("apigateway.amazonaws.com", fmt.Sprintf(`{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:%s:%s:a%09d/*/POST/orders"}}`, region, owner, i))
	case 1:
		return statement("events.amazonaws.com", fmt.Sprintf(`{"ArnLike":{"AWS:SourceArn":"arn:aws:events:%s:%s:rule/every-minute-%d"}}`, region, owner, i))
	case 2:
		return statement("s3.amazonaws.com", `{"StringEquals":{"AWS:SourceAccount":"`+owner+`"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::uploads"}}`)
	case 3:
		return statement("sns.amazonaws.com", fmt.Sprintf(`{"ArnLike":{"AWS:SourceArn":"arn:aws:sns:%s:%s:orders"}}`, region, owner))
	}
	return `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"org","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"` + arn + `","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}`
}
