package moto_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
)

// serve starts moto_server on a free port of the loopback and returns its URL
// once it answers. The server picks the port itself, so nobody can take it in
// between; it ends when stop closes its standard input. With an account, every
// call is that account's; without, the credentials tell. More settings of moto may
// follow.
func serve(ctx context.Context, venv, account string, more ...string) (url string, stop func(), err error) {
	stop = func() {}
	c := exec.CommandContext(ctx, filepath.Join(venv, "bin", "python"), "-u", "testdata/serve.py", "-H", "127.0.0.1", "-p", "0")
	c.Env = settings(append(more, "HOME=/nonexistent")...)
	if account != "" {
		c.Env = append(c.Env, "MOTO_ACCOUNT_ID="+account)
	}
	hold, err := c.StdinPipe()
	if err != nil {
		return "", stop, fmt.Errorf("starting moto_server: %w", err)
	}
	said, err := c.StderrPipe()
	if err != nil {
		return "", stop, fmt.Errorf("starting moto_server: %w", err)
	}
	if err := c.Start(); err != nil {
		return "", stop, fmt.Errorf("starting moto_server: %w; run `make test`, which brings it", err)
	}
	stop = func() {
		hold.Close()
		c.Wait() // its exit code says nothing
	}
	lines := bufio.NewScanner(said)
	var story []string
	for lines.Scan() {
		story = append(story, lines.Text())
		if _, at, ok := strings.Cut(lines.Text(), "Running on "); ok {
			go io.Copy(io.Discard, said) // its log must not fill the pipe
			return strings.TrimSpace(at), stop, reset(ctx, strings.TrimSpace(at))
		}
	}
	return "", stop, fmt.Errorf("starting moto_server: it ended with %q", story)
}

// reset empties the server.
func reset(ctx context.Context, url string) error {
	return post(ctx, url+"/moto-api/reset", "us-east-1", "", http.StatusOK)
}

// post sends what no client would, signed for a region as moto reads it (it
// does not check signatures), and wants a status.
func post(ctx context.Context, url, region, body string, want int) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("asking moto_server: %w", err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261122/"+region+"/lambda/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return fmt.Errorf("asking moto_server: %w", err)
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != want {
		return errors.Join(err, fmt.Errorf("moto_server answers %s with %s, not %d", url, answer.Status, want))
	}
	return err
}
