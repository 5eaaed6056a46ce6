package collecttest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"surety/internal/awssim"
	"surety/internal/resource"
)

// Simulate makes a simulated AWS of a world.
func Simulate(t testing.TB, w *awssim.World, o awssim.Options) *awssim.Sim {
	t.Helper()
	sim, err := awssim.New(w, o)
	if err != nil {
		t.Fatal(err)
	}
	return sim
}

// Config is the configuration of a caller in an account of a simulated AWS, over
// no socket.
func Config(sim *awssim.Sim, account resource.Account) aws.Config {
	return aws.Config{
		Region: "us-east-1", HTTPClient: sim.Client(), BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials: credentials.NewStaticCredentialsProvider(awssim.AccessKey(string(account)), "secret", ""),
	}
}
