package collect

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"surety/internal/inventory"
	"surety/internal/lockfile"
	"surety/internal/resource"
)

// checkpointSchema is the version of the checkpoint file: JSON lines, the first
// of which says which scan it is of, and each other the answer of one call with
// its sum. The last line may be cut off.
const checkpointSchema = 2

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

// openCheckpoint begins the plan's checkpoint, or goes on with it. A run that
// goes on keeps the id and the time of the one that began. [lockfile.ErrBusy]: a
// run that is under way has it. With an error there is no checkpoint.
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
	if err = file.Truncate(0); err == nil {
		var line []byte
		if line, err = json.Marshal(head); err == nil {
			err = c.append(line)
		}
	}
	if err != nil {
		_ = file.Close() // nothing in it is of use
		return fmt.Errorf("starting the checkpoint: %w", err)
	}
	return nil
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
	if err := json.Unmarshal(line, &l); err != nil || l.Sum != l.sum() {
		return errors.New("this is no line of a checkpoint, or it was damaged: scan without --resume")
	}
	c.index[l.Call] = span{c.size, len(line)}
	return nil
}

func readHead(line []byte, plan Plan) (checkpointHead, error) {
	var head checkpointHead
	if err := json.Unmarshal(line, &head); err != nil || head.Schema == 0 {
		return head, errors.New("this is no checkpoint: scan without --resume")
	}
	if head.Schema != checkpointSchema {
		return head, fmt.Errorf("it has checkpoint schema %d and this program goes on with %d: scan without --resume", head.Schema, checkpointSchema)
	}
	old, now := head.Header, plan.Header
	for _, pair := range [...]struct{ what, old, now string }{
		{"program", old.Program, now.Program},
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
