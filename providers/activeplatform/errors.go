package activeplatform

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bursar/providers"
	"bursar/providers/transport"
)

// decodeError judges an answer. The status comes first; the body is read only
// when it says that it is JSON, in every shape that such a server may use.
func decodeError(r transport.Request, resp transport.Response) *providers.Error {
	if resp.Status >= 200 && resp.Status < 300 {
		if !isPage(resp) {
			return nil
		}
		return pageInstead(r, resp)
	}
	if resp.Status >= 300 && resp.Status < 400 {
		return redirected(resp)
	}
	e := transport.DecodeStatus(r, resp)
	if !isJSON(resp) {
		return e
	}
	if message, field := explain(resp.Body); message != "" {
		e.Message, e.Field = message, field
	}
	// A payment in another state than waiting is refused like a bad field.
	stateful := slices.Contains([]string{"", "status", "state", "base"}, e.Field)
	if e.Fault == providers.FaultInput && resp.Status == http.StatusUnprocessableEntity && r.Op == opComplete && stateful {
		e.Fault = providers.FaultState
	}
	return e
}

func isJSON(r transport.Response) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

func isPage(r transport.Response) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "text/html" || transport.LooksLikeHTML(r.Body)
}

// pageInstead is a web page with a good status: for a read a sign-in page, and
// never an empty list. For a change it proves that nothing was done only when
// it asks for a password.
func pageInstead(r transport.Request, resp transport.Response) *providers.Error {
	if r.Changes && !bytes.Contains(bytes.ToLower(resp.Body), []byte(`type="password"`)) {
		return &providers.Error{Fault: providers.FaultProtocol, Message: "a web page came instead of an answer: " + transport.Excerpt(resp.Body)}
	}
	return &providers.Error{Fault: providers.FaultAuth, Message: "a web page came instead of data, most likely to sign in: check the token and url"}
}

// redirected is a redirect: to a sign-in page the login has gone, which proves
// that nothing was done; anything else proves nothing. Only the path's own
// segments count, for a host or a query may be named after anything.
func redirected(resp transport.Response) *providers.Error {
	if to, err := url.Parse(resp.Header.Get("Location")); err == nil {
		for segment := range strings.SplitSeq(strings.ToLower(to.Path), "/") {
			switch segment {
			case "sign_in", "signin", "sign-in", "login", "session", "sessions":
				return &providers.Error{Fault: providers.FaultAuth, Message: "the panel sends to its sign-in page: check the token"}
			}
		}
	}
	return transport.DecodeStatus(transport.Request{}, resp)
}

// explain reads an error document: "error" as a text or an object, "errors" as
// a map of lists, a list of texts or a list of JSON:API objects.
func explain(body []byte) (message, field string) {
	var doc struct {
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
		Message text            `json:"message"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return "", ""
	}
	if message, field = explainAny(doc.Errors); message != "" {
		return message, field
	}
	if message, field = explainAny(doc.Error); message != "" {
		return message, field
	}
	return string(doc.Message), ""
}

func explainAny(raw json.RawMessage) (message, field string) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", ""
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return explainList(list)
	}
	if !isObject(raw) {
		var t text
		_ = t.UnmarshalJSON(raw) // never fails
		return string(t), ""
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return "", ""
	}
	return explainFields(fields)
}

// explainList joins what several errors say; the field is the first that is
// named.
func explainList(list []json.RawMessage) (message, field string) {
	var parts []string
	for _, raw := range list {
		m, f := explainAny(raw)
		if m != "" {
			parts = append(parts, m)
		}
		if field == "" {
			field = f
		}
	}
	return strings.Join(parts, "; "), field
}

// explainFields reads one object: a JSON:API error, one with a message, or a
// map of fields to what is wrong with them.
func explainFields(fields map[string]json.RawMessage) (message, field string) {
	word := func(name string) string {
		var t text
		if raw, ok := fields[name]; ok && !isObject(raw) {
			_ = t.UnmarshalJSON(raw) // never fails
		}
		return string(t)
	}
	for _, names := range [][]string{{"title", "detail"}, {"message"}, {"error"}} {
		if m := join(": ", wordsOf(word, names)...); m != "" {
			return m, pointed(fields["source"])
		}
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	var parts []string
	for _, name := range names {
		if m, _ := explainAny(fields[name]); m != "" {
			parts = append(parts, name+" "+m)
			if field == "" {
				field = name
			}
		}
	}
	return strings.Join(parts, "; "), field
}

func wordsOf(word func(string) string, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = word(name)
	}
	return out
}

// pointed is the field that a JSON:API error points to:
// {"pointer":"/data/attributes/total"}.
func pointed(source json.RawMessage) string {
	var s struct {
		Pointer text `json:"pointer"`
	}
	if !isObject(source) || json.Unmarshal(source, &s) != nil {
		return ""
	}
	return string(s.Pointer[strings.LastIndex(string(s.Pointer), "/")+1:])
}
