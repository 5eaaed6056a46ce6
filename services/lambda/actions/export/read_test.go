package export_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"surety/internal/plan"
	"surety/services/iam"
	"surety/services/lambda/actions/export"
)

// resources reads a configuration, by type and name of its resources.
func resources(t *testing.T, text string) map[string]hcl.Attributes {
	t.Helper()
	file, problems := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatalf("HCL does not read it: %v\n%s", problems, text)
	}
	all := map[string]hcl.Attributes{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		attributes := hcl.Attributes{}
		for name, a := range block.Body.Attributes {
			attributes[name] = a.AsHCLAttribute()
		}
		if block.Type == "resource" {
			name := strings.Join(block.Labels, ".")
			if all[name] != nil {
				t.Errorf("%s stands twice", name)
			}
			all[name] = attributes
		}
	}
	return all
}

// textOf is the text that an attribute stands for.
func textOf(t *testing.T, a *hcl.Attribute) string {
	t.Helper()
	if a == nil {
		t.Fatal("there is no such attribute")
	}
	v, problems := a.Expr.Value(nil)
	if problems.HasErrors() {
		t.Fatalf("%s: %v", a.Name, problems)
	}
	return v.AsString()
}

// What Terraform gets is HCL, formatted as terraform fmt formats it, and every
// resource has a name of its own.
func TestTerraformReadsIt(t *testing.T) {
	for file, archive := range cases(t) {
		text, err := export.Terraform(planOf(t, fileOf(archive, "plan")))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if found := resources(t, text); len(found) == 0 && !strings.Contains(file, "removed") {
			t.Errorf("%s: no resources", file)
		}
		if formatted := string(hclwrite.Format([]byte(text))); formatted != text {
			t.Errorf("%s: terraform fmt would write\n%s", file, formatted)
		}
		unseen(t, file, text)
	}
}

// unseen finds characters that a terminal would obey or hide.
func unseen(t *testing.T, where, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s: %U stands in it as it is", where, r)
			return
		}
	}
}

// Whatever the texts of a plan are, they reach Terraform as they are.
func TestTerraformMeansIt(t *testing.T) {
	p := planOf(t, fileOf(cases(t)["testdata/hostile.txtar"], "plan"))
	text, err := export.Terraform(p)
	if err != nil {
		t.Fatal(err)
	}
	found := resources(t, text)
	whole, role := p.Steps[0], iam.Definition{}
	for _, s := range p.Steps {
		if s.Action == "iam-role" {
			if err := json.Unmarshal(s.After, &role); err != nil {
				t.Fatal(err)
			}
		}
	}
	var after string
	if err := json.Unmarshal(whole.After, &after); err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, found["aws_lambda_resource_policy.fix_f_q"]["policy"]); got != after {
		t.Errorf("the policy is\n%s\nwant\n%s", got, after)
	}
	made := found["aws_iam_role.fix_r"]
	if got := textOf(t, made["description"]); got != role.Description {
		t.Errorf("the description is %q, want %q", got, role.Description)
	}
	tags, problems := made["tags"].Expr.Value(nil)
	if problems.HasErrors() || tags.LengthInt() != len(role.Tags) {
		t.Fatalf("tags: %v", problems)
	}
	for key, value := range tags.AsValueMap() {
		if role.Tags[key] != value.AsString() {
			t.Errorf("tag %q is %q, want %q", key, value.AsString(), role.Tags[key])
		}
	}
}

// CloudFormation gets JSON with every step in it, as a resource or in Metadata.
func TestCloudFormationReadsIt(t *testing.T) {
	for file, archive := range cases(t) {
		p := planOf(t, fileOf(archive, "plan"))
		text, err := export.CloudFormation(p)
		if strings.Contains(file, "resolve") {
			if err == nil {
				t.Errorf("%s: CloudFormation would resolve it", file)
			}
			continue
		}
		var template struct {
			Resources map[string]struct{ Type string }
			Metadata  struct{ Surety map[string]any }
		}
		if err != nil || json.Unmarshal([]byte(text), &template) != nil {
			t.Fatalf("%s: %v", file, err)
		}
		said, _ := json.Marshal(template)
		for _, s := range slices.Concat(p.Steps, p.Withheld) {
			name, _ := json.Marshal(string(s.Resource))
			if s.Action != "iam-role" && !bytes.Contains([]byte(text), bytes.Trim(name, `"`)) {
				t.Errorf("%s: nothing is said of %s: %s", file, s.Resource, said)
			}
		}
		unseen(t, file, text)
	}
}

// stub is an aws that writes down what it is asked, an argument a line; knowing
// says whether it knows put-resource-policy, and account whose credentials it has.
func stub(t *testing.T, knowing bool, account string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	unknown := "exit 252"
	if knowing {
		unknown = "exit 0"
	}
	text := "#!/bin/sh\ncase \"$*\" in *--generate-cli-skeleton*) " + unknown + ";; *get-caller-identity*) echo " + account + "; exit 0;; esac\nprintf '%s\\000' \"$@\" end >>'" + dir + "/asked'\n"
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runScript runs a script that finds nothing but the stub, and returns the inputs
// of the commands.
func runScript(t *testing.T, dir, script string) (commands []string, inputs []json.RawMessage, err error) {
	t.Helper()
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), shell, "-n")
	check.Stdin = strings.NewReader(script)
	if said, err := check.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("bash -n: %v\n%s", err, said)
	}
	c := exec.CommandContext(t.Context(), shell, "--posix", "-s")
	c.Dir, c.Env, c.Stdin = dir, []string{"PATH=" + dir}, strings.NewReader(script)
	said, err := c.CombinedOutput()
	if len(said) > 0 && err == nil {
		t.Errorf("the script says %s", said)
	}
	asked, _ := os.ReadFile(filepath.Join(dir, "asked")) // none when nothing was asked
	for call := range strings.SplitSeq(strings.TrimSuffix(string(asked), "end\x00"), "end\x00") {
		words := strings.Split(strings.TrimSuffix(call, "\x00"), "\x00")
		if at := slices.Index(words, "--cli-input-json"); at >= 0 {
			commands, inputs = append(commands, words[1]), append(inputs, json.RawMessage(words[at+1]))
		}
	}
	return commands, inputs, err
}

// The shell hands every text of a plan to aws as it is, and runs nothing else.
func TestScriptAsksForIt(t *testing.T) {
	for file, archive := range cases(t) {
		p := planOf(t, fileOf(archive, "plan"))
		script, err := export.AWS(p)
		if err != nil {
			t.Fatal(err)
		}
		unseen(t, file, script)
		commands, inputs, err := runScript(t, stub(t, true, planned), script)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, s := range p.Steps {
			if !slices.ContainsFunc(inputs, func(in json.RawMessage) bool { return same(t, in, s.Call.Input) }) && s.Action != "lambda-policy" {
				t.Errorf("%s: nobody asks for %s", file, s.Call.Input)
			}
		}
		for _, s := range p.Withheld {
			if slices.ContainsFunc(inputs, func(in json.RawMessage) bool { return names(in, s) }) {
				t.Errorf("%s: it changes %s, which is for its owner to change", file, s.Resource)
			}
		}
		for i, name := range commands {
			if name == "put-resource-policy" && !slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return same(t, inputs[i], s.Call.Input) }) {
				t.Errorf("%s: the plan does not say %s", file, inputs[i])
			}
		}
	}
}

// names reports whether a command is about the function of a step.
func names(in json.RawMessage, s plan.Step) bool {
	var of struct{ FunctionName, ResourceArn string }
	return json.Unmarshal(in, &of) == nil && (of.FunctionName != "" && strings.HasSuffix(string(s.Resource), ":"+of.FunctionName) || of.ResourceArn == string(s.Resource))
}

// With credentials of another account nothing is changed: a function of the same
// name may be there.
func TestScriptKeepsToItsAccount(t *testing.T) {
	for _, account := range []string{"999988887777", "''", "None"} {
		script, err := export.AWS(planOf(t, fileOf(cases(t)["testdata/plain.txtar"], "plan")))
		if err != nil {
			t.Fatal(err)
		}
		if commands, _, err := runScript(t, stub(t, true, account), script); err == nil || len(commands) > 0 {
			t.Errorf("account %q: it went on to %v: %v", account, commands, err)
		}
	}
}

func same(t *testing.T, a, b json.RawMessage) bool {
	t.Helper()
	var one, two any
	if err := json.Unmarshal(a, &one); err != nil {
		t.Fatalf("%v: %s", err, a)
	}
	if err := json.Unmarshal(b, &two); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	left, _ := json.Marshal(one)
	right, _ := json.Marshal(two)
	return bytes.Equal(left, right)
}

// With an aws that cannot put a policy nothing is changed at all.
func TestScriptAsksFirst(t *testing.T) {
	script, err := export.AWS(planOf(t, fileOf(cases(t)["testdata/plain.txtar"], "plan")))
	if err != nil {
		t.Fatal(err)
	}
	if commands, _, err := runScript(t, stub(t, false, planned), script); err == nil || len(commands) > 0 {
		t.Errorf("it went on to %v: %v", commands, err)
	}
}
