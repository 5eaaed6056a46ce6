package actions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/plan"
)

// versionOf is the content of a VersionAction's step; null is no such version.
// A version that is still to be published has no number, so a step without
// qualifier means the version that is like another one, but for its role and
// description; with a qualifier it means that number.
type versionOf struct {
	Code        string `json:"code"` // CodeSha256, as Lambda writes it
	Role        string `json:"role"` // ARN
	Description string `json:"description,omitempty"`
	Like        string `json:"like,omitempty"` // the number of the version that it is like
}

// mark is how the description of a version ends that a plan published. It tells
// such a version from one that somebody else published of the same.
const mark = "(own role, by surety)"

// marked puts the mark behind a description, which may have 256 characters.
// Source: Lambda API reference, PublishVersion.
func marked(description string) string {
	if strings.HasSuffix(description, mark) {
		return description
	}
	return strings.TrimSpace(fmt.Sprintf("%.*s %s", 256-len(mark)-1, description, mark))
}

// contents reads what a step is about, and what it exchanges; nil is null.
func contents[T any](s plan.Step) (t target, before, after *T, err error) {
	if t, err = targetOf(s); err != nil {
		return t, nil, nil, err
	}
	if err = json.Unmarshal(s.Before, &before); err == nil {
		err = json.Unmarshal(s.After, &after)
	}
	if err != nil {
		return t, nil, nil, fmt.Errorf("reading the plan: %w", err)
	}
	return t, before, after, nil
}

// find returns the version that a content means.
func (want versionOf) find(all []types.FunctionConfiguration) *types.FunctionConfiguration {
	model := numbered(all, want.Like)
	for i := range slices.Backward(all) {
		is := published(all[i]) && want.same(contentOf(all[i], want.Like))
		if is && (model == nil || len(unlike(all[i], *model)) == 0) {
			return &all[i]
		}
	}
	return nil
}

func contentOf(c types.FunctionConfiguration, like string) versionOf {
	return versionOf{Code: aws.ToString(c.CodeSha256), Role: aws.ToString(c.Role), Description: aws.ToString(c.Description), Like: like}
}

// same compares roles without regard to case, as IAM does.
func (want versionOf) same(other versionOf) bool {
	role := strings.EqualFold(want.Role, other.Role)
	want.Role, other.Role = "", ""
	return role && want == other
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
