// Package assure walks one scan from end to end: who are we, which regions, what
// may be read, how is it judged, who hears of it. It is the only conductor; what
// each step does is done by the packages below.
//
//   - A [Walk] reads an account into a snapshot.
//   - A [Judgement] turns a snapshot, fresh or from a file, into events.
package assure
