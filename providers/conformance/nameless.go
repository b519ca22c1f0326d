package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"bursar/providers"
)

// nameless lets every list come with a row that has no id: the other rows are
// there all the same, the page says that one is missing, and the list goes on.
func (s Subject) nameless(t *testing.T) {
	plain, odd := s.bench(t, setup{}), s.bench(t, setup{wrap: unnamed})
	for _, kind := range odd.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			q := providers.Query{Kind: kind, Limit: 20}
			want, err := plain.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got, err := odd.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if len(want.Records) < fewRows {
				t.Skip("too few rows")
			}
			if len(got.Records) < len(want.Records)-2 || (got.Next == "") != (want.Next == "") {
				t.Errorf("%d records of %d, next %q, without the odd row %q", len(got.Records), len(want.Records), got.Next, want.Next)
			}
			if len(got.Unread) == 0 && !slices.Contains(s.Projected, kind) {
				t.Error("nothing is said of the row without an id")
			}
			for _, err := range got.Unread {
				odd.check(err)
			}
			for _, r := range got.Records {
				checkRecord(t, s.Account.Name, kind, r)
			}
		})
	}
}

// fewRows is from how many rows on a list loses the id of one.
const fewRows = 3

// unnamed takes the id away from the second row of every list.
func unnamed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var doc any
		if dec.Decode(&doc) == nil {
			unname(doc)
			if out, err := json.Marshal(doc); err == nil {
				body = out
			}
		}
		for k, v := range rec.Header() {
			if k != "Content-Length" {
				w.Header()[k] = v
			}
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body)
	})
}

// unname looks for the topmost lists of objects with an id.
func unname(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			unname(inner)
		}
	case []any:
		if len(v) < fewRows {
			return
		}
		if row, ok := v[1].(map[string]any); ok {
			delete(row, "id")
		}
	}
}
