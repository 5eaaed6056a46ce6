package actions

import (
	"context"

	"surety/services/iam"
)

// memory asks once for what many functions of one role need.
type memory struct {
	Roles
	usage     map[string]answered[*iam.Usage]
	documents map[string]answered[string]
}

type answered[T any] struct {
	what T
	err  error
}

// remembering wraps roles for the time of one plan. It is not safe for concurrent
// use.
func remembering(r Roles) Roles {
	return &memory{r, map[string]answered[*iam.Usage]{}, map[string]answered[string]{}}
}

func (m *memory) Usage(ctx context.Context, arn string) (*iam.Usage, error) {
	return once(m.usage, arn, func() (*iam.Usage, error) { return m.Roles.Usage(ctx, arn) })
}

func (m *memory) Document(ctx context.Context, arn string) (string, error) {
	return once(m.documents, arn, func() (string, error) { return m.Roles.Document(ctx, arn) })
}

func once[T any](seen map[string]answered[T], arn string, ask func() (T, error)) (T, error) {
	a, known := seen[arn]
	if !known {
		a.what, a.err = ask()
		seen[arn] = a
	}
	return a.what, a.err
}
