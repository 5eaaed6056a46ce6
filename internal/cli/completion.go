package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newCompletion(a *app) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "The script that lets a shell complete commands, flags and rules",
		Example: `  surety completion bash > /etc/bash_completion.d/surety
  surety completion zsh > "${fpath[1]}/_surety"
  surety completion fish > ~/.config/fish/completions/surety.fish`,
		Args: takes("the name of a shell"), ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			write, known := map[string]func() error{
				"bash":       func() error { return c.Root().GenBashCompletionV2(a.Stdout, true) },
				"zsh":        func() error { return c.Root().GenZshCompletion(a.Stdout) },
				"fish":       func() error { return c.Root().GenFishCompletion(a.Stdout, true) },
				"powershell": func() error { return c.Root().GenPowerShellCompletionWithDesc(a.Stdout) },
			}[args[0]]
			if !known {
				return usagef("completion: no script for %q: there are %s", args[0], strings.Join(shells, ", "))
			}
			if err := write(); err != nil {
				return fmt.Errorf("writing the completion script: %w", err)
			}
			return nil
		},
	}
}

// completeFlags offers the values of flags that have few. A flag that the
// command does not have is passed over.
func completeFlags(c *cobra.Command) {
	for flag, values := range map[string][]string{
		"format": {"table", "json"}, "qualifiers": {"all", "aliases", "function"}, "source": {fromServices, fromRecorder}, "rate": {"0.5", "1", "unlimited"},
		"fail-on": {"low", "medium", "high", "very-high", "extreme", "never"}, "rule": ruleWords(),
	} {
		if c.Flags().Lookup(flag) != nil {
			_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flag is there, and once
		}
	}
}

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND…]", Short: "How a command is used",
		Example: "  surety help scan\n  surety help trust suggest",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil {
				return err // one of ours: see unknownCommand
			}
			if len(rest) > 0 {
				return unknownCommand(found, rest)
			}
			return found.Help()
		},
	}
}
