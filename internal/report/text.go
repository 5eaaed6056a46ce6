package report

import "strings"

// Width is how many columns results take, on every terminal.
const Width = 80

// columns is how much room harmless text takes: one column a character, two for
// the wide letters of East Asia.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f000) {
		return 2
	}
	return 1
}

// cut shortens text to some columns; what was cut off is marked.
func cut(s string, room int) string {
	if columns(s) <= room {
		return s
	}
	n := 0
	for i, r := range s {
		if n += columnsOf(r); n > room-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// pad fills text up to some columns.
func pad(s string, room int) string {
	if n := columns(s); n < room {
		return s + strings.Repeat(" ", room-n)
	}
	return s
}

// Wrap breaks text into lines of at most room columns, at spaces where it can.
// Where there is no room, lines have one character.
func Wrap(s string, room int) []string {
	room = max(room, 1)
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		for columns(word) > room {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := headOf(word, room)
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) > room:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// headOf is as much of a word as fits; at least one character.
func headOf(word string, room int) string {
	n := 0
	for i, r := range word {
		if n += columnsOf(r); n > room && i > 0 {
			return word[:i]
		}
	}
	return word
}
