package cli_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"surety/internal/awssim"
)

// server is the simulated AWS of one script.
type server struct {
	mu      sync.Mutex
	seen    []string // paths of the calls so far
	arrived chan struct{}
}

type serverKey struct{}

// sim starts a simulated AWS on loopback and gives the script credentials for
// it:
//
//	sim demo          # the demo account
//	sim WORLD.yaml    # a world, with its faults
func sim(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sim demo|WORLD.yaml")
	}
	world, err := awssim.Demo()
	if args[0] != "demo" {
		world, err = awssim.LoadWorld([]byte(ts.ReadFile(args[0])))
	}
	ts.Check(err)
	account := world.Accounts[0].ID
	simulated, err := awssim.New(world, awssim.Options{})
	ts.Check(err)

	s := ts.Value(serverKey{}).(*server)
	ctx, cancel := context.WithCancel(context.Background())
	http := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r.URL.Path)
		simulated.Handler().ServeHTTP(w, r.WithContext(both(r.Context(), ctx)))
	}))
	ts.Defer(http.Close)
	ts.Defer(cancel) // runs first: calls that hang are let go
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": http.URL, "AWS_ACCESS_KEY_ID": awssim.AccessKey(account), "AWS_SECRET_ACCESS_KEY": "hidden", "AWS_REGION": "us-east-1",
	} {
		ts.Setenv(name, value)
	}
}

// both ends with either context.
func both(a, b context.Context) context.Context {
	ctx, cancel := context.WithCancel(a)
	context.AfterFunc(b, cancel)
	return ctx
}

func (s *server) note(path string) {
	s.mu.Lock()
	s.seen = append(s.seen, path)
	s.mu.Unlock()
	select {
	case s.arrived <- struct{}{}:
	default:
	}
}

func (s *server) saw(part string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range s.seen {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// arrives waits until a call whose path holds a text has come.
func arrives(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: arrives PART-OF-PATH")
	}
	s := ts.Value(serverKey{}).(*server)
	giveUp := time.NewTimer(time.Minute)
	defer giveUp.Stop()
	for !s.saw(args[0]) {
		select {
		case <-s.arrived:
		case <-giveUp.C:
			ts.Fatalf("no call with %q in its path came", args[0])
		}
	}
}
