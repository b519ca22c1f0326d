package conformance

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"bursar/providers"
)

// brokenAnswers lets every read meet answers that make no sense.
func (s Subject) brokenAnswers(t *testing.T) {
	html := s.HTMLFault
	if html == providers.FaultOther {
		html = providers.FaultProtocol
	}
	tests := []struct {
		name  string
		wrap  func(http.Handler) http.Handler
		fault providers.Fault
	}{
		{"a web page with status 200", always("text/html; charset=utf-8", "<!DOCTYPE html><html><body>Sign in</body></html>"), html},
		{"half a document", half, providers.FaultProtocol},
		{"nothing", always("application/json", ""), providers.FaultProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := s.bench(t, setup{wrap: tt.wrap})
			for _, kind := range b.Kinds() {
				_, err := b.List(t.Context(), providers.Query{Kind: kind, Limit: 10})
				b.check(err)
				if providers.FaultOf(err) != tt.fault || err == nil {
					t.Errorf("list of %s: %v, want %v", kind.Plural(), err, tt.fault)
				}
			}
		})
	}
	// Odd documents may be read as empty, or refused; nothing may panic.
	for _, doc := range []string{"null", "[]", "{}", "[null]", `"text"`, "7", `{"items":null}`, `[{"id":{}}]`, `{"doc":[]}`} {
		t.Run("the document "+doc, func(t *testing.T) {
			b := s.bench(t, setup{wrap: always("application/json", doc)})
			for _, kind := range b.Kinds() {
				p, err := b.List(t.Context(), providers.Query{Kind: kind, Limit: 10})
				b.check(err)
				for _, r := range p.Records {
					checkRecord(t, s.Account.Name, kind, r)
				}
				_, err = b.Get(t.Context(), providers.Ref{Account: s.Account.Name, Kind: kind, ID: "1"})
				b.check(err)
			}
		})
	}
}

func always(contentType, body string) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		})
	}
}

// half sends the first half of what the simulator answers, as a whole answer.
func half(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			if k != "Content-Length" {
				w.Header()[k] = v
			}
		}
		w.WriteHeader(rec.Code)
		body := rec.Body.Bytes()
		_, _ = w.Write(body[:len(body)/2])
	})
}

// logins lets the reads meet a wrong login and a host that is gone.
func (s Subject) logins(t *testing.T) {
	auth := s.AuthOf
	if auth == nil {
		auth = []providers.Fault{providers.FaultAuth}
	}
	tests := []struct {
		name string
		setup
		faults []providers.Fault
	}{
		{"a wrong secret", setup{secret: wrongSecret}, auth},
		{"a host that is gone", setup{down: true}, []providers.Fault{providers.FaultOffline}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := s.bench(t, tt.setup)
			for _, kind := range b.Kinds() {
				ref := providers.Ref{Account: s.Account.Name, Kind: kind, ID: "1"}
				if s.UnknownID != nil {
					ref.ID = s.UnknownID(kind)
				}
				_, listErr := b.List(t.Context(), providers.Query{Kind: kind})
				_, getErr := b.Get(t.Context(), ref)
				for _, err := range []error{listErr, getErr} {
					b.check(err)
					if err == nil || !slices.Contains(tt.faults, providers.FaultOf(err)) {
						t.Errorf("%s: %v, want one of %v", kind.Plural(), err, tt.faults)
					}
				}
			}
		})
	}
}
