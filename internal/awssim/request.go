package awssim

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request, read.
type call struct {
	service, api        string
	region              string // "" for services that have none
	caller              Caller
	account             *Account // the caller's
	function, qualifier string   // of a Lambda call; the function's bare name
	statement           string   // of RemovePermission
	alias               string   // of GetAlias and UpdateAlias
	resource            string   // ARN, of the calls that name one
	query               url.Values
	form                url.Values // of query services
	body                []byte
	fault               *Fault
	at                  time.Time // when it is answered
}

const largestBody = 1 << 20

// read tells what a request asks for and who asks. The call is good enough for
// an error in the right shape even where it fails.
func (s *Sim) read(r *http.Request) (*call, error) {
	c := &call{query: r.URL.Query()}
	key, region, service, err := credential(r.Header.Get("Authorization"))
	c.service, c.region = service, region
	if err != nil {
		return c, err
	}
	if c.body, err = io.ReadAll(io.LimitReader(r.Body, largestBody)); err != nil {
		return c, &failure{status: 400, code: "InvalidRequestContentException", message: "Could not read the request body."}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.identify(c, key); err != nil {
		return c, err
	}
	if err := s.route(c, r); err != nil {
		return c, err
	}
	if _, served := s.apis[c.service+":"+c.api]; !served {
		return c, unknownOperation(c.service, c.api)
	}
	return c, nil
}

// credential reads "AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …".
func credential(header string) (key, region, service string, err error) {
	_, rest, found := strings.Cut(header, "Credential=")
	scope, _, _ := strings.Cut(rest, ",")
	parts := strings.Split(strings.TrimSpace(scope), "/")
	if !found || len(parts) != 5 {
		return "", "", "", &failure{status: 403, code: "MissingAuthenticationTokenException", message: "Missing Authentication Token"}
	}
	return parts[0], parts[2], parts[3], nil
}

// identify finds caller and account, by the table of callers or by a session
// that AssumeRole gave out.
func (s *Sim) identify(c *call, key string) error {
	caller, known := s.callers[key]
	if in, is := s.sessions[key]; is {
		if !s.clock.Now().Before(in.ends) {
			return expired(c.service)
		}
		caller, known = in.caller, true
	}
	if known {
		c.caller, c.account = caller, s.accounts[caller.Account]
	}
	if c.account == nil {
		return invalidToken(c.service)
	}
	return nil
}

func (s *Sim) route(c *call, r *http.Request) error {
	switch c.service {
	case "lambda":
		// A region that the account did not switch on knows none of its keys.
		if !c.account.enabled(c.region) {
			return invalidToken(c.service)
		}
		return c.routeLambda(r.Method, r.URL.EscapedPath())
	case "account":
		c.region = ""
		c.api = accountAPI(r.URL.Path)
	case "config":
		if !c.account.enabled(c.region) {
			return invalidToken(c.service)
		}
		_, c.api, _ = strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	case "organizations":
		c.region = ""
		_, c.api, _ = strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	default:
		form, err := url.ParseQuery(string(c.body))
		if err != nil {
			return &failure{status: 400, code: "MalformedQueryString", message: "The query string contains a syntax error."}
		}
		c.form, c.api = form, form.Get("Action")
		if c.service == "iam" {
			c.region = ""
		}
	}
	return nil
}

// json reads the body into the parameters of an API; no body is no parameters.
func (c *call) json(into any) error {
	if len(c.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		code := "InvalidRequestContentException"
		if protocolOf(c.service) == json11 {
			code = "SerializationException"
		}
		return &failure{status: 400, code: code, message: "Could not parse request body into json."}
	}
	return nil
}

// marker is what asks for a page after the first, whatever the service calls it.
func (c *call) marker() string {
	var token struct{ NextToken string }
	if c.service == "account" || c.service == "organizations" {
		_ = json.Unmarshal(c.body, &token) // a body that is no JSON asks for no page
	}
	return cmp.Or(c.query.Get("Marker"), c.form.Get("Marker"), token.NextToken)
}
