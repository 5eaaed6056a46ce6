package awssim

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// Start serves the Sim on a free loopback port until the context ends, and
// tells the address for AWS_ENDPOINT_URL. Calls that hang are let go then.
func (s *Sim) Start(ctx context.Context) (url string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("opening a port for the simulated AWS: %w", err)
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute, BaseContext: func(net.Listener) context.Context { return ctx }}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing is left to save
	go func() { _ = server.Serve(listener) }()            // ends when the server is closed
	return "http://" + listener.Addr().String(), nil
}

// RoundTripper answers requests within the process, without any socket. Resets
// and cut bodies look to the client as they would on a network.
func (s *Sim) RoundTripper() http.RoundTripper { return inProcess{s} }

// Client is an HTTP client over RoundTripper, as the configuration of the SDK takes it.
func (s *Sim) Client() *http.Client { return &http.Client{Transport: s.RoundTripper()} }

type inProcess struct{ sim *Sim }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r
	if r.Body == nil {
		in = r.Clone(r.Context())
		in.Body = http.NoBody
	}
	w := &memory{header: http.Header{}, status: http.StatusOK}
	t.sim.serve(w, in)
	_ = in.Body.Close() // it was read to its end
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if w.dropped {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	return w.response(r), nil
}

// memory is a response writer that keeps what is written.
type memory struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	dropped bool
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(status int)      { m.status = status }
func (m *memory) Write(b []byte) (int, error) { return m.body.Write(b) }
func (m *memory) reset()                      { m.dropped = true }

func (m *memory) response(r *http.Request) *http.Response {
	var body io.Reader = bytes.NewReader(m.body.Bytes())
	length := int64(m.body.Len())
	if announced := m.header.Get("Content-Length"); announced != "" && announced != fmt.Sprint(length) {
		body = io.MultiReader(body, cutOff{})
		length = -1
	}
	return &http.Response{Status: fmt.Sprintf("%d %s", m.status, http.StatusText(m.status)), StatusCode: m.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: m.header, Body: io.NopCloser(body), ContentLength: length, Request: r}
}

// cutOff is the end of a connection in the middle of a body.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
