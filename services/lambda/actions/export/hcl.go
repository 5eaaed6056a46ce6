package export

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// quote writes a text of HCL, in ASCII: ${ and %{ begin templates there, and the
// escapes are fewer than those of JSON. Source: HCL native syntax specification,
// quoted template expressions.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		default: // what is no UTF-8 was read as U+FFFD
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// list writes a list of texts of HCL.
func list(values []string) string {
	var all []string
	for _, v := range values {
		all = append(all, quote(v))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// line is an attribute of a block: its name, and its value in HCL.
type line struct{ name, value string }

// quoted makes attributes of texts, without those that are empty.
func quoted(lines ...line) []line {
	var all []line
	for _, l := range lines {
		if l.value != "" {
			all = append(all, line{l.name, quote(l.value)})
		}
	}
	return all
}

// aligned writes attributes with their equals signs below each other, as
// terraform fmt does.
func aligned(b *strings.Builder, indent string, lines []line) {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.name))
	}
	for _, l := range lines {
		fmt.Fprintf(b, "%s%-*s = %s\n", indent, width, l.name, l.value)
	}
}

// part is a block or a map inside a block: what opens it, and its attributes.
type part struct {
	open  string
	lines []line
}

// block writes a block, its attributes first. The kind is a word of HCL, and the
// labels are made of letters, digits and underscores.
func block(b *strings.Builder, kind string, labels []string, lines []line, parts ...part) {
	fmt.Fprintf(b, "\n%s", kind)
	for _, l := range labels {
		fmt.Fprintf(b, " %q", l)
	}
	b.WriteString(" {\n")
	aligned(b, "  ", lines)
	for _, p := range parts {
		fmt.Fprintf(b, "\n  %s {\n", p.open)
		aligned(b, "    ", p.lines)
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
}
