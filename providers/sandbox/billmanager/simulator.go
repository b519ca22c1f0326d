package billmanager

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bursar/providers/sandbox/gate"
)

// Simulator is the panel.
type Simulator struct {
	opt    Options
	rows   *store
	visits map[string]visit // by session id
	logins int
	saved  map[string]url.Values // filters, by login
}

// New makes the panel.
func New(o Options) *Simulator {
	return &Simulator{
		opt: o.withDefaults(), rows: newStore(o.World, o.RefundNumbers), visits: map[string]visit{}, saved: map[string]url.Values{},
	}
}

// Name is the system's name.
func (s *Simulator) Name() string { return "billmanager" }

func (s *Simulator) gate() *gate.Gate { return s.opt.Gate }

// request is the parameters of one call. A body's value counts before a
// query's.
type request struct {
	fn   string
	form url.Values
}

func (q request) get(name string) string { return q.form.Get(name) }

// ids are the elements that the call names: by comma, with or without a space.
func (q request) ids() []string {
	var out []string
	for _, id := range strings.Split(q.get("elid"), ",") {
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// maxForm bounds what a request may carry.
const maxForm = 1 << 20

// ServeHTTP answers on the panel's path, with and without a slash, and on the
// root, as panels with a host of their own do.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	q := request{fn: r.Form.Get("func"), form: r.Form}
	call := gate.Call{Name: q.fn, IDs: q.ids(), Changes: s.changes(q)}
	system := gate.System{
		Name:    s.Name(),
		Expired: func() gate.Answer { delete(s.visits, q.get("auth")); return s.document(q, nil, s.expired()) },
		Failed:  func() gate.Answer { return page(http.StatusInternalServerError, "500 Internal Server Error") },
	}
	s.gate().Serve(w, r, system, call, func() gate.Answer {
		switch {
		case r.URL.Path != "/billmgr" && r.URL.Path != "/billmgr/" && r.URL.Path != "/":
			return page(http.StatusNotFound, "404 Not Found")
		case r.Method != http.MethodGet && r.Method != http.MethodPost:
			return page(http.StatusMethodNotAllowed, "405 Method Not Allowed")
		case err != nil:
			return page(http.StatusBadRequest, "400 Bad Request")
		case s.opt.Blocked == BlockedByServer:
			return page(http.StatusForbidden, "403 Forbidden")
		}
		s.watchURL(r.URL.Query())
		return s.answer(q)
	})
}

func (s *Simulator) watchURL(query url.Values) {
	for _, name := range []string{"password", "authinfo", "auth", "key"} {
		if query.Has(name) && s.opt.SecretInURL != nil {
			s.opt.SecretInURL(name)
		}
	}
}

// changes reports whether the call changes something. Without sok=ok it only
// shows a form.
func (s *Simulator) changes(q request) bool {
	switch q.fn {
	case "payment.setpaid", "payment.delete":
		return q.get("sok") == "ok" || s.opt.LenientSok
	case "payment.refund", "payment.filter":
		return q.get("sok") == "ok"
	case "payment.setfilter":
		return true
	}
	return false
}

// answer runs the call.
func (s *Simulator) answer(q request) gate.Answer {
	if q.fn == "" {
		return page(http.StatusOK, "BILLmanager 6")
	}
	if q.fn == "auth" {
		kid, bad := s.auth(q)
		return s.document(q, []node{kid}, bad)
	}
	by, bad := s.caller(q)
	if bad != nil {
		return s.document(q, nil, bad)
	}
	if by.half && q.fn != "totp.confirm" {
		return s.document(q, []node{leaf("ok", "func=totp.confirm")}, nil)
	}
	kids, bad := s.call(q, by)
	return s.document(q, kids, bad)
}

func (s *Simulator) call(q request, by *who) ([]node, *failure) {
	one := func(n node, bad *failure) ([]node, *failure) { return []node{n}, bad }
	switch q.fn {
	case "totp.confirm":
		return one(s.confirm(q, by))
	case "whoami":
		return one(s.whoami(by), nil)
	case "keepalive":
		return one(leaf("ok", ""), nil)
	case "payment":
		return s.list(q, by)
	case "payment.history":
		return s.history(q, by)
	case "payment.setpaid":
		return s.group(q, by, s.creditable, s.credit)
	case "payment.delete":
		return s.group(q, by, s.deletable, s.remove)
	case "payment.refund":
		return s.refund(q, by)
	case "payment.filter":
		return s.filterForm(q, by)
	case "payment.setfilter":
		return s.setFilter(q, by)
	default:
		return nil, &failure{kind: "missed", object: "func", value: q.fn, say: sayNoFunction}
	}
}

// lang is the language of the answer's words.
func (s *Simulator) lang(q request) string {
	if l := q.get("lang"); l == "en" || l == "ru" {
		return l
	}
	return s.opt.Lang
}

// document writes an answer in the format asked for. Without a known one it is
// a web page.
func (s *Simulator) document(q request, kids []node, bad *failure) gate.Answer {
	if bad != nil {
		level := strconv.Itoa(s.opt.Level)
		kids = []node{bad.node(q.fn, s.lang(q), s.opt.Username, level)}
	}
	doc := node{name: "doc", kids: kids}.with("lang", s.lang(q)).with("func", q.fn)
	if s.opt.Blanks {
		pad(&doc)
	}
	var b bytes.Buffer
	switch q.get("out") {
	case "json", "xjson", "sjson":
		var arrays []string
		if s.opt.OneRowAsArray {
			arrays = []string{"elem", "param"}
		}
		b.WriteString(`{"doc":`)
		doc.json(&b, arrays)
		b.WriteString("}\n")
		label := "application/json; charset=UTF-8"
		if s.opt.PlainLabel {
			label = "text/plain; charset=UTF-8"
		}
		return gate.Answer{Header: http.Header{"Content-Type": {label}}, Body: b.Bytes()}
	case "xml":
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
		doc.xml(&b)
		return gate.Answer{Header: http.Header{"Content-Type": {"text/xml; charset=UTF-8"}}, Body: b.Bytes()}
	case "bjson":
		return bjson(doc.kids)
	case "csv":
		return table(q.fn, doc.kids)
	default:
		return page(http.StatusOK, "BILLmanager 6")
	}
}

// pad puts blanks around every text.
func pad(n *node) {
	if n.text != "" {
		n.text = " " + n.text + " "
	}
	n.kids = slices.Clone(n.kids)
	for i := range n.kids {
		pad(&n.kids[i])
	}
}

func page(status int, title string) gate.Answer {
	body := "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"
	return gate.Answer{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(body)}
}
