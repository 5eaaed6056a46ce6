package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"surety/policy"
)

func newEvaluate(a *app) *cobra.Command {
	var request string
	c := &cobra.Command{
		Use:   "evaluate POLICY.json|- --request REQUEST.json",
		Short: "What one policy says to one request",
		Long: `Evaluate decides one request by one policy and prints one line of JSON: the
decision (Allow, Deny or NoMatch), the index of the statement that decided it
and its Sid. A request has the shape of a witness of "surety prove".

Exit status: 0 it was decided, whatever the answer; 1 the policy is none; 2 the
request is none.`,
		Example: "  surety evaluate policy.json --request request.json\n" +
			"  aws lambda get-policy --function-name orders --query Policy --output text |\n" +
			"    surety evaluate - --request request.json",
		Args: takes("POLICY.json"),
		RunE: func(_ *cobra.Command, args []string) error { return a.evaluate(args[0], request) },
	}
	c.Flags().StringVar(&request, "request", "", "`file` with the request; - is standard input")
	return c
}

func (a *app) evaluate(policyFile, requestFile string) error {
	switch {
	case requestFile == "":
		return usagef("evaluate: --request is missing: give a file with the request, or - for standard input")
	case requestFile == "-" && policyFile == "-":
		return usagef("evaluate: policy and request cannot both be standard input: put one of them into a file")
	}
	doc, err := a.readPolicy(policyFile)
	if err != nil {
		return err
	}
	text, err := a.read(requestFile)
	if err != nil {
		return usage(err)
	}
	req, err := policy.ParseRequest(text)
	if err != nil {
		return usage(fmt.Errorf("%s is not a request: %w", a.called(requestFile), err))
	}
	return writeLine(a.Stdout, policy.Evaluate(doc, req))
}

// readPolicy reads a policy strictly: what AWS would not store is an error.
func (a *app) readPolicy(name string) (*policy.Document, error) {
	text, err := a.read(name)
	if err != nil {
		return nil, err
	}
	doc, err := policy.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a policy: %w", a.called(name), err)
	}
	return doc, nil
}
