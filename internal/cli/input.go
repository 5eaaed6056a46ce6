package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// largestPolicy bounds a policy or request that is read whole, in bytes. AWS
// stores 20,480 characters at most.
const largestPolicy = 4 << 20

// read reads a whole small file; "-" is standard input.
func (a *app) read(name string) ([]byte, error) {
	in, done, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer done()
	data, err := readUpTo(in, largestPolicy)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, fmt.Errorf("%s is larger than %d bytes: no policy is", a.called(name), largestPolicy)
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", a.called(name), plainPath(err))
	}
	return data, nil
}

var errTooLarge = errors.New("the file is too large")

// readUpTo reads to the end, which must come within limit bytes: a device or a
// pipe may have none.
func readUpTo(in io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, err
}

// readSettings reads a file that the configuration consists of, whole.
func readSettings(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, plainPath(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := readUpTo(f, limit)
	if errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("it is larger than %d bytes: is it the right file", limit)
	}
	return data, plainPath(err)
}

// open opens a file to read; "-" is standard input. The caller calls done.
func (a *app) open(name string) (in io.Reader, done func() error, err error) {
	if name == "-" {
		return a.Stdin, func() error { return nil }, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", name, plainPath(err))
	}
	return f, f.Close, nil
}

// called is how messages name an input.
func (a *app) called(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// plainPath drops the path from a file error, for messages that name it already.
func plainPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
