package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden frames anew")

func width(s string) int { return ansi.StringWidth(s) }

// batchID is the part of a frame that differs from run to run.
var batchID = regexp.MustCompile(`batch [0-9a-f]{8}`)

// Golden compares the frame with testdata/NAME.golden.
func (d *Driver) Golden(name string) {
	d.t.Helper()
	d.CheckFrame()
	lines := strings.Split(batchID.ReplaceAllString(d.Frame(), "batch 01234567"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	got := strings.Join(lines, "\n") + "\n"
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatalf("%v: run the tests of tui with -update and read the difference", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		d.t.Errorf("%s differs (-want +got); -update writes it anew:\n%s", path, diff)
	}
}
