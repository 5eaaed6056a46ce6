// Package lockfile opens files that one process alone may hold at a time, so that
// two scans of one account, or two appliers of one plan, cannot write over each
// other. A lock goes with its process: nothing is left to clear away after a kill.
package lockfile

import "errors"

// ErrBusy says that the file has a holder.
var ErrBusy = errors.New("another run has it open")
