package awssim

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"
)

// session is what AssumeRole gave out.
type session struct {
	caller Caller
	ends   time.Time
}

type identityShape struct {
	XMLName xml.Name `xml:"GetCallerIdentityResult"`
	Arn     string
	UserId  string
	Account string
}

func (s *Sim) getCallerIdentity(c *call) (any, error) {
	return identityShape{Arn: c.caller.ARN, UserId: c.caller.UserID, Account: c.account.ID}, nil
}

type assumedShape struct {
	XMLName     xml.Name `xml:"AssumeRoleResult"`
	Credentials struct {
		AccessKeyId     string
		SecretAccessKey string
		SessionToken    string
		Expiration      string
	}
	AssumedRoleUser struct{ AssumedRoleId, Arn string }
}

// assumeRole gives out a session of a role of any account of the world, when the
// role's trust policy names the caller, the caller's account or everybody. Of its
// conditions only StringEquals on sts:ExternalId is weighed.
func (s *Sim) assumeRole(c *call) (any, error) {
	c.resource = c.form.Get("RoleArn")
	name := c.form.Get("RoleSessionName")
	parts := strings.SplitN(c.resource, ":", 6)
	if len(parts) != 6 || name == "" {
		return nil, &failure{status: 400, code: "ValidationError", message: c.resource + " is invalid"}
	}
	account := s.accounts[parts[4]]
	if account == nil {
		return nil, denied(c, "")
	}
	role := account.Role(c.resource)
	if role == nil || !trusts(role.Trust, c) {
		return nil, denied(c, "")
	}
	lasts := time.Hour
	if n, err := strconv.Atoi(c.form.Get("DurationSeconds")); err == nil && n >= 900 {
		lasts = time.Duration(n) * time.Second
	}
	key := uniqueID("ASIA", c.resource+name+strconv.Itoa(len(s.sessions)))[:20]
	in := session{ends: s.clock.Now().Add(lasts), caller: Caller{AccessKey: key, Account: account.ID,
		ARN:    "arn:" + account.partition() + ":sts::" + account.ID + ":assumed-role/" + role.Name + "/" + name,
		UserID: uniqueID("AROA", c.resource) + ":" + name, Label: c.caller.Label}}
	s.sessions[key] = in
	var out assumedShape
	out.Credentials.AccessKeyId, out.Credentials.SecretAccessKey = key, "not-checked"
	out.Credentials.SessionToken, out.Credentials.Expiration = "not-checked", in.ends.UTC().Format(time.RFC3339)
	out.AssumedRoleUser.Arn, out.AssumedRoleUser.AssumedRoleId = in.caller.ARN, in.caller.UserID
	return out, nil
}

// trusts tells whether a trust policy names the caller among its AWS principals.
func trusts(trust string, c *call) bool {
	var document struct {
		Statement []struct {
			Effect    string
			Principal struct{ AWS names }
			Condition struct {
				StringEquals struct {
					ExternalID names `json:"sts:ExternalId"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(trust), &document); err != nil {
		return false
	}
	for _, st := range document.Statement {
		if ids := st.Condition.StringEquals.ExternalID; len(ids) > 0 && !slices.Contains(ids, c.form.Get("ExternalId")) {
			continue
		}
		for _, who := range []string{"*", c.caller.ARN, c.account.ID, "arn:" + c.account.partition() + ":iam::" + c.account.ID + ":root"} {
			if st.Effect == "Allow" && slices.Contains(st.Principal.AWS, who) {
				return true
			}
		}
	}
	return false
}

// names is one text or a list of texts.
type names []string

// UnmarshalJSON reads either form.
func (n *names) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*n = names{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}
