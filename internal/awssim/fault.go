package awssim

import (
	"context"
	"fmt"
	"sync"
)

// Kind is what a fault does to a call.
type Kind string

// The kinds of faults.
const (
	AccessDenied Kind = "access-denied"  // no identity policy allows it
	DeniedBySCP  Kind = "denied-by-scp"  // a service control policy forbids it
	Throttle     Kind = "throttle"       // over a quota that is not ours to see
	ServerError  Kind = "server-error"   // 500
	Hang         Kind = "hang"           // no answer until the caller gives up
	Reset        Kind = "reset"          // connection dropped without an answer
	HTML         Kind = "html"           // a page for people, status 200
	HTMLNotFound Kind = "html-not-found" // a page for people, status 404
	Truncated    Kind = "truncated"      // half of the body, well delivered
	CutOff       Kind = "cut-off"        // half of the body, then the connection ends
	WrongContent Kind = "wrong-content"  // Fault.Body, or a JSON list where an object belongs
	ExpiredToken Kind = "expired-token"
	Empty        Kind = "empty"        // status 200, no body
	EndlessPage  Kind = "endless-page" // the first page again and again, under one marker
)

// Fault strikes the calls it matches. Empty fields match every call.
type Fault struct {
	Kind      Kind   `yaml:"kind"`
	Caller    string `yaml:"caller"` // label
	Account   string `yaml:"account"`
	Region    string `yaml:"region"`
	Service   string `yaml:"service"` // "lambda"
	API       string `yaml:"api"`     // "GetPolicy"
	Function  string `yaml:"function"`
	Qualifier string `yaml:"qualifier"` // Unqualified: calls without one

	First int    `yaml:"first"` // the first matching call that is struck, from 1; 0 is 1
	Times int    `yaml:"times"` // how many are struck; 0: all from then on
	Body  string `yaml:"body"`  // of WrongContent
}

// Unqualified matches the calls that name no qualifier.
const Unqualified = "-"

func (f Fault) check() error {
	switch f.Kind {
	case AccessDenied, DeniedBySCP, Throttle, ServerError, Hang, Reset, HTML, HTMLNotFound,
		Truncated, CutOff, WrongContent, ExpiredToken, Empty, EndlessPage:
		return nil
	}
	return fmt.Errorf("fault on %q: no kind of fault is called %q", f.API, f.Kind)
}

func (f *Fault) matches(c *call) bool {
	qualifier := c.qualifier
	if qualifier == "" {
		qualifier = Unqualified
	}
	for _, p := range [...][2]string{{f.Caller, c.caller.Label}, {f.Account, c.account.ID}, {f.Region, c.region}, {f.Service, c.service},
		{f.API, c.api}, {f.Function, c.function}, {f.Qualifier, qualifier}} {
		if p[0] != "" && p[0] != p[1] {
			return false
		}
	}
	return true
}

// faults counts, for each fault, the calls it matched.
type faults struct {
	mu   sync.Mutex
	list []Fault
	seen []int
}

func (fs *faults) set(list []Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list, fs.seen = list, make([]int, len(list))
}

// strike finds the first fault that hits a call; nil for none. Every fault
// that matches counts the call, also one that comes too late to hit it.
func (fs *faults) strike(c *call) *Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var hit *Fault
	for i := range fs.list {
		f := &fs.list[i]
		if !f.matches(c) {
			continue
		}
		fs.seen[i]++
		first := max(1, f.First)
		if n := fs.seen[i]; hit == nil && n >= first && (f.Times == 0 || n < first+f.Times) {
			hit = f
		}
	}
	return hit
}

const page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Welcome to the guest network</h1></body></html>\n"

// before does what a fault does instead of the call. Done with a nil reply
// drops the connection.
func (f *Fault) before(ctx context.Context, c *call) (out *reply, done bool) {
	if f == nil {
		return nil, false
	}
	switch f.Kind {
	case AccessDenied:
		return refuse(c, denied(c, becauseNothing(c))), true
	case DeniedBySCP:
		return refuse(c, denied(c, becauseSCP)), true
	case Throttle:
		return refuse(c, throttled(c.service, 0)), true
	case ServerError:
		return refuse(c, broken(c.service)), true
	case ExpiredToken:
		return refuse(c, expired(c.service)), true
	case Hang:
		<-ctx.Done()
		return nil, true
	case Reset:
		return nil, true
	case HTML:
		return &reply{status: 200, contentType: "text/html", body: []byte(page)}, true
	case HTMLNotFound:
		return &reply{status: 404, contentType: "text/html", body: []byte(page)}, true
	}
	return nil, false
}

// after does what a fault does to the answer of the call.
func (f *Fault) after(out *reply) *reply {
	if f == nil {
		return out
	}
	switch f.Kind {
	case Truncated:
		out.body = out.body[:len(out.body)/2]
	case CutOff:
		out.body, out.cut = out.body[:len(out.body)/2], true
	case WrongContent:
		out.body = []byte(`["unexpected"]`)
		if f.Body != "" {
			out.body = []byte(f.Body)
		}
	case Empty:
		out.body = nil
	}
	return out
}
