package cli

import (
	"time"

	"github.com/spf13/cobra"

	"surety/policy/prove"
)

// proveFlags are the flags of prove.
type proveFlags struct {
	config    configFlags
	function  string
	qualifier string
	org       string
	now       string
	format    string
	cases     string
}

func newProve(a *app) *cobra.Command {
	var f proveFlags
	c := &cobra.Command{
		Use:   "prove POLICY.json|- --function ARN",
		Short: "Who from outside may invoke: a witness, or a proof of nobody",
		Long: `Prove decides, over every request that anybody could make, whether a policy lets
somebody outside the trust zone invoke the function. FAIL comes with a witness,
a concrete request that "surety evaluate" allows. PASS is a proof. UNDECIDED
says which bound was reached; it counts as a failure.

With --cases it answers a file of cases, one JSON object a line, in order.

Exit status: 0 PASS; 1 the policy is none (ERROR); 2 wrong usage; 3 FAIL or
UNDECIDED. With --cases: 0 every line was answered, whatever the answers; 1 a
line was no case.`,
		Example: `  surety prove policy.json \
    --function arn:aws:lambda:us-east-1:123412341234:function:orders
  aws lambda get-policy --function-name orders --query Policy --output text |
    surety prove - --trust 222233334444 \
      --function arn:aws:lambda:us-east-1:123412341234:function:orders
  surety prove --cases cases.jsonl > answers.jsonl`,
		RunE: func(c *cobra.Command, args []string) error { return a.prove(c, args, &f) },
	}
	flags := c.Flags()
	f.config.add(flags)
	flags.StringVar(&f.function, "function", "", "`ARN` of the function, without qualifier")
	flags.StringVar(&f.qualifier, "qualifier", "", "alias or version that the policy belongs to (`name`; default: the function itself)")
	flags.StringVar(&f.org, "org-id", "", "organisation of the function's owner (`id` o-…)")
	flags.StringVar(&f.now, "now", "", "judge requests from this `time` on (2026-11-22T00:00:00Z; default: of any time)")
	flags.StringVar(&f.format, "format", "text", "`format` of the answer: text or json")
	flags.StringVar(&f.cases, "cases", "", "answer the cases in this `file` (JSON lines); - is standard input")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp)) // the flag is there, and once
	return c
}

func (a *app) prove(c *cobra.Command, args []string, f *proveFlags) error {
	now, err := parseNow(f.now)
	if err != nil {
		return err
	}
	if f.format != "text" && f.format != "json" {
		return usagef("--format: %q is no format of prove: use text or json", f.format)
	}
	if f.cases == "" {
		if err := takes("POLICY.json, or --cases FILE,")(c, args); err != nil {
			return err
		}
		return a.proveOne(args[0], f, now)
	}
	if len(args) > 0 {
		return usagef("prove: %q is one argument too many: with --cases the policies stand in the cases", args[0])
	}
	for _, name := range []string{"function", "qualifier", "org-id", "config", "trust", "trust-org", "trust-ou", "trust-principal", "trust-network", "format"} {
		if c.Flags().Changed(name) {
			return usagef("prove: --%s has no meaning with --cases: every case says it for itself", name)
		}
	}
	return a.proveCases(f.cases, now)
}

func parseNow(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usagef("--now: %q is no time: write it as 2026-11-22T00:00:00Z", text)
}

// proveOne answers one policy.
func (a *app) proveOne(name string, f *proveFlags, now time.Time) error {
	q, err := f.question(a, now)
	if err != nil {
		return err
	}
	text, err := a.read(name)
	if err != nil {
		return err
	}
	answer := proveText(text, q)
	if f.format == "json" {
		err = writeAnswer(a.Stdout, nil, answer)
	} else {
		err = a.writeVerdict(name, answer)
	}
	if err != nil {
		return err
	}
	return exitCode(codeOf(answer.Verdict))
}

// codeOf is the exit code of a verdict. What is not decided is no pass.
func codeOf(v prove.Verdict) int {
	switch v {
	case prove.Pass:
		return exitOK
	case verdictError:
		return exitCannot
	}
	return exitFail
}
