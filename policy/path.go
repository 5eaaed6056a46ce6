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
		switch i := lastBefore(n, at); {
		case i < 0:
			return ""
		case n.Kind == syntax.Array:
			b.WriteString("[" + strconv.Itoa(i) + "]")
			n = n.Items[i]
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(memberName(n.Members[i].Name))
			if n.Members[i].Offset == at {
				return b.String()
			}
			n = n.Members[i].Value
		}
	}
	return b.String()
}

// lastBefore returns which part of a list or an object begins last, but not
// behind a byte; -1 when none does.
func lastBefore(n syntax.Node, at int32) int {
	if n.Kind == syntax.Array {
		return sort.Search(len(n.Items), func(i int) bool { return n.Items[i].Offset > at }) - 1
	}
	return sort.Search(len(n.Members), func(i int) bool { return n.Members[i].Offset > at }) - 1
}

// memberName is the name of a member as a path shows it.
func memberName(name string) string {
	if name == "" || len(name) > maxShown || strings.ContainsFunc(name, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return shown(name)
	}
	return name
}
