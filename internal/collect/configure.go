package collect

import (
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
)

const (
	idleConnections = 512                     // kept open in all
	idlePerHost     = 256                     // and to one host: an emulator is all regions at once
	dialLimit       = 10 * time.Second        // a host that does not answer at all
	longestBackoff  = retry.DefaultMaxBackoff // between the attempts of one call
)

// Configure returns a copy of cfg whose clients are paced and counted by the
// run that calls them, limited in time everywhere, and silent: requests and
// answers are never logged, whatever cfg says.
func Configure(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.ClientLogMode = 0
	cfg.HTTPClient = roomier(cfg.HTTPClient)
	cfg.Retryer = func() aws.Retryer { return unspaced{retry.NewStandard()} }
	cfg.APIOptions = append(slices.Clip(slices.Clone(cfg.APIOptions)), func(s *middleware.Stack) error {
		if err := s.Initialize.Add(boarding{}, middleware.Before); err != nil {
			return err
		}
		if err := s.Deserialize.Add(whole{}, middleware.After); err != nil {
			return err
		}
		return s.Finalize.Insert(attempt{retry.NewExponentialJitterBackoff(longestBackoff)}, "Retry", middleware.After)
	})
	return cfg
}

// roomier lets the SDK's own client keep as many connections as calls are made
// at a time; a client that somebody else made stays as it is.
func roomier(c aws.HTTPClient) aws.HTTPClient {
	own, ok := c.(*awshttp.BuildableClient)
	if c == nil {
		own, ok = awshttp.NewBuildableClient(), true
	}
	if !ok {
		return c
	}
	return own.WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns = max(t.MaxIdleConns, idleConnections)
		t.MaxIdleConnsPerHost = max(t.MaxIdleConnsPerHost, idlePerHost)
		t.TLSHandshakeTimeout = dialLimit
	})
}

// unspaced is the SDK's standard retryer, which decides whether to try again;
// when, is decided by [attempt], by the run's clock.
type unspaced struct{ *retry.Standard }

func (unspaced) RetryDelay(int, error) (time.Duration, error) { return 0, nil }
