package collect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"surety/internal/inventory"
	"surety/internal/lockfile"
	"surety/internal/resource"
)

// checkpointSchema is the version of the checkpoint file: JSON lines, the first
// of which says which scan it is of, and each other the answer of one call. The
// last line may be cut off.
const checkpointSchema = 1

// checkpoint keeps answers as they come. The nil checkpoint keeps nothing.
type checkpoint struct {
	path string

	mu     sync.Mutex
	file   *os.File
	size   int64
	broken bool
	index  map[string]span // of answers from before
}

// span is where a line stands in the file.
type span struct {
	at     int64
	length int
}

type checkpointHead struct {
	Schema int              `json:"checkpoint"`
	Header inventory.Header `json:"header"`
	Only   []resource.ID    `json:"only,omitempty"`
}

type checkpointLine struct {
	Call   string          `json:"call"`
	Answer json.RawMessage `json:"answer"`
}

// openCheckpoint begins the plan's checkpoint, or goes on with it. A run that
// goes on keeps the id and the time of the one that began. [lockfile.ErrBusy]: a
// run that is under way has it.
func openCheckpoint(plan *Plan) (*checkpoint, error) {
	if plan.Checkpoint == "" {
		return nil, nil
	}
	c := &checkpoint{path: plan.Checkpoint, index: map[string]span{}}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return nil, fmt.Errorf("making room for the checkpoint: %w", err)
	}
	if plan.Resume {
		head, err := c.load(*plan)
		if err == nil {
			plan.Header.ID, plan.Header.Started = head.Header.ID, head.Header.Started
			return c, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("resuming from %s: %w", c.path, err)
		}
	}
	if err := c.start(checkpointHead{checkpointSchema, plan.Header, plan.Only}); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *checkpoint) start(head checkpointHead) error {
	file, err := lockfile.Open(c.path)
	if err != nil {
		return fmt.Errorf("starting the checkpoint: %w", err)
	}
	c.file = file
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("starting the checkpoint: %w", err)
	}
	line, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("starting the checkpoint: %w", err)
	}
	return c.append(line)
}

// load indexes the whole lines of an existing file.
func (c *checkpoint) load(plan Plan) (checkpointHead, error) {
	file, err := lockfile.Open(c.path)
	if err != nil {
		return checkpointHead{}, err
	}
	c.file = file
	in := bufio.NewReaderSize(file, 1<<20)
	var head checkpointHead
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			break // a last line without its end was cut off
		}
		if err == nil && number == 1 {
			head, err = readHead(line, plan)
		} else if err == nil {
			err = c.note(line)
		}
		if err != nil {
			_ = file.Close() // it was read only; the error that counts is the other
			return head, fmt.Errorf("line %d: %w", number, err)
		}
		c.size += int64(len(line))
	}
	if c.size == 0 {
		_ = file.Close() // likewise
		return head, fs.ErrNotExist
	}
	return head, file.Truncate(c.size)
}

func (c *checkpoint) note(line []byte) error {
	var l checkpointLine
	if err := json.Unmarshal(line, &l); err != nil || l.Call == "" {
		return errors.New("this is no line of a checkpoint: remove the file, or scan without --resume")
	}
	c.index[l.Call] = span{c.size, len(line)}
	return nil
}

func readHead(line []byte, plan Plan) (checkpointHead, error) {
	var head checkpointHead
	if err := json.Unmarshal(line, &head); err != nil || head.Schema == 0 {
		return head, errors.New("this is no checkpoint: remove the file, or scan without --resume")
	}
	if head.Schema > checkpointSchema {
		return head, fmt.Errorf("it has checkpoint schema %d and this program reads up to %d: scan without --resume", head.Schema, checkpointSchema)
	}
	old, now := head.Header, plan.Header
	for _, pair := range [...]struct{ what, old, now string }{
		{"account", string(old.Account), string(now.Account)},
		{"partition", old.Partition, now.Partition},
		{"regions", fmt.Sprint(old.Regions), fmt.Sprint(now.Regions)},
		{"qualifiers", old.Qualifiers, now.Qualifiers},
		{"facets", fmt.Sprint(old.Facets), fmt.Sprint(now.Facets)},
		{"functions", fmt.Sprint(head.Only), fmt.Sprint(plan.Only)},
	} {
		if pair.old != pair.now {
			return head, fmt.Errorf("it is of another scan (%s %s, now %s): scan without --resume", pair.what, pair.old, pair.now)
		}
	}
	return head, nil
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
	line, err := json.Marshal(checkpointLine{key, raw})
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
