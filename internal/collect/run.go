package collect

import (
	"context"
	"errors"
)

// Run reads what the plan asks for and returns it. See the package's comment
// for interrupts and errors.
func Run(ctx context.Context, plan Plan, readers []Reader, watch Observer) (Result, error) {
	return Result{}, errors.New("not built yet")
}
