package awssim_test

import (
	"io"
	"net/http"
	"testing"

	"surety/internal/awssim"
)

// The Sim must never be what a benchmark of the scan measures.
func BenchmarkCalls(b *testing.B) {
	s := start(b, awssim.Generate(awssim.Size{Account: owner, Functions: 10000}), awssim.Options{})
	url, err := s.Start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]string{
		"GetPolicy":     "/2015-03-31/functions/function-005000/policy",
		"ListFunctions": "/2015-03-31/functions?FunctionVersion=ALL",
	} {
		b.Run(name+"/process", func(b *testing.B) { calls(b, s.Client(), "http://aws.invalid"+path) })
		b.Run(name+"/socket", func(b *testing.B) {
			calls(b, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}, url+path)
		})
	}
}

func calls(b *testing.B, client *http.Client, url string) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+awssim.AccessKey(owner)+"/20261122/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0")
			response, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
