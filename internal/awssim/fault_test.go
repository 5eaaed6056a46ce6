package awssim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"surety/internal/awssim"
)

func getPolicy(t *testing.T, s *awssim.Sim, name, qualifier string) error {
	in := &lambda.GetPolicyInput{FunctionName: &name}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	_, err := lambdaOf(s).GetPolicy(t.Context(), in)
	return err
}

// A refusal in the shape and the words of each service.
func TestErrorsOfEveryService(t *testing.T) {
	services := map[string]func(context.Context, aws.Config) error{
		"lambda": func(ctx context.Context, c aws.Config) error {
			_, err := lambda.NewFromConfig(c).ListFunctions(ctx, &lambda.ListFunctionsInput{})
			return err
		},
		"iam": func(ctx context.Context, c aws.Config) error {
			_, err := iam.NewFromConfig(c).GetAccountAuthorizationDetails(ctx, &iam.GetAccountAuthorizationDetailsInput{})
			return err
		},
		"sts": func(ctx context.Context, c aws.Config) error {
			_, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			return err
		},
		"account": func(ctx context.Context, c aws.Config) error {
			_, err := account.NewFromConfig(c).ListRegions(ctx, &account.ListRegionsInput{})
			return err
		},
		"organizations": func(ctx context.Context, c aws.Config) error {
			_, err := organizations.NewFromConfig(c).ListAccounts(ctx, &organizations.ListAccountsInput{})
			return err
		},
	}
	type want struct {
		code   string
		status int
	}
	for kind, wants := range map[awssim.Kind]map[string]want{
		awssim.AccessDenied: {"lambda": {"AccessDeniedException", 403}, "iam": {"AccessDenied", 403}, "sts": {"AccessDenied", 403},
			"account": {"AccessDeniedException", 403}, "organizations": {"AccessDeniedException", 400}},
		awssim.Throttle: {"lambda": {"TooManyRequestsException", 429}, "iam": {"Throttling", 400}, "sts": {"Throttling", 400},
			"account": {"TooManyRequestsException", 429}, "organizations": {"TooManyRequestsException", 400}},
		awssim.ServerError: {"lambda": {"ServiceException", 500}, "iam": {"ServiceFailure", 500}, "sts": {"ServiceFailure", 500},
			"account": {"InternalServerException", 500}, "organizations": {"ServiceException", 500}},
		awssim.ExpiredToken: {"lambda": {"ExpiredTokenException", 403}, "iam": {"ExpiredToken", 403}, "sts": {"ExpiredToken", 403},
			"account": {"ExpiredTokenException", 403}, "organizations": {"ExpiredTokenException", 400}},
	} {
		s := start(t, organizationWorld(), awssim.Options{Faults: []awssim.Fault{{Kind: kind}}})
		s.Edit(func(w *awssim.World) { w.Accounts[0].Regions = []*awssim.Region{{Name: region}} })
		for service, w := range wants {
			wantError(t, services[service](t.Context(), signed(s, awssim.AccessKey(owner), region)), w.code, w.status)
		}
	}
}

// The words of a refusal: who, what, on what, why.
func TestRefusalsNameTheirReason(t *testing.T) {
	for kind, want := range map[awssim.Kind]string{
		awssim.AccessDenied: "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: lambda:GetPolicy on resource: " + ordersARN +
			" because no identity-based policy allows the lambda:GetPolicy action",
		awssim.DeniedBySCP: "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: lambda:GetPolicy on resource: " + ordersARN +
			" with an explicit deny in a service control policy",
	} {
		err := getPolicy(t, start(t, oneAccount(ordersFunction()), awssim.Options{Faults: []awssim.Fault{{Kind: kind}}}), "orders", "")
		wantError(t, err, "AccessDeniedException", 403)
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorMessage() != want {
			t.Errorf("%s", api.ErrorMessage())
		}
	}
}

// A fault strikes the calls it names and no others, as often as it says.
func TestFaultsStrikeWhatTheyName(t *testing.T) {
	for name, c := range map[string]struct {
		fault  awssim.Fault
		struck string // of the seven calls below, in order
	}{
		"everything":        {awssim.Fault{}, "xxxxxxx"},
		"another account":   {awssim.Fault{Account: "999988887777"}, "......."},
		"another region":    {awssim.Fault{Region: "eu-west-1"}, "......."},
		"another API":       {awssim.Fault{API: "ListFunctions"}, "......."},
		"another caller":    {awssim.Fault{Caller: "neighbour"}, "......."},
		"one function":      {awssim.Fault{Service: "lambda", API: "GetPolicy", Function: "orders"}, "xxx.xx."},
		"one qualifier":     {awssim.Fault{Qualifier: "prod"}, ".x...x."},
		"no qualifier":      {awssim.Fault{Qualifier: awssim.Unqualified}, "x..xx.x"},
		"the second call":   {awssim.Fault{First: 2, Times: 1}, ".x....."},
		"from the third on": {awssim.Fault{First: 3}, "..xxxxx"},
		"the first two of":  {awssim.Fault{Function: "orders", First: 2, Times: 2}, ".xx...."},
	} {
		t.Run(name, func(t *testing.T) {
			c.fault.Kind = awssim.AccessDenied
			other := ordersFunction()
			other.Name = "other"
			s := start(t, oneAccount(ordersFunction(), other), awssim.Options{Faults: []awssim.Fault{c.fault}})
			got := ""
			for _, call := range [][2]string{{"orders", ""}, {"orders", "prod"}, {"orders", "1"}, {"other", ""}, {"orders", ""}, {"orders", "prod"}, {"other", ""}} {
				if err := getPolicy(t, s, call[0], call[1]); err != nil {
					got += "x"
				} else {
					got += "."
				}
			}
			if got != c.struck {
				t.Errorf("struck %s, want %s", got, c.struck)
			}
		})
	}
}

func TestUnknownKindOfFault(t *testing.T) {
	_, err := awssim.New(oneAccount(), awssim.Options{Faults: []awssim.Fault{{Kind: "sleepy", API: "GetPolicy"}}})
	if err == nil || !strings.Contains(err.Error(), `no kind of fault is called "sleepy"`) {
		t.Error(err)
	}
	if err := start(t, oneAccount(), awssim.Options{}).Break(awssim.Fault{}); err == nil {
		t.Error("a fault without a kind was taken")
	}
}

// Answers that are no answers, in the process and over a socket alike.
func TestGarbledAnswers(t *testing.T) {
	for _, over := range []string{"process", "socket"} {
		for kind, check := range map[awssim.Kind]func(int, string, error) bool{
			awssim.HTML: func(status int, body string, err error) bool {
				return status == 200 && strings.Contains(body, "<html>")
			},
			awssim.HTMLNotFound: func(status int, body string, err error) bool {
				return status == 404 && strings.Contains(body, "<html>")
			},
			awssim.Truncated: func(status int, body string, err error) bool {
				return status == 200 && strings.HasPrefix(body, `{"Policy":`) && !strings.HasSuffix(body, "}") && err == nil
			},
			awssim.CutOff: func(status int, body string, err error) bool {
				return status == 200 && errors.Is(err, io.ErrUnexpectedEOF)
			},
			awssim.WrongContent: func(status int, body string, err error) bool {
				return status == 200 && body == `{"Policy":7}` && err == nil
			},
			awssim.Empty: func(status int, body string, err error) bool { return status == 200 && body == "" && err == nil },
			awssim.Reset: func(status int, body string, err error) bool { return errors.Is(err, syscall.ECONNRESET) },
		} {
			t.Run(over+" "+string(kind), func(t *testing.T) {
				s := start(t, oneAccount(ordersFunction()), awssim.Options{Faults: []awssim.Fault{{Kind: kind, Body: `{"Policy":7}`}}})
				status, body, err := fetch(t, s, over == "socket")
				if !check(status, body, err) {
					t.Errorf("%d %q %v", status, body, err)
				}
			})
		}
	}
}

// fetch asks for a policy without the SDK.
func fetch(t *testing.T, s *awssim.Sim, socket bool) (status int, body string, err error) {
	t.Helper()
	base, client := "http://aws.invalid", s.Client()
	if socket {
		if base, err = s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/2015-03-31/functions/orders/policy", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+awssim.AccessKey(owner)+"/20261122/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0")
	response, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return response.StatusCode, string(read), err
}

// A call that hangs ends when its caller gives up, and not before.
func TestHang(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.Hang, API: "GetPolicy", Times: 1}}})
	ctx, giveUp := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := lambdaOf(s).GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: aws.String("orders")})
		done <- err
	}()
	for s.Count(awssim.Calls{API: "GetPolicy"}) == 0 {
		if err := getPolicyElsewhere(t, s); err != nil {
			t.Fatal(err)
		}
	}
	giveUp()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := getPolicy(t, s, "orders", ""); err != nil {
		t.Error(err)
	}
}

// getPolicyElsewhere keeps the Sim busy with calls that no fault counts.
func getPolicyElsewhere(t *testing.T, s *awssim.Sim) error {
	_, err := sts.NewFromConfig(signed(s, awssim.AccessKey(owner), region)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	return err
}

// Pages that repeat their marker never come to an end.
func TestEndlessPages(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.EndlessPage}}})
	marker := ""
	for range 3 {
		in := &lambda.ListFunctionsInput{}
		if marker != "" {
			in.Marker = &marker
		}
		out, err := lambdaOf(s).ListFunctions(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Functions) != 1 || out.NextMarker == nil || marker != "" && *out.NextMarker != marker {
			t.Fatalf("%d functions, then %v after %q", len(out.Functions), out.NextMarker, marker)
		}
		marker = *out.NextMarker
	}
}

// New faults take the place of the old ones, and none heal the service.
func TestBreakAndHeal(t *testing.T) {
	s := start(t, oneAccount(ordersFunction()), awssim.Options{Faults: []awssim.Fault{{Kind: awssim.ServerError}}})
	wantError(t, getPolicy(t, s, "orders", ""), "ServiceException", 500)
	if err := s.Break(awssim.Fault{Kind: awssim.ExpiredToken, First: 2}); err != nil {
		t.Fatal(err)
	}
	if err := getPolicy(t, s, "orders", ""); err != nil {
		t.Error(err)
	}
	wantError(t, getPolicy(t, s, "orders", ""), "ExpiredTokenException", 403)
	if err := s.Break(); err != nil {
		t.Fatal(err)
	}
	if err := getPolicy(t, s, "orders", ""); err != nil {
		t.Error(err)
	}
}
