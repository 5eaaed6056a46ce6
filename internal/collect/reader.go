package collect

import (
	"context"
	"sync"
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// Reader reads one service. Implementations are in services/*/collect.
type Reader interface {
	// Service is the short name, such as "lambda"; it is part of the names of
	// calls in a checkpoint.
	Service() string
	// Global reports that the service is read once for the account, in the
	// partition with region "".
	Global() bool
	// Facets are those that it can read. A walk begins only where at least one
	// of them was asked for.
	Facets() []resource.Facet
	// Quotas are the buckets that its calls draw from.
	Quotas() []Quota
	// Walk begins the reads of one partition. Home is a region of the plan, for
	// clients of global services.
	Walk(ask Ask, out Output) Walk
}

// Quota is an AWS request quota: calls a second, for one account and region.
type Quota struct {
	Bucket    resource.Bucket
	PerSecond float64
	Together  *Together // nil: every partition has the quota to itself
}

// Together is a quota that is not of the account that is read, so that the
// partitions of many runs draw from it side by side. The zero Together is ready
// for use; the clock and the share of the first run that draws are those of all.
type Together struct {
	once  sync.Once
	pacer *pacer
}

// Ask is what is wanted of one partition.
type Ask struct {
	Partition  string // aws, aws-cn, aws-us-gov
	Account    resource.Account
	Region     resource.Region // "" for what is global
	Home       resource.Region // Region, or any region of the plan where that is ""
	Qualifiers string          // see the constants
	Started    time.Time       // of the scan
	MaxAge     time.Duration   // how old what AWS Config recorded may be at Started; 0: Config is not asked
	facets     map[resource.Facet]bool
	only       map[resource.ID]bool
}

// Facet reports whether f was asked for.
func (a Ask) Facet(f resource.Facet) bool { return a.facets[f] }

// Wants reports whether the reads that cost a call for each resource are wanted
// for id.
func (a Ask) Wants(id resource.ID) bool { return len(a.only) == 0 || a.only[id] }

// Output takes what a walk finds. Its methods are called from Begin, Take, Lost
// and Finish only.
type Output interface {
	// Glimpse shows a resource that is not whole yet, when something in it may
	// decide a check already. It must not change afterwards.
	Glimpse(resource.Resource)
	// Found puts a finished resource into the snapshot, once.
	Found(resource.Resource)
	// Gap reports a place that a good answer did not fill. Failed calls become
	// gaps without help.
	Gap(resource.Gap)
	// Recorded tells, at the end, what of a facet came from AWS Config; the
	// region is filled in.
	Recorded(inventory.Recorded)
}

// Call is one read that a walk wants made.
type Call struct {
	Facet     resource.Facet
	Bucket    resource.Bucket
	Resource  resource.ID // "" for a list of the partition
	Qualifier string
	Page      string // marker of a later page; "" for the first
	Filter    string // what else tells this call from others of its facet
	Order     int    // calls with a lower order go first
	Rank      int64  // among equal orders, the lower goes first
	Spare     bool   // leaves no gap when it fails: the walk reads the same in another way
}

// Walk is the reading of one service in one partition. Its methods are never
// called at the same time, so it needs no lock; only Read is called by many
// goroutines at once, and must not touch what the others change.
type Walk interface {
	// Begin returns the first calls.
	Begin() []Call
	// Read makes the call and reduces what came back to a pointer to an answer
	// that survives JSON. An absence that the service states is an answer.
	Read(ctx context.Context, c Call) (any, error)
	// Blank returns a pointer to an empty answer of c, to read a checkpoint into.
	Blank(c Call) any
	// Take uses an answer and returns the calls that follow from it. An error
	// says that the answer is not what the API promises: it becomes a gap, and
	// the calls are still made.
	Take(c Call, answer any) ([]Call, error)
	// Lost tells that a call will not be answered, and why; its gap is recorded,
	// unless it was spare. Calls that were waiting for it follow.
	Lost(c Call, why Fault) []Call
	// Later counts calls that are sure to follow but were not returned yet.
	Later() map[resource.Bucket]int
	// Seen counts the resources met so far, finished or not.
	Seen() int
	// Finish hands out what is left, when no call is open any more.
	Finish()
}
