// Package remedy carries out plans, one call at a time, and keeps a journal that
// tells the truth whenever the program ends.
//
//   - An [Actor] knows one kind of change: how the resource is read, compared,
//     written and judged. Actors live with the services that they change.
//   - A [Journal] keeps plans and what became of their steps; [Files] is the one
//     on disk. What is about to be done is on disk before it is done.
//   - An [Applier] walks a plan: read, compare with Before, journal, call, read
//     back, judge, journal.
//   - [Rollback] turns what a plan did round into a plan.
package remedy
