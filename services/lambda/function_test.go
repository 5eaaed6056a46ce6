package lambda_test

import (
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"surety/internal/resource"
	"surety/services/lambda"
)

// Sharing changes where texts are, and nothing that they say.
func TestShare(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	whole := func() *lambda.Function {
		return &lambda.Function{ARN: arn, Name: string([]byte("orders")), Account: resource.Account([]byte("111122223333")), Region: resource.Region([]byte("us-east-1"))}
	}
	f := whole()
	f.Share()
	if diff := cmp.Diff(whole(), f); diff != "" {
		t.Errorf("sharing changed the function:\n%s", diff)
	}
	at := func(text string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(text))) }
	for _, text := range []string{f.Name, string(f.Account), string(f.Region)} {
		if begin := at(f.ARN); at(text) < begin || at(text) >= begin+uintptr(len(f.ARN)) {
			t.Errorf("%s is no part of the ARN in memory", text)
		}
	}
	for _, odd := range []*lambda.Function{
		{ARN: "arn", Name: "f", Account: "1", Region: "r"},
		{ARN: arn, Name: "other", Account: "999988887777", Region: "eu-west-1"},
		{ARN: arn + ":live", Name: "orders", Account: "111122223333"},
	} {
		before := *odd
		if odd.Share(); !cmp.Equal(&before, odd) {
			t.Errorf("%+v became %+v", before, *odd)
		}
	}
}
