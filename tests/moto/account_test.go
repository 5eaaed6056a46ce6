package moto_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/sync/errgroup"
)

const owner = "123412341234"

// A function of the account: what makes it, and what an audit must say of it.
type function struct {
	region, name string
	commands     []string
	want         map[string]string // by rule: status and, after a space, its grants
	callers      []string          // whom its policies let in: trusted or stranger, and who
}

func (f function) arn() string {
	return "arn:aws:lambda:" + f.region + ":" + owner + ":function:" + f.name
}

// An account is testdata/account.txtar, read.
type account struct {
	roles     []string
	functions []function
	files     map[string][]byte // what the commands name by file://
}

func readAccount(file string) (*account, error) {
	text, err := txtar.ParseFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the account: %w", err)
	}
	a := &account{files: map[string][]byte{}}
	for _, f := range text.Files {
		region, name, isFunction := strings.Cut(f.Name, "/")
		switch {
		case f.Name == "roles":
			a.roles = lines(f.Data)
		case !isFunction:
			a.files[f.Name] = f.Data
		default:
			one := function{region: region, name: name, want: map[string]string{}}
			for _, line := range lines(f.Data) {
				switch word, rest, _ := strings.Cut(line, " "); {
				case strings.HasPrefix(word, "Lambda-"):
					one.want[word] = rest
				case word == "trusted" || word == "stranger":
					one.callers = append(one.callers, line)
				default:
					one.commands = append(one.commands, line)
				}
			}
			a.functions = append(a.functions, one)
		}
	}
	return a, nil
}

// lines returns the lines that say something.
func lines(text []byte) []string {
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// fill does the administrator's work: roles one after the other, as people do,
// then functions side by side, each in its own order.
func (w *world) fill(ctx context.Context) error {
	for name, content := range w.account.files {
		if err := os.WriteFile(filepath.Join(w.work, name), content, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(w.work, "code.zip"), code(), 0o600); err != nil {
		return fmt.Errorf("writing the functions' code: %w", err)
	}
	for _, command := range w.account.roles {
		if err := w.do(ctx, "us-east-1", command); err != nil {
			return err
		}
	}
	side, ctx := errgroup.WithContext(ctx)
	side.SetLimit(4)
	for _, f := range w.account.functions {
		side.Go(func() error {
			for _, command := range f.commands {
				if err := w.do(ctx, f.region, command); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return side.Wait()
}

func (w *world) do(ctx context.Context, region, command string) error {
	what, rest, _ := strings.Cut(command, " ")
	switch what {
	case "aws":
		_, err := w.aws(ctx, region, strings.Fields(os.Expand(rest, abbreviation))...)
		return err
	case "post":
		path, body, _ := strings.Cut(rest, " ")
		return post(ctx, w.server+path, region, body, http.StatusInternalServerError)
	}
	return fmt.Errorf("%q is neither aws nor post", command)
}

func abbreviation(name string) string {
	switch name {
	case "ROLE":
		return "arn:aws:iam::" + owner + ":role"
	case "CODE":
		return "--runtime python3.13 --handler index.handler --zip-file fileb://code.zip"
	}
	return "$" + name
}

// aws runs the aws command line and returns what it prints.
func (w *world) aws(ctx context.Context, region string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, filepath.Join(w.venv, "bin", "aws"), args...)
	c.Dir = w.work
	c.Env = w.environment(region)
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	if err := c.Run(); err != nil {
		return out.String(), fmt.Errorf("aws %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(problems.Bytes()))
	}
	return out.String(), nil
}

// environment is all that a command sees: nothing of the machine's own AWS
// set-up can reach it.
func (w *world) environment(region string) []string {
	return settings("HOME="+w.work, "AWS_ENDPOINT_URL="+w.server, "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
}

func settings(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "LANG=C.UTF-8"}, more...)
}

func code() []byte {
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	file, _ := archive.Create("index.py") // writing to memory does not fail
	file.Write([]byte("def handler(event, context):\n    return event\n"))
	archive.Close()
	return packed.Bytes()
}
