package awssim

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// failure is an error as a service words it.
type failure struct {
	status     int
	code       string
	message    string
	side       string // Lambda's Type: User (empty) or Service
	reason     string // Lambda's Reason of a throttle
	retryAfter string // seconds
}

func (f *failure) Error() string { return f.code + ": " + f.message }

// notFound is Lambda's answer for what is not there.
func notFound(message string, args ...any) error {
	return &failure{status: 404, code: "ResourceNotFoundException", message: fmt.Sprintf(message, args...)}
}

func invalid(message string, args ...any) error {
	return &failure{status: 400, code: "InvalidParameterValueException", message: fmt.Sprintf(message, args...)}
}

func conflict(message string, args ...any) error {
	return &failure{status: 409, code: "ResourceConflictException", message: fmt.Sprintf(message, args...)}
}

func stale() error {
	return &failure{status: 412, code: "PreconditionFailedException",
		message: "The RevisionId provided does not match the latest RevisionId. Call the GetPolicy API to retrieve the latest RevisionId"}
}

func unknownOperation(service, api string) error {
	switch protocolOf(service) {
	case queryXML, ec2XML:
		return &failure{status: 400, code: "InvalidAction", message: "The action " + api + " is not valid for this web service."}
	}
	return &failure{status: 404, code: "UnknownOperationException", message: "The requested operation is not recognized by the service."}
}

// throttled is what a service says to a caller that is over its quota.
func throttled(service string, wait time.Duration) error {
	f := &failure{status: 400, code: "Throttling", message: "Rate exceeded"}
	switch service {
	case "lambda":
		f.status, f.code, f.reason = 429, "TooManyRequestsException", "CallerRateLimitExceeded"
		f.retryAfter = strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	case "account":
		f.status, f.code = 429, "TooManyRequestsException"
	case "organizations":
		f.code = "TooManyRequestsException"
	case "config":
		f.code = "ThrottlingException"
	case "ec2":
		f.status, f.code, f.message = 503, "RequestLimitExceeded", "Request limit exceeded."
	}
	return f
}

func expired(service string) error {
	f := &failure{status: 403, code: "ExpiredTokenException", message: "The security token included in the request is expired"}
	switch service {
	case "iam", "sts":
		f.code = "ExpiredToken"
	case "ec2":
		f.status, f.code, f.message = 400, "RequestExpired", "Request has expired."
	case "organizations", "config":
		f.status = 400
	}
	return f
}

func invalidToken(service string) error {
	f := &failure{status: 403, code: "UnrecognizedClientException", message: "The security token included in the request is invalid."}
	switch service {
	case "iam", "sts":
		f.code = "InvalidClientTokenId"
	case "ec2":
		f.status, f.code, f.message = 401, "AuthFailure", "AWS was not able to validate the provided access credentials"
	case "organizations", "config":
		f.status = 400
	}
	return f
}

func broken(service string) error {
	f := &failure{status: 500, code: "ServiceException", message: "An error occurred and the request cannot be processed.", side: "Service"}
	switch service {
	case "iam", "sts":
		f.code, f.message = "ServiceFailure", "The request processing has failed because of an unknown error, exception or failure."
	case "ec2":
		f.code, f.message = "InternalError", "An internal error has occurred"
	case "account":
		f.code = "InternalServerException"
	case "config":
		f.code, f.message = "InternalFailure", "The request processing has failed because of an unknown error, exception or failure."
	}
	return f
}

// denied is a refusal in the words that AWS has used since 2021: who, what, on
// what, and which kind of policy is the reason.
func denied(c *call, reason string) error {
	f := &failure{status: 403, code: "AccessDeniedException",
		message: fmt.Sprintf("User: %s is not authorized to perform: %s:%s on resource: %s %s", c.caller.ARN, c.service, c.api, c.target(), reason)}
	switch c.service {
	case "iam", "sts":
		f.code = "AccessDenied"
	case "ec2":
		f.code = "UnauthorizedOperation"
		f.message = "You are not authorized to perform this operation. " + f.message
	case "config":
		f.status = 400
	case "organizations":
		f.status = 400
		if reason != becauseSCP {
			f.message = "You don't have permissions to access this resource."
		}
	}
	return f
}

const becauseSCP = "with an explicit deny in a service control policy"

func becauseNothing(c *call) string {
	return fmt.Sprintf("because no identity-based policy allows the %s:%s action", c.service, c.api)
}

// target is the ARN that a refusal names; "*" where the action knows none.
func (c *call) target() string {
	switch {
	case c.resource != "":
		return c.resource
	case c.service == "lambda" && c.function != "":
		arn := functionARN(c.account, c.region, c.function)
		if c.qualifier != "" {
			arn += ":" + c.qualifier
		}
		return arn
	}
	return "*"
}
