package awssim

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net"
	"net/http"
	"strconv"
)

type protocol int

const (
	restJSON protocol = iota // Lambda, Account
	json11                   // Organizations, Config
	queryXML                 // IAM, STS
	ec2XML                   // EC2
)

func protocolOf(service string) protocol {
	switch service {
	case "organizations", "config":
		return json11
	case "iam", "sts":
		return queryXML
	case "ec2":
		return ec2XML
	}
	return restJSON
}

// api is one operation.
type api struct {
	writes bool
	status int // of success; 0: 200
	do     func(*Sim, *call) (any, error)
}

// reply is an answer, ready for the wire.
type reply struct {
	status      int
	contentType string
	errorType   string // x-amzn-errortype
	retryAfter  string
	body        []byte
	cut         bool // announce more bytes than come
}

// render puts what an API answers into its protocol.
func render(c *call, a api, out any) *reply {
	r := &reply{status: max(a.status, http.StatusOK)}
	var err error
	switch protocolOf(c.service) {
	case restJSON:
		r.contentType = "application/json"
		if out != nil {
			r.body, err = json.Marshal(out)
		}
	case json11:
		r.contentType = "application/x-amz-json-1.1"
		r.body, err = json.Marshal(out)
	default:
		r.contentType = "text/xml"
		r.body, err = envelope(c, out)
	}
	if err != nil { // no answer of ours can fail to be written
		return refuse(c, broken(c.service))
	}
	return r
}

// envelope wraps a result as the query protocols do.
func envelope(c *call, out any) ([]byte, error) {
	inner, err := xml.Marshal(out)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if protocolOf(c.service) == ec2XML {
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
		b.Write(inner)
		return b.Bytes(), nil
	}
	space := map[string]string{"iam": "https://iam.amazonaws.com/doc/2010-05-08/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}[c.service]
	b.WriteString(`<` + c.api + `Response xmlns="` + space + `">`)
	b.Write(inner)
	b.WriteString(`<ResponseMetadata><RequestId>` + uuid(c.api) + `</RequestId></ResponseMetadata></` + c.api + `Response>`)
	return b.Bytes(), nil
}

// refuse puts an error into the protocol of the service.
func refuse(c *call, err error) *reply {
	f := &failure{status: 500, code: "ServiceException", message: err.Error(), side: "Service"}
	errors.As(err, &f)
	r := &reply{status: f.status, retryAfter: f.retryAfter}
	switch protocolOf(c.service) {
	case restJSON:
		r.contentType, r.errorType = "application/json", f.code
		r.body = jsonError(c.service, f)
	case json11:
		r.contentType = "application/x-amz-json-1.1"
		r.body, _ = json.Marshal(map[string]string{"__type": f.code, "Message": f.message})
	case queryXML:
		r.contentType = "text/xml"
		r.body = xmlError(c.service, f)
	case ec2XML:
		r.contentType = "text/xml"
		r.body = []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Response><Errors><Error><Code>` + f.code +
			`</Code><Message>` + escape(f.message) + `</Message></Error></Errors><RequestID>` + uuid(f.code) + `</RequestID></Response>`)
	}
	return r
}

// jsonError is the body of a REST error. Lambda's own errors carry Type and
// "message" or "Message" by the model; what the front door says, before Lambda
// itself hears of the call, carries "Message" or "message" alone.
func jsonError(service string, f *failure) []byte {
	out := map[string]string{}
	switch {
	case f.code == "AccessDeniedException" && service == "lambda":
		out["Message"] = f.message
	case service != "lambda", f.status == 403:
		out["message"] = f.message
	case f.code == "ResourceNotFoundException", f.code == "ServiceException":
		out["Type"], out["Message"] = side(f), f.message
	default:
		out["Type"], out["message"] = side(f), f.message
	}
	if f.reason != "" {
		out["Reason"] = f.reason
	}
	body, _ := json.Marshal(out) // strings always marshal
	return body
}

func side(f *failure) string {
	if f.side == "" {
		return "User"
	}
	return f.side
}

func xmlError(service string, f *failure) []byte {
	space := "https://iam.amazonaws.com/doc/2010-05-08/"
	if service == "sts" {
		space = "https://sts.amazonaws.com/doc/2011-06-15/"
	}
	who := "Sender"
	if f.status >= 500 {
		who = "Receiver"
	}
	return []byte(`<ErrorResponse xmlns="` + space + `"><Error><Type>` + who + `</Type><Code>` + f.code + `</Code><Message>` +
		escape(f.message) + `</Message></Error><RequestId>` + uuid(f.code) + `</RequestId></ErrorResponse>`)
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func (r *reply) write(w http.ResponseWriter, id string) {
	h := w.Header()
	h.Set("Content-Type", r.contentType)
	h.Set("X-Amzn-Requestid", id)
	if r.errorType != "" {
		h.Set("X-Amzn-Errortype", r.errorType)
	}
	if r.retryAfter != "" {
		h.Set("Retry-After", r.retryAfter)
	}
	length := len(r.body)
	if r.cut {
		length *= 2
	}
	if r.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(length))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a caller that went away is no fault of ours
}

// resetter is a response writer that can drop its connection by itself.
type resetter interface{ reset() }

// hangUp ends a connection without an answer, so that the caller sees a reset.
func hangUp(w http.ResponseWriter) {
	if r, ok := w.(resetter); ok {
		r.reset()
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // reset, not a polite end; closing does it either way
	}
	_ = conn.Close()
}
