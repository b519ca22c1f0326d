package gate

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"bursar/providers/sandbox/world"
)

// Options sets a gate up. Nil writers keep the logs in memory only.
type Options struct {
	Clock    *world.Clock
	Ledger   io.Writer // one JSON line per change really made
	Requests io.Writer // one JSON line per request
}

// Gate is shared by the simulators of one world. Close ends requests that
// hang.
type Gate struct {
	clock *world.Clock

	mu       sync.Mutex // serialises what simulators do, and the world with it
	replayAt time.Time  // while a ledger is replayed: the time of the entry

	logs     sync.Mutex
	ledger   journal
	requests journal
	faults   []Fault

	closed chan struct{}
	once   sync.Once
}

// New makes a gate.
func New(o Options) *Gate {
	return &Gate{
		clock:    o.Clock,
		ledger:   journal{out: o.Ledger},
		requests: journal{out: o.Requests},
		closed:   make(chan struct{}),
	}
}

// Close lets hanging requests go.
func (g *Gate) Close() { g.once.Do(func() { close(g.closed) }) }

// Now is the simulators' present. A simulator asks here, not its clock, so
// that a replayed change gets the time at which it was made.
func (g *Gate) Now() time.Time {
	if !g.replayAt.IsZero() {
		return g.replayAt
	}
	return g.clock.Now()
}

// Call says what a request is, in the system's own words.
type Call struct {
	Name    string   // "payment.setpaid", "POST /refunds"
	IDs     []string // every record it names, own ids too
	Changes bool     // anything but a read
}

// Answer is what a simulator says.
type Answer struct {
	Status int // 0 is 200
	Header http.Header
	Body   []byte
}

// JSON makes an answer of a value.
func JSON(status int, v any) Answer {
	body, err := json.Marshal(v)
	if err != nil {
		body, status = []byte(fmt.Sprintf("%q", err.Error())), http.StatusInternalServerError
	}
	return Answer{Status: status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: body}
}

// System is a simulator's name and the answers it gives when a fault says so.
type System struct {
	Name    string                   // "yookassa"
	Expired func() Answer            // the login has gone
	Failed  func() Answer            // an internal error
	Limited func(seconds int) Answer // too many requests; nil: a bare 429
}

// Serve carries out one request: the fault that waits for it, or do. do runs
// alone: no other request of the world runs with it.
func (g *Gate) Serve(w http.ResponseWriter, r *http.Request, s System, c Call, do func() Answer) {
	fault, hit := Fault{}, false
	if c.Changes {
		fault, hit = g.take(s.Name, c)
	}
	if !hit {
		g.answer(w, r, s, c, g.alone(do))
		return
	}
	switch fault.Kind {
	case Hang:
		g.hang(r, s, c)
	case ApplyHang:
		g.alone(do)
		g.hang(r, s, c)
	case ApplyFail:
		g.alone(do)
		g.answer(w, r, s, c, s.Failed())
	case Fail:
		g.answer(w, r, s, c, s.Failed())
	case Cut:
		g.cut(w, r, s, c, g.alone(do))
	case Limit:
		g.answer(w, r, s, c, limited(s, fault.Seconds))
	case Slow:
		g.wait(r, fault.Delay)
		g.answer(w, r, s, c, g.alone(do))
	case HTML:
		g.answer(w, r, s, c, errorPage())
	case Expired:
		g.answer(w, r, s, c, s.Expired())
	}
}

func (g *Gate) alone(do func() Answer) Answer {
	g.mu.Lock()
	defer g.mu.Unlock()
	return do()
}

// Do runs a change that no request asked for, such as one from the world
// endpoint, alone.
func (g *Gate) Do(change func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return change()
}

func (g *Gate) answer(w http.ResponseWriter, r *http.Request, s System, c Call, a Answer) {
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	g.logRequest(r, s, c, a.Status)
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}

func (g *Gate) hang(r *http.Request, s System, c Call) {
	g.logRequest(r, s, c, 0)
	select {
	case <-r.Context().Done():
	case <-g.closed:
	}
	panic(http.ErrAbortHandler)
}

// cut promises the whole answer, sends half and drops the connection.
func (g *Gate) cut(w http.ResponseWriter, r *http.Request, s System, c Call, a Answer) {
	g.logRequest(r, s, c, a.Status)
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)+1))
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	_, _ = w.Write(a.Body[:len(a.Body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (g *Gate) wait(r *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	case <-g.closed:
	}
}

func limited(s System, seconds int) Answer {
	a := Answer{Status: http.StatusTooManyRequests, Header: http.Header{}}
	if s.Limited != nil {
		a = s.Limited(seconds)
	}
	if a.Header == nil {
		a.Header = http.Header{}
	}
	if seconds > 0 {
		a.Header.Set("Retry-After", strconv.Itoa(seconds))
	}
	return a
}

func errorPage() Answer {
	return Answer{
		Status: http.StatusBadGateway,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   []byte("<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"),
	}
}
