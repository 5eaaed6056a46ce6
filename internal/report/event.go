// Package report turns the event stream of a scan into what people and programs
// read. The JSON format is the stream itself, so any other format can be made
// again from a saved one.
package report

import (
	"time"

	"surety/internal/check"
	"surety/internal/inventory"
	"surety/internal/resource"
)

// EventSchema is the version of the event shapes.
const EventSchema = 1

// Event is one line of the stream; exactly one field is set. Scan comes first
// and End last; a resource comes before its checks. A scan of many accounts has
// one such block for each, with its lines of the ledger before the end.
type Event struct {
	Scan     *Scan         `json:"scan,omitempty"`
	Resource *resource.Ref `json:"resource,omitempty"`
	Check    *check.Check  `json:"check,omitempty"`
	Gap      *Gap          `json:"gap,omitempty"`
	Ledger   *Ledger       `json:"ledger,omitempty"`
	End      *End          `json:"end,omitempty"`
}

// Scan opens the events of one account.
type Scan struct {
	Schema        int               `json:"schema"`
	ID            string            `json:"id"`
	Started       time.Time         `json:"started"`
	Source        string            `json:"source"` // aws, snapshot or demo
	Program       string            `json:"program"`
	Partition     string            `json:"partition"`
	Account       resource.Account  `json:"account"`
	Regions       []resource.Region `json:"regions"`
	RegionsChosen bool              `json:"regions_chosen"`
	Qualifiers    string            `json:"qualifiers"`
	Rules         []string          `json:"rules"`
}

// Gap is a facet that could not be read.
type Gap struct {
	resource.Gap
	Needed bool `json:"needed"` // an enabled rule's verdict hangs on it
}

// Counts counts checks by status.
type Counts struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"not_applicable"`
}

// End closes the events of one account.
type End struct {
	Finished    time.Time `json:"finished"`
	Complete    bool      `json:"complete"` // no needed gap, no interrupt, no unknown check
	Interrupted bool      `json:"interrupted"`
	Counts      Counts    `json:"counts"`
	Known       *int      `json:"known,omitempty"` // failing checks that a baseline left out; nil without one
	Gaps        int       `json:"gaps"`
	Limits      []string  `json:"limits"`
	Calls       int       `json:"calls"`
	Throttled   int       `json:"throttled"`
	Exit        int       `json:"exit"`

	Recorded []inventory.Recorded `json:"recorded,omitempty"` // nil where AWS Config was not asked
}

// Sink hears the events of a scan, in order, from one goroutine. Close is called
// once, after the last event, and writes what was held back.
type Sink interface {
	Event(Event) error
	Close() error
}
