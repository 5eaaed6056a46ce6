package assure_test

import (
	"fmt"
	"testing"
	"time"

	"surety/internal/awssim"
)

// BenchmarkOrganization scans 400 accounts in 17 regions with 4,000 functions
// over loopback, at 30 ms a call and under AWS's quotas, in a process of its own;
// one account hangs, six refuse, three regions are denied.
func BenchmarkOrganization(b *testing.B) {
	const accounts, functions = 400, 10
	regions := seventeen()
	for b.Loop() {
		world := company(accounts, functions, regions)
		for n := 11; n < 17; n++ {
			world.Accounts[n].Roles = nil
		}
		faults := []awssim.Fault{{Kind: awssim.Hang, Account: accountNumber(21), Service: "lambda"}}
		for _, r := range []string{"ap-south-1", "eu-north-1", "sa-east-1"} {
			faults = append(faults, awssim.Fault{Kind: awssim.DeniedBySCP, Service: "lambda", Region: r})
		}
		sim, err := awssim.New(world, awssim.Options{Latency: 30 * time.Millisecond, Quotas: awssim.RealQuotas(0), Faults: faults})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		got := inChild(b, sim, scanAll)
		b.ReportMetric(time.Since(began).Seconds(), "scan-s")
		b.ReportMetric(got.Resident/(1<<20), "peak-MiB")
		b.ReportMetric(float64(sim.Count(awssim.Calls{})), "calls")
		// Nobody can do with less than one list a region and one policy a function.
		floor := sim.Count(awssim.Calls{API: "ListFunctions"}) + sim.Count(awssim.Calls{API: "GetPolicy"})
		b.ReportMetric(float64(floor), "floor-calls")
	}
}

// BenchmarkManyAccounts holds memory against the number of accounts: of 100
// functions in each of 4 regions, which are read and not judged, by a process that
// shares nothing with the simulator. What lives is measured after a collection of
// garbage, once every 50 accounts.
func BenchmarkManyAccounts(b *testing.B) {
	for _, accounts := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("%d-accounts", accounts), func(b *testing.B) {
			for b.Loop() {
				sim, err := awssim.New(company(accounts, 0, []string{"eu-west-1", "us-east-1", "us-east-2", "us-west-2"}), awssim.Options{})
				if err != nil {
					b.Fatal(err)
				}
				got := inChild(b, sim, readInvented)
				b.ReportMetric(got.Heap/(1<<20), "peak-live-MiB")
				b.ReportMetric(got.Resident/(1<<20), "peak-MiB")
				b.ReportMetric(float64(sim.Count(awssim.Calls{}))/float64(accounts), "calls/account")
			}
		})
	}
}
