package jumpfinance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a simulator up. The switches choose where the documentation is
// silent or where accounts differ.
type Options struct {
	World *world.World
	Gate  *gate.Gate

	// Key is the Client-Key; empty: "sandbox".
	Key string
	// PayAfter is how long a payout is processed; zero: two minutes.
	PayAfter time.Duration
	// Confirming makes new payouts wait for a human (status 7), as the
	// personal account's switch does.
	Confirming bool
	// OldTitles gives the statuses their titles of 2024, when 4 meant what 7
	// means now.
	OldTitles bool
	// WithdrawalsOff forbids payouts through this integration.
	WithdrawalsOff bool
	// OldestFirst turns the lists round: no order is documented.
	OldestFirst bool
	// PublishedOnly answers 404 on every path that nobody has published.
	PublishedOnly bool
	// Noise writes the types that the documents disagree about the other way:
	// 0 and 1 for booleans, numbers for texts, a boolean for a limit.
	Noise bool
}

const (
	defaultKey      = "sandbox"
	defaultPayAfter = 2 * time.Minute
	base            = "/services/openapi"
	systemName      = "jumpfinance"
	maxBody         = 1 << 20
)

// Simulator is the payout service. Its rows are guarded by the gate.
type Simulator struct {
	opt   Options
	today time.Time // the first moment of the day on which it was made

	payouts     *world.Table[payout]
	contractors *world.Table[contractor]
	branches    []branch
	deals       world.Trace
	// added finds the rows that did not come with the world.
	addedPayouts, addedContractors map[int]int
	touched                        map[int]bool         // payouts of the world that were changed
	owners                         map[string]int       // own id -> row, for ids that the world did not give
	requisites                     map[int][]requisite  // contractor's id -> those made by payouts
	polled                         map[string]time.Time // payout -> last status read by itself
	hurried                        int
	nextID                         int
	spendings                      map[spending]decimal.Decimal // what branches spent, as of spentAt
	spentAt                        time.Time
}

// New makes a simulator of the world's payouts.
func New(o Options) *Simulator {
	if o.Key == "" {
		o.Key = defaultKey
	}
	if o.PayAfter <= 0 {
		o.PayAfter = defaultPayAfter
	}
	now := o.World.Clock.Now()
	s := &Simulator{
		opt: o, today: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()), deals: o.World.Payouts(),
		addedPayouts: map[int]int{}, addedContractors: map[int]int{}, touched: map[int]bool{}, owners: map[string]int{},
		requisites: map[int][]requisite{}, polled: map[string]time.Time{}, branches: defaultBranches(),
	}
	s.payouts = world.NewTable(s.deals.Len(), s.makePayout)
	s.contractors = world.NewTable(o.World.Contractors(), s.makeContractor)
	return s
}

// Name is the system's name in ledgers, logs and fault specs.
func (s *Simulator) Name() string { return systemName }

// Hurried counts the status reads of one payout by itself that came within a
// minute of the one before, which the vendor asks callers not to do.
func (s *Simulator) Hurried() int {
	n := 0
	_ = s.opt.Gate.Do(func() error { n = s.hurried; return nil })
	return n
}

// request is one request, read and taken apart.
type request struct {
	query url.Values
	body  []byte
	head  http.Header
	args  map[string]string // placeholders of the path
}

type handler func(*request) gate.Answer

// call is one operation that the simulator answers.
type call struct {
	method, path string
	published    bool
	do           handler
}

func (s *Simulator) calls() []call {
	return []call{
		{http.MethodPost, "/payments", true, s.createPayment},
		{http.MethodGet, "/payments", true, s.listPayments},
		{http.MethodPost, "/payments/smart", false, s.smartPayment},
		{http.MethodGet, "/payments/customer-payment/{customer_payment_id}", true, s.paymentByOwnID},
		{http.MethodPost, "/payments/{payment_id}/repeat", true, s.repeatPayment},
		{http.MethodGet, "/payments/{payment_id}", true, s.getPayment},
		{http.MethodGet, "/contractors", true, s.listContractors},
		{http.MethodGet, "/contractors/{contractor_id}", true, s.getContractor},
		{http.MethodGet, "/contractors/{contractor_id}/requisites", true, s.listRequisites},
		{http.MethodGet, "/contractors/{contractor_id}/balances", true, s.listBalances},
		{http.MethodGet, "/contractors/{contractor_id}/balances/{balance_id}", true, s.getBalance},
		{http.MethodGet, "/acceptance-certificates", false, s.listCertificates},
		{http.MethodGet, "/acceptance-certificates/{cert_id}", false, s.getCertificate},
		{http.MethodGet, "/branch-office", true, s.listBranches},
		{http.MethodGet, "/settings", false, s.getSettings},
		{http.MethodGet, "/agents", true, s.listAgents},
		{http.MethodGet, "/banks_accounts", true, s.listBankAccounts},
	}
}

// ServeHTTP answers one request; the path starts with /services/openapi.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := &request{query: r.URL.Query(), head: r.Header, args: map[string]string{}}
	req.body, _ = io.ReadAll(io.LimitReader(r.Body, maxBody))
	c := gate.Call{Name: r.Method + " " + strings.TrimPrefix(r.URL.Path, base), Changes: r.Method != http.MethodGet}
	do, known := s.route(r, req)
	if known.path != "" {
		c.Name = known.method + " " + known.path
	}
	c.IDs = idsOf(req)
	s.opt.Gate.Serve(w, r, s.system(), c, func() gate.Answer {
		if a, ok := s.admit(req); !ok {
			return a
		}
		return do(req)
	})
}

// route finds the call of a path; what nobody answers is a 404 or a 405.
func (s *Simulator) route(r *http.Request, req *request) (handler, call) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), base)
	if !ok {
		return notFound, call{}
	}
	missing := handler(notFound)
	for _, c := range s.calls() {
		args, fits := match(c.path, rest)
		switch {
		case !fits || s.opt.PublishedOnly && !c.published:
		case c.method != r.Method:
			missing = wrongMethod
		default:
			req.args = args
			return c.do, c
		}
	}
	return missing, call{}
}

// match reads a path's placeholders. The words of a pattern win over its
// placeholders by their order in calls.
func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(have) {
		return nil, false
	}
	args := map[string]string{}
	for i, w := range want {
		if !strings.HasPrefix(w, "{") {
			if w != have[i] {
				return nil, false
			}
			continue
		}
		v, err := url.PathUnescape(have[i])
		if err != nil || v == "" {
			return nil, false
		}
		args[strings.Trim(w, "{}")] = v
	}
	return args, true
}

// idsOf names every record that a request names, own ids too.
func idsOf(req *request) []string {
	var ids []string
	for _, name := range []string{"payment_id", "customer_payment_id", "contractor_id", "balance_id", "cert_id"} {
		if v := req.args[name]; v != "" {
			ids = append(ids, v)
		}
	}
	if v := req.query.Get("ids"); v != "" {
		ids = append(ids, strings.Split(v, ",")...)
	}
	var body struct {
		Own        any `json:"customer_payment_id"`
		Contractor any `json:"contractor_id"`
	}
	dec := json.NewDecoder(bytes.NewReader(req.body))
	dec.UseNumber()
	if dec.Decode(&body) == nil {
		for _, v := range []any{body.Own, body.Contractor} {
			switch v := v.(type) {
			case string:
				ids = append(ids, v)
			case json.Number:
				ids = append(ids, v.String())
			}
		}
	}
	return ids
}

func (s *Simulator) system() gate.System {
	return gate.System{
		Name:    systemName,
		Expired: func() gate.Answer { return unauthorized() },
		Failed: func() gate.Answer {
			return failure(http.StatusInternalServerError, "Ошибка", "Внутренняя ошибка сервера", nil)
		},
		Limited: func(int) gate.Answer {
			return failure(http.StatusTooManyRequests, "Ошибка", "Превышен лимит запросов", nil)
		},
	}
}

// admit checks the key and the headers that every request must carry.
func (s *Simulator) admit(req *request) (gate.Answer, bool) {
	key := req.head.Get("Client-Key")
	if key == "" {
		key = req.query.Get("client_key")
	}
	if key != s.opt.Key {
		return unauthorized(), false
	}
	accept := req.head.Get("Accept")
	if !strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") {
		return badRequest(), false
	}
	if len(req.body) > 0 && !strings.HasPrefix(req.head.Get("Content-Type"), "application/json") {
		return badRequest(), false
	}
	return gate.Answer{}, true
}
