package policy_test

import (
	"fmt"

	"surety/policy"
)

func ExampleEvaluate() {
	d, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{
		"Sid": "partner", "Effect": "Allow", "Principal": {"AWS": "222233334444"},
		"Action": "lambda:Invoke*", "Resource": "*",
		"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := policy.Request{
		Caller:   policy.Caller{Type: policy.IAMCaller, Account: "222233334444", ARN: "arn:aws:iam::222233334444:user/ann"},
		Action:   "lambda:InvokeFunction",
		Resource: "arn:aws:lambda:us-east-1:111122223333:function:orders",
		Context:  policy.Context{"aws:sourceip": policy.Text("203.0.113.7")},
	}
	fmt.Println(policy.Evaluate(d, r))
	delete(r.Context, "aws:sourceip")
	fmt.Println(policy.Evaluate(d, r))
	// Output:
	// {Allow 0 partner}
	// {NoMatch -1 }
}

func ExampleParse() {
	_, err := policy.Parse([]byte(`{"Statement": [{"Effect": "allow"}]}`))
	fmt.Println(err)
	// Output: 1:27: Statement[0].Effect: must be "Allow" or "Deny", in these letters
}

func ExampleParseStored() {
	d, notes, err := policy.ParseStored([]byte(`{"Statement": [{"Effect": "Allow", "Principal": "222233334444", "Action": "lambda:InvokeFunction", "Resource": "*"}]}`))
	fmt.Println(notes[0], err)
	fmt.Println(d)
	// Output:
	// Statement[0].Principal: not an object; read as what it names <nil>
	// {
	//   "Statement": [
	//     {
	//       "Effect": "Allow",
	//       "Principal": {
	//         "AWS": "222233334444"
	//       },
	//       "Action": "lambda:InvokeFunction",
	//       "Resource": "*"
	//     }
	//   ]
	// }
}
