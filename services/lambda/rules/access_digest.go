package rules

import (
	"crypto/sha256"
	"encoding/hex"

	"surety/policy"
)

// digest tells whether what lets a stranger in has been changed: the first 32
// hex digits of SHA-256 over the statement and every Deny of its document, in
// canonical form. Names (Sid, Id) and places in the document do not count. A
// statement keeps its Sid when its condition is made to name another account or
// bucket, and its witness when a list grows; its digest it does not keep.
func (d *document) digest(statement int) string {
	if statement >= len(d.Statements) { // a question that could not be asked is blamed on statement 0
		return ""
	}
	part := policy.Document{Version: d.Version, Statements: []policy.Statement{unnamed(d.Statements[statement])}}
	for _, s := range d.Statements {
		if s.Effect == policy.Deny {
			part.Statements = append(part.Statements, unnamed(s))
		}
	}
	text, err := part.MarshalJSON()
	if err != nil { // no reader of the package makes such a document
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

func unnamed(s policy.Statement) policy.Statement {
	s.Sid = ""
	return s
}
