package judge

import (
	"context"
	"runtime"
	"sync"

	"surety/internal/resource"
)

// batch is how many resources one worker takes at a time: enough that handing
// over costs nothing, few enough that what waits for its turn stays small.
const batch = 128

// inOrder judges on as many workers as there are processors and emits in the
// order of the list.
func inOrder(ctx context.Context, list []resource.Resource, judge func(resource.Resource) Result, emit func(Result) error) error {
	ctx, cancel := context.WithCancel(ctx)
	type job struct {
		part []resource.Resource
		done chan []Result
	}
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan job), make(chan job, 2*workers)
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() {
		defer close(jobs)
		defer close(order)
		for len(list) > 0 && ctx.Err() == nil {
			n := min(batch, len(list))
			j := job{part: list[:n], done: make(chan []Result, 1)}
			list = list[n:]
			select {
			case order <- j:
				jobs <- j
			case <-ctx.Done():
			}
		}
	})
	for range workers {
		wait.Go(func() {
			for j := range jobs {
				results := make([]Result, len(j.part))
				for i, r := range j.part {
					results[i] = judge(r)
				}
				j.done <- results
			}
		})
	}
	defer cancel() // before waiting
	for j := range order {
		for _, result := range <-j.done {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := emit(result); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}
