package batchtest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"bursar/providers"
)

// Process is one run of the program: when it is killed, nothing it does reaches
// a system any more.
type Process struct {
	dead atomic.Bool
	by   map[string]*Provider
	list []providers.Provider
}

// NewProcess is a program with one provider per account, each with so many
// workers.
func NewProcess(s *System, workers int, accounts ...string) *Process {
	p := &Process{by: map[string]*Provider{}}
	for _, a := range accounts {
		prov := &Provider{
			system: s, process: p, resend: map[string]providers.Resend{},
			info: providers.Info{Account: a, System: "fake", Title: "Fake", Host: "localhost", Sandbox: true, Workers: workers},
		}
		p.by[a] = prov
		p.list = append(p.list, prov)
	}
	return p
}

// Kill ends the process.
func (p *Process) Kill() { p.dead.Store(true) }

// Provider is the account of that name.
func (p *Process) Provider(account string) (providers.Provider, bool) {
	prov, ok := p.by[account]
	return prov, ok
}

// All lists every account.
func (p *Process) All() []providers.Provider { return p.list }

// Of is the account of that name, to be set up.
func (p *Process) Of(account string) *Provider { return p.by[account] }

// Provider talks to a System as one account.
type Provider struct {
	system  *System
	process *Process
	info    providers.Info
	resend  map[string]providers.Resend
	ask     string

	mu         sync.Mutex
	inFlight   int
	most       int
	onAct      func(providers.Intent)
	onReadBack func(providers.Intent)
	calls      []string
}

// Resends sets how an action may be sent again.
func (p *Provider) Resends(action string, r providers.Resend) { p.resend[action] = r }

// Asks makes every action want the operator's word.
func (p *Provider) Asks(reason string) { p.ask = reason }

// ReadOnly forbids changes.
func (p *Provider) ReadOnly() { p.info.ReadOnly = true }

// OnAct is called as a changing request begins.
func (p *Provider) OnAct(fn func(providers.Intent)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onAct = fn
}

// OnReadBack is called behind the first read-back, before its finding is told.
func (p *Provider) OnReadBack(fn func(providers.Intent)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onReadBack = fn
}

// Most is the largest number of changing requests at once.
func (p *Provider) Most() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most
}

// Calls lists the calls made, such as "get 1", "act 1", "readback 1".
func (p *Provider) Calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.calls...)
}

func (p *Provider) called(what, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, what+" "+id)
}

// Info says whose door it is.
func (p *Provider) Info() providers.Info { return p.info }

// Kinds lists what it can read.
func (p *Provider) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payment, providers.Payout, providers.Refund}
}

var errDead = &providers.Error{Fault: providers.FaultOffline, Message: "the process was killed"}

// List reads the records of a kind.
func (p *Provider) List(_ context.Context, q providers.Query) (providers.Page, error) {
	p.called("list", string(q.Kind))
	if p.process.dead.Load() {
		return providers.Page{}, errDead
	}
	var page providers.Page
	for _, rec := range p.system.Records() {
		if rec.Ref.Account == p.info.Account && rec.Ref.Kind == q.Kind {
			page.Records = append(page.Records, rec)
		}
	}
	page.Total = len(page.Records)
	return page, nil
}

// Get reads one record.
func (p *Provider) Get(_ context.Context, ref providers.Ref) (providers.Record, error) {
	p.called("get", ref.ID)
	if p.process.dead.Load() {
		return providers.Record{}, errDead
	}
	p.system.mu.Lock()
	defer p.system.mu.Unlock()
	if f := take(p.system.reads, ref.ID); f != "" {
		return providers.Record{}, faultError(f)
	}
	rec, ok := p.system.records[ref]
	if !ok {
		return rec, &providers.Error{Fault: providers.FaultNotFound, Message: "no such record"}
	}
	return rec, nil
}

// Related finds nothing.
func (p *Provider) Related(context.Context, providers.Ref) ([]providers.Record, error) {
	return nil, nil
}

// Actions lists what the system can do.
func (p *Provider) Actions(kind providers.Kind) []providers.Action {
	amount := func(r providers.Record, v providers.Values) providers.Money {
		m := r.Amount
		if v["amount"] != "" {
			if d, err := providers.ParseAmount(v["amount"]); err == nil {
				m.Decimal = d
			}
		}
		return m
	}
	field := providers.Field{Name: "amount", Title: "Amount", Type: providers.AmountField}
	var all []providers.Action
	for _, a := range []providers.Action{
		{ID: "payment.credit", Kind: providers.Payment, Moves: true, Eligible: p.status("new")},
		{ID: "payment.delete", Kind: providers.Payment, Irreversible: true, Eligible: p.status("new")},
		{ID: "payment.refund", Kind: providers.Payment, Moves: true, Fields: []providers.Field{field}, Eligible: p.status("new", "credited")},
		{ID: "payment.repeat", Kind: providers.Payment, Moves: true, Eligible: p.status("new")},
		{
			ID: "payout.create", Kind: providers.Payout, Creates: true, Moves: true, Eligible: p.status(""),
			Fields: []providers.Field{{Name: "amount", Title: "Amount", Type: providers.AmountField, Required: true}, {Name: "customer_payment_id", Title: "Own id"}, {Name: "note", Title: "Note"}, {Name: "phone", Title: "Phone", Type: providers.PhoneField}},
		},
	} {
		if a.Kind != kind {
			continue
		}
		a.Title, a.Amount = a.Verb(), amount
		if a.Creates {
			a.Amount = func(_ providers.Record, v providers.Values) providers.Money {
				m, _ := providers.NewMoney(v["amount"], "RUB")
				return m
			}
		}
		resend := p.resend[a.ID]
		a.Resend = func(providers.Values) providers.Resend { return resend }
		all = append(all, a)
	}
	return all
}

// status is the rule that a record is in one of these.
func (p *Provider) status(codes ...string) func(providers.Record, providers.Values) providers.Verdict {
	return func(r providers.Record, _ providers.Values) providers.Verdict {
		for _, c := range codes {
			if r.Status.Code == c {
				if p.ask != "" {
					return providers.Ask("%s", p.ask)
				}
				return providers.Can()
			}
		}
		return providers.Cannot("the status is %s", r.Status.Code)
	}
}

// Act makes the change, or goes wrong as scripted.
func (p *Provider) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	defer p.enter(in)()
	if ctx.Err() != nil { // whoever leaves does not learn what came of it
		return providers.Result{}, faultError(Hang)
	}
	s := p.system
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.process.dead.Load() {
		return providers.Result{}, errDead
	}
	f := take(s.faults, nameOf(in))
	if f == "" {
		f = take(s.faults, p.info.Account+"/"+nameOf(in))
	}
	if f != Offline {
		s.writes[nameOf(in)]++
	}
	if err := s.errs[nameOf(in)]; err != nil {
		return providers.Result{}, err
	}
	switch f {
	case Hang, Only500, Limited, Expired, Offline, Refuse:
		return providers.Result{}, faultError(f)
	}
	ref, err := s.apply(in)
	if err != nil {
		return providers.Result{}, err
	}
	if f != "" {
		return providers.Result{}, faultError(f)
	}
	res := providers.Result{Outcome: providers.Applied, Ref: ref}
	if rec, ok := s.records[in.Ref]; ok {
		res.After = &rec
	}
	return res, nil
}

// enter counts a changing request in and out again.
func (p *Provider) enter(in providers.Intent) (leave func()) {
	p.called("act", nameOf(in))
	p.mu.Lock()
	p.inFlight++
	p.most = max(p.most, p.inFlight)
	fn := p.onAct
	p.mu.Unlock()
	if fn != nil {
		fn(in)
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.inFlight--
	}
}

// ReadBack looks whether the intent was applied.
func (p *Provider) ReadBack(_ context.Context, in providers.Intent) (providers.Finding, error) {
	p.called("readback", nameOf(in))
	p.mu.Lock()
	fn := p.onReadBack
	p.onReadBack = nil
	p.mu.Unlock()
	f, err := p.look(in)
	if fn != nil {
		fn(in)
	}
	return f, err
}

func (p *Provider) look(in providers.Intent) (providers.Finding, error) {
	if p.process.dead.Load() {
		return providers.Finding{}, errDead
	}
	s := p.system
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := take(s.reads, "readback "+nameOf(in)); f != "" {
		return providers.Finding{}, faultError(f)
	}
	if s.Blind {
		return providers.Finding{Note: "it does not tell", Candidates: s.Candidates}, nil
	}
	for _, e := range s.ledger {
		if e.Key == in.Key {
			return providers.Finding{Outcome: providers.Applied, Ref: e.Ref, Note: "it shows as done"}, nil
		}
	}
	return providers.Finding{Outcome: providers.Refused, Note: "it does not show"}, nil
}

// faultError is what a client makes of a fault.
func faultError(f Fault) error {
	switch f {
	case ApplyHang, Hang:
		return &providers.Error{Fault: providers.FaultTimeout, Message: "no answer"}
	case Apply500, Only500:
		return &providers.Error{Fault: providers.FaultServer, Code: "500", Message: "internal error"}
	case Cut:
		return &providers.Error{Fault: providers.FaultProtocol, Message: "the answer is cut"}
	case Limited:
		return &providers.Error{Fault: providers.FaultLimited, RetryAfter: 3 * time.Second}
	case Expired:
		return &providers.Error{Fault: providers.FaultAuth, Message: "the login has expired"}
	case Offline:
		return &providers.Error{Fault: providers.FaultOffline, Message: "no route"}
	default:
		return &providers.Error{Fault: providers.FaultState, Message: "not allowed"}
	}
}
