package collect

import "errors"

// Classify turns an error of an SDK call into a fault.
func Classify(err error) Fault { return Fault{Reason: err.Error()} }

// Clarify returns err as one line that is safe to show, wrapping err.
func Clarify(err error) error { return err }

// Malformed is the error of a read whose answer is not what the API promises.
func Malformed(reason string) error { return errors.New(reason) }
