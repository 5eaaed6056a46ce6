package collect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"pgregory.net/rapid"

	"surety/internal/collect"
	"surety/internal/resource"
)

func said(code, message string) error {
	return &smithy.OperationError{ServiceID: "Lambda", OperationName: "GetPolicy", Err: answered(400, &smithy.GenericAPIError{Code: code, Message: message})}
}

func answered(status int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}
}

func sent(err error) error {
	return &smithy.OperationError{Err: &smithyhttp.RequestSendError{Err: &url.Error{Op: "Get", URL: "https://x/?X-Amz-Security-Token=abc", Err: err}}}
}

func TestClassify(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, c := range []struct {
		name, code, reason string // reason: a part of it
		kind               collect.FaultKind
		err                error
	}{
		{"denied", "AccessDeniedException", "User: arn:aws:iam::111122223333:user/a is not authorized to perform: lambda:GetPolicy", collect.OneCall,
			said("AccessDeniedException", "User: arn:aws:iam::111122223333:user/a is not authorized to perform: lambda:GetPolicy")},
		{"denied by the organisation", "AccessDeniedException", "regions: in surety.yaml", collect.OneCall,
			said("AccessDeniedException", "… with an explicit deny in a service control policy")},
		{"denied without words", "AccessDeniedException", "the service gave no reason", collect.OneCall, said("AccessDeniedException", "")},
		{"throttled", "TooManyRequestsException", "Rate exceeded", collect.Throttled, said("TooManyRequestsException", "Rate exceeded")},
		{"throttled, typed", "TooManyRequestsException", "slow", collect.Throttled, answered(429, &types.TooManyRequestsException{Message: new("slow")})},
		{"throttled by IAM", "Throttling", "Rate exceeded", collect.Throttled, said("Throttling", "Rate exceeded")},
		{"expired", "ExpiredTokenException", "expired", collect.Credentials, said("ExpiredTokenException", "The security token included in the request is expired")},
		{"a region that is not enabled", "UnrecognizedClientException", "invalid", collect.OneCall, said("UnrecognizedClientException", "The security token included in the request is invalid")},
		{"signature", "SignatureDoesNotMatch", "clock", collect.OneCall, said("SignatureDoesNotMatch", "The Canonical String … x-amz-security-token:abc")},
		{"clock", "RequestExpired", "machine's clock", collect.OneCall, said("RequestExpired", "The request reached the service more than 15 minutes after the date stamp on the request")},
		{"clock, of a store", "RequestTimeTooSkewed", "machine's clock", collect.OneCall, said("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")},
		{"no credentials", collect.CodeCredentials, "no role", collect.Credentials, fmt.Errorf("get identity: get credentials: %w", errors.New("no role"))},
		{"refused connection", resource.CodeUnreachable, "AWS_ENDPOINT_URL", collect.Unanswered, sent(refused)},
		{"reset", resource.CodeUnreachable, "reset", collect.Unanswered, sent(&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)})},
		{"no such host", resource.CodeUnreachable, "no host lambda.eu-nowhere-1.amazonaws.com", collect.Unanswered, sent(&net.DNSError{Name: "lambda.eu-nowhere-1.amazonaws.com", IsNotFound: true})},
		{"no proxy", resource.CodeUnreachable, "HTTPS_PROXY", collect.Unanswered, sent(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused})},
		{"no such proxy", resource.CodeUnreachable, "HTTPS_PROXY", collect.Unanswered, sent(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Name: "proxy.invalid", IsNotFound: true}})},
		{"address without a scheme", resource.CodeUnreachable, "endpoint_url", collect.Unanswered, sent(errors.New(`unsupported protocol scheme "localhost"`))},
		{"closed", resource.CodeUnreachable, "closed", collect.Unanswered, sent(io.EOF)},
		{"deadline", resource.CodeTimeout, "in time", collect.Unanswered, sent(context.DeadlineExceeded)},
		{"page with status 404", resource.CodeMalformed, "HTTP status 404", collect.OneCall, answered(404, &smithy.DeserializationError{Err: errors.New("invalid character '<'")})},
		{"no code", resource.CodeMalformed, "HTTP status 500", collect.OneCall, answered(500, &smithy.GenericAPIError{Code: "UnknownError"})},
		{"garbled", resource.CodeMalformed, "not in the form", collect.OneCall, &smithy.DeserializationError{Err: errors.New("unexpected end of JSON input")}},
		{"half a list", resource.CodeMalformed, "no list", collect.OneCall, fmt.Errorf("x: %w", collect.Malformed("no list"))},
		{"anything else", collect.CodeFailed, "a cause", collect.OneCall, fmt.Errorf("outer: %w", errors.New("a cause"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := collect.Classify(c.err)
			if got.Code != c.code || got.Kind != c.kind || !strings.Contains(got.Reason, c.reason) || strings.Contains(got.Reason, "abc") {
				t.Errorf("%+v", got)
			}
			if line := collect.Clarify(c.err); !errors.Is(line, c.err) || !strings.Contains(line.Error(), c.code) {
				t.Errorf("clarified: %v", line)
			}
		})
	}
}

// Whatever a service or somebody in between says, a reason is one printable line
// without credentials.
func TestReasonsAreHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := "AKIA" + rapid.StringMatching(`[A-Z0-9]{16}`).Draw(t, "key")
		message := rapid.String().Draw(t, "before") + " " + secret + " " + rapid.String().Draw(t, "after") + " Signature=abcdef"
		got := collect.Classify(said(rapid.String().Draw(t, "code"), message))
		if strings.Contains(got.Reason, secret) || strings.Contains(got.Reason, "abcdef") {
			t.Fatalf("a credential is left: %q", got.Reason)
		}
		if n := len([]rune(got.Reason)); n == 0 || n > 240 {
			t.Fatalf("%d runes: %q", n, got.Reason)
		}
		for _, r := range got.Reason + got.Code {
			if !unicode.IsPrint(r) {
				t.Fatalf("%U is not printable: %q", r, got.Reason)
			}
		}
	})
}
