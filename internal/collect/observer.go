package collect

import (
	"time"

	"surety/internal/inventory"
	"surety/internal/resource"
)

// Observer hears what a run does. Its functions may be nil; they are called one
// at a time and should return soon, for reading waits meanwhile.
type Observer struct {
	// Resumed comes first where the plan says Resume.
	Resumed func(Resumed)
	// Estimate tells the cost of one partition: once after its first answer,
	// and, where that left calls open, again when all its lists are known.
	Estimate func(Estimate)
	// Progress comes after calls end, at most four times a second, and once at
	// the end.
	Progress func(Progress)
	// Resource shows a resource. With whole false it is a first look (a failing
	// check on it stands, a passing one does not) and comes again.
	Resource func(r resource.Resource, whole bool)
	// Gap tells of a gap as it is recorded.
	Gap func(resource.Gap)
}

// Resumed is what a run goes on with; zero where there was no checkpoint, so that
// it begins anew.
type Resumed struct {
	Since   time.Time // when the run that was cut off began
	Answers int       // that are taken as read
}

// Estimate is what the reading of one partition costs. Calls already made are
// part of it.
type Estimate struct {
	Region    resource.Region // "" for what is global
	Resources int             // seen so far
	Calls     int             // known so far, in all quotas together
	Time      time.Duration   // of the slowest quota at the run's share; 0 when unlimited
	Firm      bool            // the lists are complete; otherwise it is at least this
}

// Progress is the state of a run.
type Progress struct {
	Regions, RegionsDone int           // partitions
	Resources            int           // finished
	Calls                int           // attempts made, retries included
	Throttled            int           // of these
	Remaining            int           // calls known to be left
	Left                 time.Duration // until the end at the present pace; 0 when unknown
}

// Result is what a run leaves.
type Result struct {
	Snapshot *inventory.Snapshot // sealed
	Stopped  *Stop               // nil when everything was tried
	GaveUp   bool                // a quota of a region was left without its answers
	Unkept   error               // why the checkpoint does not hold every answer; nil when it does
}

// Stop says why a run ended early. The snapshot's gaps have the same code.
type Stop struct {
	Code   string // [resource.CodeInterrupted], or the code of the answer to expired credentials
	Reason string // one line
}
