package inventory_test

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write golden files anew")
	flag.Parse()
	os.Exit(m.Run())
}
