package cli

import (
	"strings"
	"testing"

	"bursar/providers/sandbox"
)

func TestWhatBenchRefuses(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	for _, tc := range []struct {
		name string
		args []string
		says string
	}{
		{"a goal that is no figure", []string{"--goals", "9"}, "and not 9"},
		{"too few rows", []string{"--rows", "10"}, "less than 1000"},
		{"data to keep nobody knows where", []string{"--keep"}, "--keep needs --dir"},
		{"kept data of another size", []string{"--data", "x", "--rows", "2000"}, "leave out"},
		{"a directory that holds no data", []string{"--data", t.TempDir()}, "holds no data"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code := exitUsage
			if tc.args[0] == "--data" && len(tc.args) == 2 {
				code = exitError
			}
			if got := b.must(code, append([]string{"bench"}, tc.args...)...); !strings.Contains(got.err, tc.says) {
				t.Errorf("said %q, want %q", got.err, tc.says)
			}
		})
	}
}
