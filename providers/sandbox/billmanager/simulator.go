package billmanager

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"bursar/providers/sandbox/gate"
)

// Simulator is the panel.
type Simulator struct {
	opt    Options
	rows   *store
	visits map[string]visit // by session id
	logins int
	saved  map[string]url.Values // filters, by login
	keys   map[string]string     // for logins without a password, by user
	// tickets is how many were written.
	tickets int
}

// New makes the panel.
func New(o Options) *Simulator {
	return &Simulator{
		opt: o.withDefaults(), rows: newStore(o.World, o.RefundNumbers), visits: map[string]visit{},
		saved: map[string]url.Values{}, keys: map[string]string{},
	}
}

// Name is the system's name.
func (s *Simulator) Name() string { return "billmanager" }

func (s *Simulator) gate() *gate.Gate { return s.opt.Gate }

// ServeHTTP answers on the panel's path, with and without a slash, and on the
// root, as panels with a host of their own do.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q, err := readRequest(w, r)
	call := gate.Call{Name: q.fn, IDs: q.ids(), Changes: s.changes(q)}
	system := gate.System{
		Name:    s.Name(),
		Expired: func() gate.Answer { s.forget(q.session()); return s.document(q, nil, s.expired()) },
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

// forget ends a session. A fault asks for it outside the turn of the request.
func (s *Simulator) forget(session string) {
	_ = s.gate().Do(func() error { delete(s.visits, session); return nil })
}

func (s *Simulator) watchURL(query url.Values) {
	for _, name := range []string{"password", "authinfo", "auth", "key"} {
		if query.Has(name) && s.opt.SecretInURL != nil {
			s.opt.SecretInURL(name)
		}
	}
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
	q.by = by
	if by.half && q.fn != "totp.confirm" {
		if s.opt.ExtraConfirm {
			return s.document(q, nil, &failure{kind: "extraconfirm", say: sayExtra})
		}
		return s.document(q, []node{leaf("ok", "func=totp.confirm")}, nil)
	}
	busy := s.opt.Busy != NotBusy && s.changes(q)
	if busy && s.opt.Busy == BusyUndone {
		return s.document(q, nil, &failure{kind: "busy", say: sayBusy})
	}
	if q.fn == "payment.print" || q.fn == "payment.print.pdf" {
		return s.print(q)
	}
	kids, bad := s.call(q, by)
	if busy && bad == nil {
		bad = &failure{kind: "busy", say: sayBusy}
	}
	return s.document(q, kids, bad)
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
		user, level := "", ""
		if q.by != nil {
			user, level = q.by.name, strconv.Itoa(q.by.level)
		}
		kids = []node{bad.node(q.fn, s.lang(q), user, level)}
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
	case "xml", "pdf_print": // of the latter only failures come here
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
