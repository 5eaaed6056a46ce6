package arch_test

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// unwelcome words have no place in a file of the house: paths of one person's
// machine, the tools that somebody wrote with, the hosts of package registries
// (a mirror must do), and work put off. Each is written in two halves so that
// this file does not hold it.
var unwelcome = []struct{ word, reason string }{
	{"/wo" + "rk/", "a path of one machine"},
	{"../sha" + "red", "a path of one machine"},
	{"sub" + "agent", "how a text was written is not its subject"},
	{"sub-" + "agent", "how a text was written is not its subject"},
	{"cla" + "ude", "how a text was written is not its subject"},
	{"anth" + "ropic", "how a text was written is not its subject"},
	{"chat" + "gpt", "how a text was written is not its subject"},
	{"language " + "model", "how a text was written is not its subject"},
	{"pypi" + ".org", "a registry is the reader's choice"},
	{"python" + "hosted.org", "a registry is the reader's choice"},
	{"proxy.go" + "lang.org", "a registry is the reader's choice"},
	{"registry.npm" + "js", "a registry is the reader's choice"},
	{"TO" + "DO", "do it, or write it into the tracker"},
	{"FIX" + "ME", "mend it, or write it into the tracker"},
	{"lorem " + "ipsum", "say something"},
}

// spared are files whose text is not ours to choose.
var spared = []string{".git", "LICENSE", "tests/requirements.txt", "go.sum", "tools/go.sum"}

// unwelcomeIn returns the lines that hold an unwelcome word. Letter case counts
// only for words in capitals: "to do" is English.
func unwelcomeIn(name string, content []byte) []string {
	var wrong []string
	for i, line := range strings.Split(string(content), "\n") {
		low := strings.ToLower(line)
		for _, u := range unwelcome {
			if strings.Contains(line, u.word) || (strings.ToUpper(u.word) != u.word && strings.Contains(low, u.word)) {
				wrong = append(wrong, fmt.Sprintf("%s:%d: %q: %s", name, i+1, u.word, u.reason))
			}
		}
	}
	return wrong
}

func TestWords(t *testing.T) {
	text := func(name string) bool {
		return !slices.Contains(spared, name) && !slices.Contains([]string{".png", ".zst", ".gz"}, path.Ext(name))
	}
	for name, content := range files(t, text) {
		if bytes.IndexByte(content, 0) >= 0 {
			continue // a binary that somebody built in the checkout
		}
		for _, line := range unwelcomeIn(name, content) {
			t.Error(line)
		}
	}
}

func TestWordsCanFail(t *testing.T) {
	for _, u := range unwelcome {
		if got := unwelcomeIn("a.md", []byte("one\n see "+u.word+" there\n")); len(got) != 1 || !strings.HasPrefix(got[0], "a.md:2: ") {
			t.Errorf("%q passes: %q", u.word, got)
		}
	}
	if got := unwelcomeIn("a.md", []byte("what is left to do, and a network or work of art\n")); len(got) != 0 {
		t.Errorf("innocent words are stopped: %q", got)
	}
}
