package collect

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

type checkpointLine struct {
	Call   string          `json:"call"`
	Answer json.RawMessage `json:"answer"`
	Sum    string          `json:"sum"`
}

// sum tells an answer that was damaged on the disk, or by hand, from what was
// written: half an answer may look like one that says there is nothing.
func (l checkpointLine) sum() string {
	h := sha256.Sum256([]byte(l.Call + "\n" + string(l.Answer)))
	return hex.EncodeToString(h[:8])
}

// encode writes an answer as a line; nil when nothing is kept.
func (c *checkpoint) encode(key string, answer any, failed error) ([]byte, error) {
	if c == nil || failed != nil {
		return nil, nil
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("writing the answer of a call: %w", err)
	}
	l := checkpointLine{Call: key, Answer: raw}
	l.Sum = l.sum()
	line, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("writing the answer of a call: %w", err)
	}
	return line, nil
}

// append writes one line. After an error nothing more is written, so that the
// file never has a hole in the middle.
func (c *checkpoint) append(line []byte) error {
	if c == nil || line == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return nil
	}
	n, err := c.file.WriteAt(append(line, '\n'), c.size)
	if err != nil {
		c.broken = true
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	c.size += int64(n)
	return nil
}

// resumed tells what a run goes on with.
func (c *checkpoint) resumed(plan Plan) Resumed {
	if c == nil || len(c.index) == 0 {
		return Resumed{}
	}
	return Resumed{Since: plan.Header.Started, Answers: len(c.index)}
}

// find returns the answer that the file holds for a key.
func (c *checkpoint) find(key string) (json.RawMessage, bool) {
	if c == nil {
		return nil, false
	}
	s, ok := c.index[key]
	if !ok {
		return nil, false
	}
	line := make([]byte, s.length)
	if _, err := c.file.ReadAt(line, s.at); err != nil {
		return nil, false
	}
	var l checkpointLine
	if json.Unmarshal(bytes.TrimSpace(line), &l) != nil {
		return nil, false
	}
	return l.Answer, true
}

// close ends writing; a finished scan needs its checkpoint no longer.
func (c *checkpoint) close(finished bool) error {
	if c == nil {
		return nil
	}
	err := c.file.Close()
	if finished {
		err = errors.Join(err, os.Remove(c.path))
	}
	if err != nil {
		return fmt.Errorf("closing the checkpoint: %w", err)
	}
	return nil
}

// key names a call within a scan.
func (p *partition) key(c Call) string {
	return strings.Join([]string{p.reader.Service(), string(p.ask.Region), string(c.Facet), string(c.Resource), c.Qualifier, c.Page, c.Filter}, "\x1f")
}

// recall returns the answer that a call had in the scan that is resumed.
func (p *partition) recall(c Call) (any, bool) {
	raw, ok := p.run.checkpoint.find(p.key(c))
	if !ok {
		return nil, false
	}
	answer := p.walk.Blank(c)
	if json.Unmarshal(raw, answer) != nil {
		return nil, false
	}
	return answer, true
}
