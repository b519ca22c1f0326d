package billmanager

import (
	"fmt"
	"net/http"
	"strings"

	"bursar/providers"
	"bursar/providers/transport"
)

// refusal is the panel's error document. Decisions are made by Type and
// Object: the text is for people and in their language.
type refusal struct {
	Type, Object string
	Value        string // the element or value refused
	Msg          string
}

// Error names the refusal by its code.
func (r *refusal) Error() string { return r.code() }

func (r *refusal) code() string { return strings.TrimSpace(r.Type + " " + r.Object) }

// decode turns an answer into an error, nil when the answer is a document
// without one.
func decode(req transport.Request, resp transport.Response) *providers.Error {
	if resp.Status < 200 || resp.Status > 299 {
		return statusError(req, resp)
	}
	doc, bad := parseDocument(resp.Body)
	if bad != nil {
		return bad
	}
	if doc.has("error") {
		return doc.refusal().explain()
	}
	if strings.Contains(doc.text("ok"), "totp.confirm") {
		r := &refusal{Type: "extraconfirm", Msg: "the login asks for a two-factor code; use a login without two-factor confirmation"}
		return r.explain()
	}
	return nil
}

// statusError is about an answer of the web server before the panel: the panel
// itself always answers 200.
func statusError(req transport.Request, resp transport.Response) *providers.Error {
	e := transport.DecodeStatus(req, resp)
	switch {
	case resp.Status == http.StatusForbidden, resp.Status == 460:
		e.Fault = providers.FaultForbidden
		e.Message = fmt.Sprintf("the server before the panel answered %d: this address may be blocked", resp.Status)
	case resp.Status == http.StatusNotFound:
		// No word about the record: it is the address that is wrong.
		e.Fault = providers.FaultProtocol
		e.Message = "the server has no panel at this address; check url"
	case e.Fault == providers.FaultInput, e.Fault == providers.FaultState, e.Fault == providers.FaultNotFound:
		e.Fault = providers.FaultProtocol
	}
	return e
}

func (d document) refusal() *refusal {
	r := &refusal{Type: d.attr("error", "type"), Object: d.attr("error", "object")}
	m, ok := first(d.value("error")).(map[string]any)
	if !ok {
		r.Msg = d.text("error")
		return r
	}
	for _, name := range []string{"msg", "detail", "default"} {
		if r.Msg == "" {
			r.Msg = cellOf(m[name]).Text
		}
	}
	params, ok := m["param"].([]any)
	if !ok {
		params = []any{m["param"]}
	}
	for _, p := range params {
		if p, ok := p.(map[string]any); ok && plain(p["$name"]) == "value" {
			r.Value = plain(p["$"])
		}
	}
	return r
}

// explain is the refusal as an error. Only the types that tell that nothing was
// done become faults that say so.
func (r *refusal) explain() *providers.Error {
	e := &providers.Error{Code: r.code(), Message: r.Msg, Err: r, Fault: providers.FaultOther}
	switch r.Type {
	case "auth":
		e.Fault = providers.FaultAuth
		switch r.Object {
		case "badpassword":
			e.Message = "the panel refused the user name or password; it is not tried again, correct username and secret"
		case "badip":
			e.Message = "the panel does not let this login in from this address"
		}
	case "extraconfirm":
		e.Fault = providers.FaultAuth
		e.Message = "the login asks for a two-factor code; use a login without two-factor confirmation"
	case "captcha_verification_failed":
		e.Fault = providers.FaultAuth
		e.Message = `the panel asks for a captcha before the login; set login = "authinfo" or lift the captcha for this user`
	case "access":
		e.Fault = providers.FaultForbidden
		if r.Value != "" {
			e.Fault = providers.FaultState // refused for this record
		}
	case "missed":
		e.Fault = providers.FaultInput
		if r.Value != "" {
			e.Fault = providers.FaultNotFound
		}
	case "value", "exists", "limit":
		e.Fault, e.Field = providers.FaultInput, r.Object
	case "xml", "db":
		e.Fault = providers.FaultServer
	}
	if e.Message == "" {
		e.Message = fmt.Sprintf("the panel refused without a word (%s)", r.code())
	}
	return e
}
