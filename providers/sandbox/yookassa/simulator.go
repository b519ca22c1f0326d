package yookassa

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a simulator up. The zero switches are today's dialect at its
// most usual.
type Options struct {
	World *world.World
	Gate  *gate.Gate
	// PendingRefunds makes a new refund pending; it settles when it has been
	// read so many times. 0: refunds succeed at once.
	PendingRefunds int
	// ProcessingOnce answers 202 to the first send of every key, after the
	// change was made, as the older edition may.
	ProcessingOnce bool
	// OldDialect speaks the 2019 edition: yandex_money, yandex_checkout, no
	// metadata on refunds, under /api/v3 too.
	OldDialect bool
}

// Simulator is the payment system. It is safe for concurrent use, for the gate
// lets one request in at a time.
type Simulator struct {
	opt      Options
	start    time.Time // when the world was made
	payments *book[payment]
	refunds  *book[refund]
	receipts *book[receipt]
	refundOf map[string][]int // rows of refunds that were not in the world, by payment
	slipOf   map[string][]int // the same for receipts, by payment or refund
	waiting  []int            // rows of receipts that the till has not registered yet
	pending  map[int]int      // refund row -> reads until it settles
	minted   map[string]int   // ids given out, by space
	keys     map[string]*bound
}

// New makes a simulator over the world.
func New(o Options) *Simulator {
	s := &Simulator{
		opt: o, start: o.World.Clock.Now(), refundOf: map[string][]int{}, slipOf: map[string][]int{},
		pending: map[int]int{}, minted: map[string]int{}, keys: map[string]*bound{},
	}
	rows := o.World.Shop().Len()
	s.payments = newBook(rows, 1, s.makePayment, s.paymentTime,
		func(p *payment) time.Time { return p.CreatedAt.Time }, func(p *payment) string { return p.ID })
	s.refunds = newBook(rows, 1, s.makeRefund, s.refundTime,
		func(r *refund) time.Time { return r.CreatedAt.Time }, func(r *refund) string { return r.ID })
	s.receipts = newBook(2*rows, 2, s.makeReceipt, s.receiptTime,
		func(r *receipt) time.Time { return r.made }, func(r *receipt) string { return r.ID })
	return s
}

// Name is the system's name in the ledger and in fault specs.
func (s *Simulator) Name() string { return "yookassa" }

// handler is one documented call.
type handler struct {
	name string // "POST /refunds"
	do   func(*Simulator, *call) gate.Answer
}

// routes are the calls by their path; {} stands for an id.
var routes = map[string]map[string]handler{
	"payments":            {"GET": {"GET /payments", (*Simulator).listPayments}},
	"payments/{}":         {"GET": {"GET /payments/{payment_id}", (*Simulator).getPayment}},
	"payments/{}/capture": {"POST": {opCapture, (*Simulator).capture}},
	"payments/{}/cancel":  {"POST": {opCancel, (*Simulator).cancel}},
	"refunds":             {"GET": {"GET /refunds", (*Simulator).listRefunds}, "POST": {opRefund, (*Simulator).createRefund}},
	"refunds/{}":          {"GET": {"GET /refunds/{refund_id}", (*Simulator).getRefund}},
	"receipts":            {"GET": {"GET /receipts", (*Simulator).listReceipts}, "POST": {opReceipt, (*Simulator).createReceipt}},
	"receipts/{}":         {"GET": {"GET /receipts/{receipt_id}", (*Simulator).getReceipt}},
	"me":                  {"GET": {"GET /me", (*Simulator).me}},
}

// The changing calls by their documented names.
const (
	opCapture = "POST /payments/{payment_id}/capture"
	opCancel  = "POST /payments/{payment_id}/cancel"
	opRefund  = "POST /refunds"
	opReceipt = "POST /receipts"
)

// maxBody bounds what a request may carry.
const maxBody = 1 << 20

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	c := &call{Request: r, body: body, broken: err != nil || len(body) == maxBody}
	methods, found := s.find(r.URL.EscapedPath(), c)
	h, allowed := methods[r.Method]
	info := gate.Call{Name: h.name, Changes: allowed && r.Method != http.MethodGet}
	if info.Name == "" {
		info.Name = r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v3")
	}
	if id := c.subject(); id != "" {
		info.IDs = []string{id}
	}
	s.opt.Gate.Serve(w, r, s.system(), info, func() gate.Answer {
		switch {
		case !found:
			return fail(http.StatusNotFound, "not_found", "There is nothing at this address", "")
		case !allowed:
			return gate.Answer{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {allow(methods)}}}
		}
		c.name = h.name
		s.till()
		return s.admit(c, h)
	})
}

// find looks the path up and notes its id.
func (s *Simulator) find(path string, c *call) (map[string]handler, bool) {
	rest, ok := strings.CutPrefix(path, "/v3/")
	if !ok && s.opt.OldDialect {
		rest, ok = strings.CutPrefix(path, "/api/v3/")
	}
	if !ok {
		return nil, false
	}
	parts := strings.Split(rest, "/")
	if len(parts) > 1 {
		c.id = parts[1]
		if c.id == "" {
			return nil, false
		}
		parts[1] = "{}"
	}
	methods, ok := routes[strings.Join(parts, "/")]
	return methods, ok
}

func allow(methods map[string]handler) string {
	var out []string
	for _, m := range []string{"GET", "POST", "DELETE"} {
		if _, ok := methods[m]; ok {
			out = append(out, m)
		}
	}
	return strings.Join(out, ", ")
}

func (s *Simulator) system() gate.System {
	return gate.System{
		Name:    s.Name(),
		Expired: func() gate.Answer { return unauthorized("The secret key has been revoked") },
		Failed: func() gate.Answer {
			return fail(http.StatusInternalServerError, "internal_server_error", "Something went wrong on the side of YooKassa", "")
		},
		Limited: limited,
	}
}

// call is one request on its way through the checks.
type call struct {
	*http.Request
	name   string // documented
	id     string // from the path
	body   []byte
	broken bool
	fields map[string]any // the body, parsed
}

// subject is the record that the request acts on, for logs and faults: the id
// in the path, or the payment that a body names.
func (c *call) subject() string {
	if c.id != "" {
		return c.id
	}
	var body struct {
		Payment string `json:"payment_id"`
		Refund  string `json:"refund_id"`
	}
	if c.Method == http.MethodPost && parse(c.body, &body) == nil && body.Payment == "" {
		return body.Refund
	}
	return body.Payment
}

// admit makes the checks that all calls share, in the system's order: login,
// form of the request, key.
func (s *Simulator) admit(c *call, h handler) gate.Answer {
	if a, ok := s.login(c); !ok {
		return a
	}
	if c.Method != http.MethodPost {
		return h.do(s, c)
	}
	empty := len(bytes.TrimSpace(c.body)) == 0 && h.name == opCancel
	if kind := c.Header.Get("Content-Type"); !empty && !strings.HasPrefix(strings.ToLower(kind), "application/json") {
		return gate.Answer{Status: http.StatusUnsupportedMediaType}
	}
	if empty {
		c.body = []byte("{}")
	}
	if err := parse(c.body, &c.fields); c.broken || err != nil || c.fields == nil {
		return invalid("The body is not a JSON object", "")
	}
	return s.keyed(c, h)
}
