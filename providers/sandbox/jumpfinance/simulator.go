package jumpfinance

import (
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
	// Confirmable answers POST /payments/confirm, which only one outside client
	// knows; otherwise it is a 404.
	Confirmable bool
	// BareUpdates answers a contractor's update without "item", as the sibling
	// API does.
	BareUpdates bool
	// BareLimit answers a 429 of its own with an empty body.
	BareLimit bool
	// SyncTakes is how long the tax service, a recognition, a passport check
	// and a refresh of balances work; zero: five seconds.
	SyncTakes time.Duration
	// BranchAccounts turns on the choice of the account to pay certificates
	// from; without it that field is silently ignored.
	BranchAccounts bool
	// UnpaidCertificates puts two certificates without a payout behind every
	// three of the world's.
	UnpaidCertificates bool
	// RefuseInUse answers 499 to the deletion of a contractor whose payouts are
	// not final, as the sibling API does.
	RefuseInUse bool
	// V2Types writes the types of v2 (an error as an object, a number as an
	// act's status) in v1 answers too.
	V2Types bool
	// RowsArrive adds a payout from elsewhere after every page of payouts.
	RowsArrive bool
	// Noise writes the types that the documents disagree about the other way:
	// 0 and 1 for booleans, numbers for texts, a boolean for a limit.
	Noise bool
}

const (
	defaultKey      = "sandbox"
	defaultPayAfter = 2 * time.Minute
	defaultTakes    = 5 * time.Second
	base            = "/services/openapi"
	systemName      = "jumpfinance"
	maxBody         = 1 << 20
	maxUpload       = 16 << 20
)

// Simulator is the payout service. Its rows are guarded by the gate.
type Simulator struct {
	opt   Options
	today time.Time // the first moment of the day on which it was made

	payouts     *world.Table[payout]
	contractors *world.Table[contractor]
	certs       *world.Table[certificate]
	branches    []branch
	goods       []good
	deals       world.Trace
	table       []call
	// added finds the rows that did not come with the world.
	addedPayouts, addedContractors map[int]int
	addedCerts                     map[int]int
	touched                        map[int]bool         // payouts of the world that were changed
	owners                         map[string]int       // own id -> row, for ids that the world did not give
	requisites                     map[int][]requisite  // contractor's id -> those made by payouts
	polled                         map[string]time.Time // payout -> last status read by itself
	hurried                        int
	nextID                         int
	spendings                      map[spending]decimal.Decimal // what branches spent, as of spentAt
	spentAt                        time.Time

	taxAsked        map[int]time.Time     // contractor's id -> last question to the tax service
	links           map[int][]cooperation // contractor's id -> those beside the first
	nextLink        int
	proofs          map[int][]identification // contractor id -> oldest first
	nextProof       int
	payKeys         map[string]certKey // idempotency key -> what it paid
	recognitions    []recognition
	checks          []time.Time  // of passports: when each began, and nothing else
	syncs           []time.Time  // of bank balances
	goneContractors map[int]bool // rows of deleted contractors
}

// New makes a simulator of the world's payouts.
func New(o Options) *Simulator {
	if o.Key == "" {
		o.Key = defaultKey
	}
	if o.PayAfter <= 0 {
		o.PayAfter = defaultPayAfter
	}
	if o.SyncTakes <= 0 {
		o.SyncTakes = defaultTakes
	}
	now := o.World.Clock.Now()
	s := &Simulator{
		opt: o, today: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()), deals: o.World.Payouts(),
		addedPayouts: map[int]int{}, addedContractors: map[int]int{}, touched: map[int]bool{}, owners: map[string]int{},
		requisites: map[int][]requisite{}, polled: map[string]time.Time{},
		addedCerts: map[int]int{}, taxAsked: map[int]time.Time{}, links: map[int][]cooperation{}, proofs: map[int][]identification{},
		payKeys: map[string]certKey{}, goneContractors: map[int]bool{},
	}
	s.branches, s.goods = s.defaultBranches(), s.defaultGoods()
	s.payouts = world.NewTable(s.deals.Len(), s.makePayout)
	s.contractors = world.NewTable(o.World.Contractors(), s.makeContractor)
	s.certs = world.NewTable(s.worldCerts(), s.makeCertificate)
	s.table = s.calls()
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

// ServeHTTP answers one request; the path starts with /services/openapi.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := &request{query: r.URL.Query(), head: r.Header, args: map[string]string{}}
	c := gate.Call{Name: r.Method + " " + strings.TrimPrefix(r.URL.Path, base), Changes: r.Method != http.MethodGet}
	do, known := s.route(r, req)
	if known.path != "" {
		c.Name = known.method + " " + known.path
	}
	limit := int64(maxBody)
	if known.upload {
		limit = maxUpload
	}
	req.body, _ = io.ReadAll(io.LimitReader(r.Body, limit))
	c.IDs = idsOf(req)
	s.opt.Gate.Serve(w, r, s.system(), c, func() gate.Answer {
		if a, ok := s.admit(req, known.upload); !ok {
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
	for _, c := range s.table {
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
func (s *Simulator) admit(req *request, upload bool) (gate.Answer, bool) {
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
	want := "application/json"
	if upload {
		want = "multipart/form-data"
	}
	if len(req.body) > 0 && !strings.HasPrefix(req.head.Get("Content-Type"), want) {
		return badRequest(), false
	}
	return gate.Answer{}, true
}
