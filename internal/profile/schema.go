package profile

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of surety.yaml. [Parse] refuses more: what only
// rules and AWS know.
func Schema() []byte { return append([]byte(nil), schema...) }
