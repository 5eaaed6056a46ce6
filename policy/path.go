package policy

import (
	"sort"
	"strconv"
	"strings"
	"unicode"

	"surety/policy/internal/syntax"
)

// path names the node that begins at a byte, or the member whose name does, by
// what leads to it from the root, such as Statement[0].Effect; "" for the root
// and for a byte where nothing begins. Few documents have a fault to tell, so
// paths are not kept while reading.
func path(root syntax.Node, offset int) string {
	var b strings.Builder
	for n, at := root, int32(offset); n.Offset != at; {
		i := sort.Search(len(n.Members), func(i int) bool { return n.Members[i].Offset > at }) - 1
		if i < 0 {
			return ""
		}
		m := n.Members[i] // the last that does not begin behind the byte
		switch {
		case n.Kind == syntax.Array:
			b.WriteString("[" + strconv.Itoa(i) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(memberName(m.Name))
		}
		if m.Offset == at {
			break
		}
		n = m.Value
	}
	return b.String()
}

// memberName is the name of a member as a path shows it.
func memberName(name string) string {
	if name == "" || len(name) > maxShown || strings.ContainsFunc(name, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return shown(name)
	}
	return name
}
