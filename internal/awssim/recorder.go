package awssim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
)

// Recorder is AWS Config's recorder of one region. What it holds of a function is
// the function as it stands, unless Items says otherwise.
type Recorder struct {
	Age        time.Duration            `yaml:"age"`         // how long ago its items were captured
	Elsewhere  bool                     `yaml:"elsewhere"`   // it records other types of resources only
	NoPolicies bool                     `yaml:"no_policies"` // its items carry no policies
	Items      map[string]*RecordedItem `yaml:"items"`       // by function name
}

// RecordedItem is what a recorder holds otherwise than the function is. Empty
// fields are as in the function.
type RecordedItem struct {
	Age      time.Duration `yaml:"age"` // 0: as the recorder says; below 0: captured in the future
	Missing  bool          `yaml:"missing"`
	Policy   string        `yaml:"policy"`   // as it stands in supplementaryConfiguration; "-" for none
	Revision string        `yaml:"revision"` // "-" for none
	Status   string        `yaml:"status"`   // OK (empty), ResourceDiscovered, ResourceDeleted, …
	ARN      string        `yaml:"arn"`
	Twice    bool          `yaml:"twice"` // the answer holds it two times
}

// itemShape is a BaseConfigurationItem on the wire (service/configservice
// v1.74.10, response snapshots).
type itemShape struct {
	Version       string            `json:"version"`
	Account       string            `json:"accountId"`
	Captured      float64           `json:"configurationItemCaptureTime"`
	Status        string            `json:"configurationItemStatus"`
	State         string            `json:"configurationStateId"`
	ARN           string            `json:"arn"`
	Type          string            `json:"resourceType"`
	ID            string            `json:"resourceId"`
	Name          string            `json:"resourceName"`
	Region        string            `json:"awsRegion"`
	Configuration string            `json:"configuration"`
	Supplementary map[string]string `json:"supplementaryConfiguration"`
}

const recordedFunction = "AWS::Lambda::Function"

// items returns what the recorder of a region holds of a function: mostly one
// item, none, or two.
func (s *Sim) items(a *Account, r *Region, name string) []itemShape {
	f := r.Function(name)
	if f == nil || r.Recorder == nil || r.Recorder.Elsewhere {
		return nil
	}
	said := RecordedItem{}
	if other := r.Recorder.Items[name]; other != nil {
		said = *other
	}
	if said.Missing {
		return nil
	}
	one := s.item(a, r, f, said)
	if said.Twice {
		return []itemShape{one, one}
	}
	return []itemShape{one}
}

func (s *Sim) item(a *Account, r *Region, f *Function, said RecordedItem) itemShape {
	age := r.Recorder.Age
	if said.Age != 0 {
		age = said.Age
	}
	arn := functionARN(a, r.Name, f.Name)
	configuration := map[string]any{
		"functionName": f.Name, "functionArn": arn, "role": f.Role, "runtime": f.Runtime,
		"lastModified": f.LastModified, "revisionId": f.RevisionID,
	}
	switch said.Revision {
	case "":
	case "-":
		delete(configuration, "revisionId")
	default:
		configuration["revisionId"] = said.Revision
	}
	text, _ := json.Marshal(configuration) // strings always marshal
	return itemShape{
		Version: "1.3", Account: a.ID, Captured: float64(s.clock.Now().Add(-age).UnixMilli()) / 1000, Status: cmp.Or(said.Status, "OK"),
		State: fmt.Sprint(s.clock.Now().UnixMilli()), ARN: cmp.Or(said.ARN, arn), Type: recordedFunction, ID: f.Name, Name: f.Name,
		Region: r.Name, Configuration: string(text), Supplementary: r.Recorder.supplement(f, said),
	}
}

// supplement holds the policy of the function alone, as a JSON text of the
// document: its aliases and versions are not recorded.
func (r *Recorder) supplement(f *Function, said RecordedItem) map[string]string {
	out := map[string]string{"Tags": "[]"}
	policy, has := f.Policies[""]
	if has {
		text, _ := json.Marshal(policy) // a string always marshals
		policy = string(text)
	}
	if said.Policy != "" {
		policy, has = said.Policy, said.Policy != "-"
	}
	if has && !r.NoPolicies {
		out["Policy"] = policy
	}
	return out
}
