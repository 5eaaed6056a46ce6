package profile_test

import (
	"strings"
	"testing"

	"surety/internal/profile"
)

// TestDocument reads files that testdata cannot hold as text.
func TestDocument(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"a byte order mark", "\uFEFFversion: 1\n", ""},
		{"ends of lines as on Windows", "version: 1\r\nregions:\r\n  - us-east-1\r\n", ""},
		{"sections whose lines are all comments", "version: 1\nregions:\n#  - us-east-1\ntrust:\n  accounts:\nrules:\n  Lambda-006:\n", ""},
		{"a directive", "%YAML 1.2\n---\nversion: 1\n", ""},
		{"no text", "version: \xff1", "1:1: the file is no text in UTF-8: save it as UTF-8"},
		{"text of two bytes a character", "v\x00e\x00r\x00", "1:1: text where members belong"},
		{"too large", strings.Repeat("# all quiet\n", 1<<20), "1:1: the file is larger than 8388608 bytes: is it the right file"},
		{"lists in lists", strings.Repeat("[", 100_000), "1:65: lists and objects within each other, more than 64 deep: write it flatter"},
		{"objects in objects", strings.Repeat("{a: ", 20_000), "lists and objects within each other, more than 64 deep"},
		{"lists in lists, in blocks", strings.Repeat("- ", 100_000), "1:129: lists and objects within each other"},
		{"keys in keys", strings.Repeat("? ", 100_000), "lists and objects within each other"},
		{"tags on tags", strings.Repeat("!!a ", 100_000), "lists and objects within each other"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := profile.Parse([]byte(c.file), rules())
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%.200v, want %s", err, c.want)
			}
		})
	}
}
