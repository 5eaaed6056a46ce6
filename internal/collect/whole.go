package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// mostBytes bounds an answer. No page of what is read here can be as long: those
// of Lambda end at 6 MB (Lambda developer guide, quotas), and a page of roles
// holds a few hundred documents of some kilobytes each.
const mostBytes = 32 << 20

// whole refuses an answer that goes on after its JSON has ended, or without end.
// The SDK reads the first value of a body and leaves the rest, so an empty list
// with something behind it would pass for an empty list; and it reads as long as
// there is something to read.
type whole struct{}

func (whole) ID() string { return "SuretyWhole" }

func (whole) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, md, err := next.HandleDeserialize(ctx, in)
	answer, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		return out, md, err
	}
	body, cut := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	_ = answer.Body.Close() // it has been read as far as it goes
	switch {
	case len(body) > mostBytes:
		return out, md, Malformed(fmt.Sprintf("the answer is longer than %d MiB, which none of this API is", mostBytes>>20))
	case answer.StatusCode < http.StatusMultipleChoices && cut == nil && startsJSON(body) && !json.Valid(body):
		return out, md, Malformed("the answer is not in the form that the API promises")
	}
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), ended{cut}))
	return out, md, nil
}

// startsJSON tells the answers in JSON from those in XML and from pages, which
// are refused where they are read.
func startsJSON(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

// ended is the end of a body: the error that cut it off, or none.
type ended struct{ err error }

func (e ended) Read([]byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return 0, io.EOF
}
