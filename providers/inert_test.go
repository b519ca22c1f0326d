package providers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestInert(t *testing.T) {
	for in, want := range map[string]string{
		"plain текст 世界": "plain текст 世界", "\x1b[2Jx": "·[2Jx", "a\u009b31m": "a·31m", "del\x7f": "del·", "two\r\nlines\tand": "two\nlines\tand", "\xff\xfe": "\ufffd", "": "",
	} {
		if got := Inert(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func FuzzInertJSON(f *testing.F) {
	f.Add("a\u009b31m\x7f\u0085ж")
	f.Add("\xc2\x9b\xc2")
	f.Fuzz(func(t *testing.T, s string) {
		var plain, inert bytes.Buffer
		_ = json.NewEncoder(&plain).Encode([]string{s})
		_ = json.NewEncoder(InertJSON(&inert)).Encode([]string{s})
		var want, got []string
		if json.Unmarshal(plain.Bytes(), &want) != nil || json.Unmarshal(inert.Bytes(), &got) != nil || got[0] != want[0] {
			t.Fatalf("%q became %q", s, inert.String())
		}
		if !utf8.Valid(inert.Bytes()) || strings.ContainsFunc(strings.TrimSuffix(inert.String(), "\n"), unicode.IsControl) {
			t.Fatalf("%q is %q: a control character is left", s, inert.String())
		}
	})
}
