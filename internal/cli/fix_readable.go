package cli

import (
	"bytes"
	"encoding/json"
	"strings"
)

// readable writes a content of a step over many lines. A text that is JSON
// itself, as policies are, is shown as what it says, also inside a role.
func readable(content json.RawMessage) []string {
	var text string
	if json.Unmarshal(content, &text) == nil {
		content = json.RawMessage(text)
	}
	if string(content) == "null" || len(content) == 0 {
		return nil
	}
	var b bytes.Buffer
	if json.Indent(&b, content, "", "  ") != nil {
		return strings.Split(oneLine(string(content)), "\n")
	}
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		lines = append(lines, unfolded(line)...)
	}
	for i, line := range lines {
		lines[i] = margin(line) + oneLine(line)
	}
	return lines
}

func margin(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " "))] }

// unfolded spreads a line of indented JSON whose member is a text that holds a
// JSON object; any other line stays.
func unfolded(line string) []string {
	name, value, found := strings.Cut(line, `": `)
	value, comma := strings.CutSuffix(value, ",")
	var text string
	if !found || json.Unmarshal([]byte(value), &text) != nil || !strings.HasPrefix(text, "{") {
		return []string{line}
	}
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), margin(line), "  ") != nil {
		return []string{line}
	}
	spread := name + `": ` + b.String()
	if comma {
		spread += ","
	}
	return strings.Split(spread, "\n")
}
