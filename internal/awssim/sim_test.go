package awssim_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"surety/internal/awssim"
)

const (
	owner  = "111122223333"
	region = "us-east-1"
)

// start makes a Sim that the test may not get wrong.
func start(t testing.TB, w *awssim.World, o awssim.Options) *awssim.Sim {
	t.Helper()
	s, err := awssim.New(w, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signed is a configuration of the real SDK that reaches the Sim in the process
// and makes one attempt only.
func signed(s *awssim.Sim, key, region string) aws.Config {
	return aws.Config{
		Region: region, HTTPClient: s.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func lambdaOf(s *awssim.Sim) *lambda.Client {
	return lambda.NewFromConfig(signed(s, awssim.AccessKey(owner), region))
}

// oneAccount is a world of one account with some functions in one region.
func oneAccount(functions ...*awssim.Function) *awssim.World {
	return &awssim.World{Accounts: []*awssim.Account{{ID: owner, Regions: []*awssim.Region{{Name: region, Functions: functions}}}}}
}

// handClock stands still; sleeping moves it.
type handClock struct{ now time.Time }

func newClock() *handClock { return &handClock{now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)} }

func (c *handClock) Now() time.Time { return c.now }

func (c *handClock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}
