package collect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"surety/internal/resource"
)

// Classify turns an error of an SDK call into a fault. The order matters: what
// stopped us comes before what the service said, and what it said before what
// the body looked like.
func Classify(err error) Fault {
	var bad *malformed
	var slow *hang
	var said smithy.APIError
	switch {
	case err == nil:
		return Fault{}
	case errors.As(err, &bad):
		return Fault{Code: resource.CodeMalformed, Reason: tidy(bad.reason)}
	case errors.As(err, &slow), errors.Is(err, context.DeadlineExceeded):
		return timedOut(slow)
	case errors.As(err, &said) && namesCode(said):
		return fromService(said, isThrottle(err))
	case isCredentials(err):
		return Fault{Code: CodeCredentials, Kind: Credentials, Reason: "no credentials could be had: " + innermost(err)}
	case isUnreachable(err):
		return Fault{Code: resource.CodeUnreachable, Kind: Unanswered, Reason: whyUnreachable(err)}
	case errors.Is(err, context.Canceled):
		return Fault{Code: resource.CodeInterrupted, Reason: "stopped while reading"}
	case isGarbled(err):
		return garbled(err)
	}
	return Fault{Code: CodeFailed, Reason: innermost(err)}
}

func timedOut(h *hang) Fault {
	reason := "no answer in time"
	if h != nil {
		reason = h.Error()
	}
	return Fault{Code: resource.CodeTimeout, Reason: reason, Kind: Unanswered}
}

// namesCode is false for the SDK's own stand-in for an answer without a code.
func namesCode(e smithy.APIError) bool {
	return e.ErrorCode() != "" && e.ErrorCode() != "UnknownError"
}

func fromService(e smithy.APIError, throttle bool) Fault {
	f := Fault{Code: code(e.ErrorCode()), Reason: tidy(e.ErrorMessage())}
	switch {
	case throttle:
		f.Kind = Throttled
	case isExpired(e.ErrorCode()):
		f.Kind = Credentials
	case strings.Contains(f.Code, "Signature"):
		// AWS repeats the whole request in these; it is nobody's to read.
		f.Reason = "the signature of the request was refused: check the secret key and the machine's clock"
	case f.Code == "RequestExpired" || f.Code == "RequestTimeTooSkewed": // EC2 says the former of credentials, too
		f.Reason = "the service takes the request for too old or too new: check the machine's clock, and whether the credentials have ended"
	case strings.Contains(strings.ToLower(e.ErrorMessage()), "service control policy"):
		f.Reason = "a service control policy forbids it; where it forbids a whole region, take that out of scope: name the others with --region or regions: in surety.yaml"
	case f.Reason == "":
		f.Reason = "the service gave no reason"
	}
	return f
}

// isExpired holds for credentials that were good once. A token that a service
// does not recognise is another matter: a region that is not enabled says that
// of good ones too.
func isExpired(code string) bool {
	return code == "ExpiredToken" || code == "ExpiredTokenException" || code == "TokenRefreshRequired"
}

// isCredentials holds when no request was made for want of credentials. The SDK
// has no type for it, only these words.
func isCredentials(err error) bool {
	return strings.Contains(err.Error(), "get identity: get credentials")
}

func isUnreachable(err error) bool {
	var send *smithyhttp.RequestSendError
	var op net.Error
	return errors.As(err, &send) || errors.As(err, &op) || errors.Is(err, syscall.ECONNRESET)
}

func whyUnreachable(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy cannot be reached: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
	case strings.Contains(err.Error(), "unsupported protocol scheme"):
		return "the address that is set for this service begins with neither http:// nor https://: check AWS_ENDPOINT_URL, those for single services, and endpoint_url in the AWS config files"
	case errors.As(err, &dns):
		return tidy(fmt.Sprintf("there is no host %s: check the region's name and the network", dns.Name))
	case errors.As(err, &cert), errors.As(err, &authority):
		return "the server's certificate is not trusted: check proxies and AWS_CA_BUNDLE"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused: check AWS_ENDPOINT_URL and the network"
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without an answer"
	}
	return innermost(err)
}

func isGarbled(err error) bool {
	var shape *smithy.DeserializationError
	var said smithy.APIError
	return errors.As(err, &shape) || errors.As(err, &said) || status(err) != 0 || errors.Is(err, io.ErrUnexpectedEOF)
}

func garbled(err error) Fault {
	f := Fault{Code: resource.CodeMalformed, Reason: "the answer is not in the form that the API promises"}
	if s := status(err); s >= 300 {
		f.Reason = fmt.Sprintf("HTTP status %d with a body that is no AWS error: is this API served here?", s)
	}
	return f
}
