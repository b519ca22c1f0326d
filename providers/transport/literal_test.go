package transport

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzUnquote(f *testing.F) {
	for _, lit := range []string{`""`, `"Ёлка"`, `"a\nb"`, `"\u0041"`, "\"\xff\"", "\"\x01\"", `"a"b"`, `"`, `x`, `null`, ``, "\"\u2028\""} {
		f.Add(lit)
	}
	f.Fuzz(func(t *testing.T, lit string) {
		if !strings.HasPrefix(lit, `"`) {
			return
		}
		var want string
		wantErr := json.Unmarshal([]byte(lit), &want)
		got, err := Unquote([]byte(lit))
		if got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("%q: %q, %v; want %q, %v", lit, got, err, want, wantErr)
		}
	})
}

func TestFirstIs(t *testing.T) {
	for doc, want := range map[string]bool{
		`{"type":"list","items":[` + strings.Repeat("1,", 1000): true,
		" {\n \"type\" : \"list\"":                              true,
		`{"type":"error","x":"list"}`:                           false,
		`{"items":[],"type":"list"}`:                            false,
		`{"type":` + strings.Repeat(" ", 600) + `"list"}`:       false,
		`["type","list"]`:                                       false,
		`{"type":["list"]}`:                                     false,
		``:                                                      false,
		`<html>`:                                                false,
		`{"` + strings.Repeat("type", 200) + `":"list","x":"list"}`: false,
	} {
		if got := FirstIs([]byte(doc), "type", "list"); got != want {
			t.Errorf("%.60s: %v", doc, got)
		}
	}
}
