package policy

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// The shape of a witness, read and written; or the error with its place.
func TestRequests(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/requests.txtar", func(in []byte) string {
		r, err := ParseRequest(in)
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) {
				t.Errorf("%v is no syntax error", err)
			}
			return err.Error()
		}
		b, err := r.MarshalJSON()
		if err != nil {
			return err.Error()
		}
		return string(b)
	})
}

func TestRequestWithinOtherJSON(t *testing.T) {
	t.Parallel()
	var answer struct {
		Witness *Request
	}
	in := `{"Witness":{"principal":{"type":"anonymous"},"action":"a:b","resource":"r","context":{}}}`
	if err := json.Unmarshal([]byte(in), &answer); err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(answer); err != nil || string(b) != in {
		t.Errorf("%s, %v", b, err)
	}
	before := *answer.Witness
	if err := json.Unmarshal([]byte(`{"Witness":{"principal":{"type":"nobody"}}}`), &answer); err == nil {
		t.Error("a type that is none is taken")
	}
	if !reflect.DeepEqual(*answer.Witness, before) {
		t.Error("a request that is none has changed the one there was")
	}
}

func TestRequestWithoutCaller(t *testing.T) {
	t.Parallel()
	_, err := Request{Action: "a:b"}.MarshalJSON()
	if want := `writing a request: "" is no type of caller`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]Value{
		`"a<b"`: Text("a<b"), `["a"]`: List("a"), `[]`: List(), `["a","b"]`: {Texts: []string{"a", "b"}},
	} {
		if b, err := v.MarshalJSON(); err != nil || string(b) != want {
			t.Errorf("%+v is written %s, %v", v, b, err)
		}
	}
	if b, err := (Value{}).MarshalJSON(); err != nil || string(b) != "[]" {
		t.Errorf("the zero Value is written %s, %v", b, err)
	}
}

func requests() *rapid.Generator[Request] {
	return rapid.Custom(func(t *rapid.T) Request {
		callers := []Caller{
			iam("222233334444", role, session), iam("999988887777", "arn:aws:iam::999988887777:user/alice", ""),
			iam("222233334444", "arn:aws-cn:iam::222233334444:root", ""), {Type: AnonymousCaller}, {Type: ServiceCaller, Service: "s3.amazonaws.com"},
		}
		return Request{
			Caller:   rapid.SampledFrom(callers).Draw(t, "caller"),
			Action:   rapid.SampledFrom([]string{"lambda:InvokeFunction", "LAMBDA:invokefunctionurl", "s3:GetObject"}).Draw(t, "action"),
			Resource: rapid.SampledFrom([]string{orders, orders + ":prod", "arn:aws:s3:::b"}).Draw(t, "resource"),
			Context:  rapid.MapOf(rapid.SampledFrom([]string{"a", "b", "aws:username"}), values()).Draw(t, "context"),
		}
	})
}

func values() *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		texts := rapid.SliceOfN(someText(), 0, 3).Draw(t, "texts")
		return Value{Texts: texts, List: len(texts) != 1 || rapid.Bool().Draw(t, "list")}
	})
}

func TestRequestsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := requests().Draw(t, "request")
		b, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseRequest(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		twice, err := again.MarshalJSON()
		if err != nil || string(twice) != string(b) {
			t.Fatalf("%s, %v, want %s", twice, err, b)
		}
		if len(again.Context) != len(r.Context) || again.Caller != r.Caller {
			t.Fatalf("%+v, want %+v", again, r)
		}
		for key, v := range r.Context {
			if got := again.Context[key]; got.List != v.List || len(got.Texts) != len(v.Texts) {
				t.Fatalf("%s is %+v, want %+v", key, got, v)
			}
		}
	})
}
