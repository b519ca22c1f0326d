package yookassa

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

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
	born     []*birth        // of payments made here whose end is still open
	partly   map[string]bool // payments that were captured in part
	tokens   map[string]bool // prints of the tokens that were used up
	payouts  *book[payout]
	dues     map[string]due   // when pending payouts settle, by id
	paidTo   map[string][]int // rows of payouts made here, by destination
	spent    decimal.Decimal  // of the gateway's balance
	webhooks []*webhook
}

// New makes a simulator over the world.
func New(o Options) *Simulator {
	s := &Simulator{
		opt: o, start: o.World.Clock.Now(), refundOf: map[string][]int{}, slipOf: map[string][]int{},
		pending: map[int]int{}, minted: map[string]int{}, keys: map[string]*bound{},
		partly: map[string]bool{}, tokens: map[string]bool{}, dues: map[string]due{}, paidTo: map[string][]int{},
	}
	rows := o.World.Shop().Len()
	s.payments = newBook(rows, 1, s.makePayment, s.paymentTime,
		func(p *payment) time.Time { return p.CreatedAt.Time }, func(p *payment) string { return p.ID })
	s.refunds = newBook(rows, 1, s.makeRefund, s.refundTime,
		func(r *refund) time.Time { return r.CreatedAt.Time }, func(r *refund) string { return r.ID })
	s.receipts = newBook(2*rows, 2, s.makeReceipt, s.receiptTime,
		func(r *receipt) time.Time { return r.made }, func(r *receipt) string { return r.ID })
	s.payouts = newBook(o.World.Cloud().Len(), 1, s.makePayout, s.payoutTime,
		func(p *payout) time.Time { return p.CreatedAt.Time }, func(p *payout) string { return p.ID })
	return s
}

// Name is the system's name in the ledger and in fault specs.
func (s *Simulator) Name() string { return "yookassa" }

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
		s.settle()
		return s.admit(c, h)
	})
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
	who    who
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
