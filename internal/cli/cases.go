package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"
)

// proveCases answers a file of cases, one line each, in order. A line that is
// no case is answered too, and makes the exit code 1.
func (a *app) proveCases(name string, now time.Time) error {
	in, done, err := a.open(name)
	if err != nil {
		return err
	}
	defer done()
	lines := bufio.NewReaderSize(in, 1<<16)
	bad := 0
	for number := 1; ; number++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return fmt.Errorf("reading line %d of %s: %w", number, a.called(name), plainPath(err))
		}
		ok, err := a.proveCase(line, err, number, now)
		if err != nil {
			return err
		}
		if !ok {
			bad++
		}
	}
	if bad > 0 {
		return exitCode(exitCannot)
	}
	return nil
}

// proveCase answers one line; ok is false when it was no case. unread is why
// the line could not be taken in, nil mostly.
func (a *app) proveCase(line []byte, unread error, number int, now time.Time) (ok bool, err error) {
	c, err := policyCase{}, unread
	if err == nil {
		c, err = readCase(line)
	}
	if err != nil {
		return false, writeLine(a.Stdout, noCaseAnswer{Line: number, Verdict: verdictError, Why: oneLine(err.Error())})
	}
	c.question.Now = now
	return true, writeAnswer(a.Stdout, &c.id, proveText(c.policy, c.question))
}

// readLine reads one line without its end. A line beyond largestPolicy is read
// to its end, dropped, and told as errLongLine.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > largestPolicy; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return line, nil
	}
}
