package features_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"surety/services/iam"
	"surety/services/lambda/actions/features"
)

// told writes needs one grant a line; what is only perhaps needed ends in a
// question mark. What every function calls for is left out unless always is set.
func told(t *testing.T, needs []features.Need, always bool) string {
	t.Helper()
	var b strings.Builder
	line := func(n features.Need, s iam.Statement, mark string) {
		condition := ""
		if s.Condition != nil {
			raw, err := json.Marshal(s.Condition)
			if err != nil {
				t.Fatal(err)
			}
			condition = " if " + string(raw)
		}
		fmt.Fprintf(&b, "%s: %s on %s%s%s\n", n.Feature, strings.Join(s.Action, " "), strings.Join(s.Resource, " "), condition, mark)
	}
	for _, n := range needs {
		if !always && (n.Feature == "logging" && !strings.Contains(fmt.Sprint(n.Statements), "/own") || n.Feature == "object-lambda") {
			continue
		}
		for _, s := range n.Statements {
			line(n, s, "")
		}
		for _, s := range n.May {
			line(n, s, " ?")
		}
		for _, arn := range n.Managed {
			fmt.Fprintf(&b, "%s: %s\n", n.Feature, arn)
		}
	}
	return b.String()
}

// What each part of a configuration calls for. The lines are what AWS's guides and
// managed policies say, see the sources in features.yaml.
func TestNeeds(t *testing.T) {
	cases, err := txtar.ParseFile("testdata/needs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(cases.Files); i += 2 {
		name := strings.TrimSuffix(cases.Files[i].Name, "/configuration.json")
		t.Run(name, func(t *testing.T) {
			c := features.Configuration{ARN: "arn:aws:lambda:us-east-1:111122223333:function:f"}
			if err := json.Unmarshal(cases.Files[i].Data, &c); err != nil {
				t.Fatal(err)
			}
			needs, err := c.Needs()
			got := told(t, needs, name == "nothing")
			if err != nil {
				got = "error: " + err.Error() + "\n"
			}
			for _, n := range needs {
				seen[n.Feature] = true
			}
			want := string(cases.Files[i+1].Data)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("needs (-want +got):\n%s", d)
			}
		})
	}
	for _, id := range ids(t) {
		if !seen[id] {
			t.Errorf("no case shows %s", id)
		}
	}
}

type table struct {
	Sources  map[string]string
	Features []feature
}

type feature struct {
	ID              string
	Managed, Source []string
}

func read(t *testing.T) table {
	t.Helper()
	text, err := os.ReadFile("features.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all table
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func ids(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, f := range read(t).Features {
		all = append(all, f.ID)
	}
	return all
}

// Every fact has a source, every id is there once, and the policies are those that
// AWS has.
func TestTable(t *testing.T) {
	all := read(t)
	known := []string{
		"AWSLambdaBasicExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaKinesisExecutionRole", "AWSLambdaMSKExecutionRole",
		"AWSLambdaSQSQueueExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess", "CloudWatchLambdaInsightsExecutionRolePolicy",
		"CloudWatchLambdaApplicationSignalsExecutionRolePolicy", "AmazonElasticFileSystemClientReadWriteAccess", "AmazonS3FilesClientReadWriteAccess",
		"AWSLambdaBasicDurableExecutionRolePolicy",
	}
	seen := map[string]bool{}
	for _, f := range all.Features {
		if seen[f.ID] || len(f.Source) == 0 {
			t.Errorf("%s: there twice, or without source", f.ID)
		}
		seen[f.ID] = true
		for _, s := range f.Source {
			if all.Sources[s] == "" {
				t.Errorf("%s: no source is called %s", f.ID, s)
			}
		}
		for _, path := range f.Managed {
			if name := path[strings.LastIndexByte(path, '/')+1:]; !slices.Contains(known, name) {
				t.Errorf("%s: AWS has no policy %s", f.ID, name)
			}
		}
	}
	for _, name := range known {
		if !slices.ContainsFunc(all.Features, func(f feature) bool {
			return slices.ContainsFunc(f.Managed, func(path string) bool { return strings.HasSuffix("/"+path, "/"+name) })
		}) {
			t.Errorf("nothing calls for %s", name)
		}
	}
}
