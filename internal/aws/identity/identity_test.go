package identity_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"surety/internal/aws/identity"
	"surety/internal/awssim"
	"surety/internal/collect/collecttest"
)

func TestGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
			w := &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333", Partition: partition}}}
			sim := collecttest.Simulate(t, w, awssim.Options{})
			got, err := identity.Get(t.Context(), collecttest.Config(sim, "111122223333"))
			want := identity.Identity{Account: "111122223333", ARN: "arn:" + partition + ":iam::111122223333:user/auditor", Partition: partition}
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("error %v\n%s", err, d)
			}
		}
	})
}

// Each refusal is one line that says what to look at.
func TestErrors(t *testing.T) {
	for kind, want := range map[awssim.Kind]string{
		awssim.ExpiredToken: "ExpiredToken", awssim.HTML: "AWS_ENDPOINT_URL", awssim.Reset: "Unreachable", awssim.Hang: "Timeout",
	} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333"}}}
				sim := collecttest.Simulate(t, w, awssim.Options{Faults: []awssim.Fault{{Kind: kind, Service: "sts"}}})
				_, err := identity.Get(t.Context(), collecttest.Config(sim, "111122223333"))
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "RequestID") {
					t.Errorf("error: %v", err)
				}
			})
		})
	}
}

// Who interrupts while AWS is asked is told that nothing came of it.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333"}}}, awssim.Options{Latency: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := identity.Get(ctx, collecttest.Config(sim, "111122223333"))
		if err == nil || err.Error() != "interrupted before the account was known: nothing was read" {
			t.Errorf("error: %v", err)
		}
	})
}

// A key that AWS does not know may be of another partition.
func TestUnknownKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := collecttest.Simulate(t, &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333"}}}, awssim.Options{})
		_, err := identity.Get(t.Context(), collecttest.Config(sim, "999988887777"))
		if err == nil || !strings.Contains(err.Error(), "InvalidClientTokenId") || !strings.Contains(err.Error(), "AWS_REGION") {
			t.Errorf("error: %v", err)
		}
	})
}

// An answer that names no account names no file either.
func TestWrongAccount(t *testing.T) {
	for _, account := range []string{"", "../../../x/y", "11112222333", "1111222233334"} {
		synctest.Test(t, func(t *testing.T) {
			body := `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><Account>` + account + `</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
			sim := collecttest.Simulate(t, &awssim.World{Accounts: []*awssim.Account{{ID: "111122223333"}}}, awssim.Options{
				Faults: []awssim.Fault{{Kind: awssim.WrongContent, Service: "sts", Body: body}}})
			got, err := identity.Get(t.Context(), collecttest.Config(sim, "111122223333"))
			if err == nil || !strings.Contains(err.Error(), "names no account: check AWS_ENDPOINT_URL") {
				t.Errorf("%q: %+v, error %v", account, got, err)
			}
		})
	}
}
