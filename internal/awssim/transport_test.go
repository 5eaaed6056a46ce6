package awssim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"surety/internal/awssim"
)

// Over loopback the SDK sees what it sees in the process, and the address is
// free again when the context has ended.
func TestStart(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{})
	ctx, stop := context.WithCancel(t.Context())
	url, err := s.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cfg := signed(s, awssim.AccessKey(owner), region)
	cfg.HTTPClient, cfg.BaseEndpoint = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, &url
	client := lambda.NewFromConfig(cfg)
	near, err := lambdaOf(s).ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	far, err := client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if *near.Functions[0].FunctionArn != *far.Functions[0].FunctionArn {
		t.Errorf("%s and %s", *near.Functions[0].FunctionArn, *far.Functions[0].FunctionArn)
	}
	stop()
	for err == nil { // until the listener is closed
		_, err = client.ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	}
}

// Requests that no SDK would send get an answer too.
func TestStrangeRequests(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{})
	credential := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=" + awssim.AccessKey(owner) + "/20261122/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=0"
	}
	for name, c := range map[string]struct {
		method, path, authorization, body string
		status                            int
		want                              string
	}{
		"unsigned":         {"GET", "/2015-03-31/functions", "", "", 403, "Missing Authentication Token"},
		"half signed":      {"GET", "/2015-03-31/functions", "Credential=a/b", "", 403, "Missing Authentication Token"},
		"no path":          {"GET", "/", credential("lambda"), "", 404, "not recognized"},
		"unknown path":     {"GET", "/2015-03-31/layers", credential("lambda"), "", 404, "not recognized"},
		"unknown method":   {"PATCH", "/2015-03-31/functions/orders", credential("lambda"), "", 404, "not recognized"},
		"no JSON":          {"POST", "/2015-03-31/functions/orders/policy", credential("lambda"), "{", 400, "Could not parse"},
		"no form":          {"POST", "/", credential("iam"), "a=%zz", 400, "MalformedQueryString"},
		"unknown action":   {"POST", "/", credential("iam"), "Action=DeleteEverything", 400, "InvalidAction"},
		"unknown service":  {"POST", "/", credential("quantum"), "Action=Entangle", 404, "not recognized"},
		"unknown target":   {"POST", "/", credential("organizations"), "{}", 404, "UnknownOperationException"},
		"regions, no JSON": {"POST", "/listRegions", credential("account"), "[", 400, "Could not parse"},
		"large MaxItems":   {"GET", "/2015-03-31/functions?MaxItems=99999", credential("lambda"), "", 400, "maxItems"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			r.Header.Set("Authorization", c.authorization)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

// Nothing that a client can send makes the Sim panic.
func FuzzRequest(f *testing.F) {
	for _, path := range []string{"/2015-03-31/functions/orders/policy?Qualifier=prod", "/2026-07-09/resource-policy/arn%3Aaws%3Alambda", "/listRegions", "/"} {
		f.Add("POST", path, "lambda", "Action=AssumeRole", `{"Statement":[]}`)
	}
	s := start(f, oneAccount(ordersFunction()), awssim.Options{})
	f.Fuzz(func(t *testing.T, method, path, service, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://aws.invalid"+path, strings.NewReader(body))
		if err != nil {
			return // no client sends what net/http refuses
		}
		r.Header.Set("Authorization", "Credential="+awssim.AccessKey(owner)+"/20261122/us-east-1/"+service+"/aws4_request")
		r.Header.Set("X-Amz-Target", target)
		response, err := s.RoundTripper().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode < 200 || response.StatusCode > 599 {
			t.Errorf("status %d", response.StatusCode)
		}
	})
}

// Latency passes by the clock that was given, once for every call.
func TestLatencyAndTrace(t *testing.T) {
	clock := newClock()
	begun := clock.now
	s := start(t, oneAccount(ordersFunction()), awssim.Options{Clock: clock, Latency: 30 * time.Millisecond, Trace: true,
		Faults: []awssim.Fault{{Kind: awssim.AccessDenied, Qualifier: "prod"}}})
	for _, q := range []string{"", "prod"} {
		_ = getPolicy(t, s, "orders", q) // the trace tells how it went
	}
	if got := clock.now.Sub(begun); got != 60*time.Millisecond {
		t.Errorf("two calls took %s", got)
	}
	want := []awssim.Call{
		{At: begun, Caller: awssim.AccessKey(owner), Account: owner, Region: region, Service: "lambda", API: "GetPolicy", Function: "orders"},
		{At: begun.Add(30 * time.Millisecond), Caller: awssim.AccessKey(owner), Account: owner, Region: region, Service: "lambda", API: "GetPolicy",
			Function: "orders", Qualifier: "prod", Fault: awssim.AccessDenied},
	}
	if d := cmp.Diff(want, s.Trace()); d != "" {
		t.Error(d)
	}
}

// A world can be changed while calls run.
func TestEdit(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{})
	s.Edit(func(w *awssim.World) { w.Function(owner, region, "orders").Policies[""] = "not json" })
	out, err := lambdaOf(s).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("orders")})
	if err != nil || *out.Policy != "not json" {
		t.Errorf("%v %v", out, err)
	}
}
