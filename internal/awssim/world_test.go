package awssim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

// What could not be in AWS is refused, and the message tells where it is.
func TestWorldsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		yaml, want string
	}{
		"short account":   {`accounts: [{id: "12"}]`, `account "12": an id has 12 digits`},
		"nameless region": {`accounts: [{id: "111122223333", regions: [{}]}]`, `account 111122223333: a region has no name`},
		"nameless":        {`accounts: [{id: "111122223333", regions: [{name: r, functions: [{}]}]}]`, `region r, function "": it has no name`},
		"twice":           {`accounts: [{id: "111122223333", regions: [{name: r, functions: [{name: f}, {name: f}]}]}]`, `two functions named "f"`},
		"lost alias":      {`accounts: [{id: "111122223333", regions: [{name: r, functions: [{name: f, aliases: [{name: a, version: "9"}]}]}]}]`, `alias "a" points to version "9"`},
		"bad grant":       {`accounts: [{id: "111122223333", regions: [{name: r, functions: [{name: f, grants: [{sid: s, principal: nobody}]}]}]}]`, `function "f": grant "s": InvalidParameterValueException`},
		"lost qualifier":  {`accounts: [{id: "111122223333", regions: [{name: r, functions: [{name: f, grants: [{sid: s, principal: "*", qualifier: q}]}]}]}]`, `grant "s": ResourceNotFoundException`},
		"unknown member":  {"accounts:\n- {ids: x}", `[2:4] unknown field "ids"`},
		"no kind":         {`faults: [{kind: dull}]`, `no kind of fault is called "dull"`},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := awssim.LoadWorld([]byte(c.yaml))
			if err == nil {
				_, err = awssim.New(w, awssim.Options{})
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// The shares that the benchmarks are reckoned with, and the same world each time.
func TestGenerate(t *testing.T) {
	read := func() (n, aliases, versions int, text string) {
		s := start(t, awssim.Generate(awssim.Size{Account: owner, Regions: []string{region, "eu-west-1"}, Functions: 200}), awssim.Options{})
		client := lambda.NewFromConfig(signed(s, awssim.AccessKey(owner), "eu-west-1"))
		for p := lambda.NewListFunctionsPaginator(client, &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll}); p.HasMorePages(); {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range out.Functions {
				text += fmt.Sprintln(*f.FunctionArn, *f.Role, *f.RevisionId)
				if *f.Version != awssim.Latest {
					versions++
					continue
				}
				n++
				a, err := client.ListAliases(t.Context(), &lambda.ListAliasesInput{FunctionName: f.FunctionName})
				if err != nil {
					t.Fatal(err)
				}
				aliases += len(a.Aliases)
			}
		}
		return n, aliases, versions, text
	}
	n, aliases, versions, text := read()
	if n != 200 || aliases != 40 || versions != 60 {
		t.Errorf("%d functions, %d aliases, %d versions", n, aliases, versions)
	}
	if _, _, _, again := read(); again != text {
		t.Error(cmp.Diff(text, again))
	}
}
