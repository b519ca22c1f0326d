package gate

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Entry is one change really made. ID is the record acted on, Call the
// system's own name of the call, Key the idempotency key or own id.
type Entry struct {
	Time     time.Time `json:"time"`
	System   string    `json:"system"`
	Call     string    `json:"call"`
	ID       string    `json:"id"`
	Amount   string    `json:"amount,omitempty"`
	Currency string    `json:"currency,omitempty"`
	Key      string    `json:"key,omitempty"`
	// Detail is whatever the simulator needs to make the change again when the
	// ledger is replayed. It holds no secret.
	Detail json.RawMessage `json:"detail,omitempty"`
}

type request struct {
	Time   time.Time `json:"time"`
	System string    `json:"system"`
	Method string    `json:"method"`
	Path   string    `json:"path"` // without the query, where tokens travel
	Call   string    `json:"call"`
	IDs    []string  `json:"ids"`
	Status int       `json:"status"` // 0: no answer was sent
}

// journal is a list of JSON lines, in memory and in a file.
type journal struct {
	out   io.Writer
	lines []byte
	err   error
}

func (j *journal) add(v any) {
	line, err := json.Marshal(v)
	if err != nil {
		j.err = err
		return
	}
	line = append(line, '\n')
	j.lines = append(j.lines, line...)
	if j.out != nil {
		if _, err := j.out.Write(line); err != nil {
			j.err = err
		}
	}
}

// Record writes a change into the ledger. A simulator calls it inside do, once
// per change, before it answers. While a ledger is replayed it does nothing.
func (g *Gate) Record(e Entry) {
	if !g.replayAt.IsZero() {
		return
	}
	e.Time = g.clock.Now()
	g.logs.Lock()
	defer g.logs.Unlock()
	g.ledger.add(e)
}

// Replay makes a change of an earlier ledger again, at its own time and
// without recording it anew.
func (g *Gate) Replay(e Entry, change func(Entry) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.replayAt = e.Time
	defer func() { g.replayAt = time.Time{} }()
	g.logs.Lock()
	out := g.ledger.out
	g.ledger.out = nil
	g.ledger.add(e)
	g.ledger.out = out
	g.logs.Unlock()
	return change(e)
}

// Ledger is every change made so far, as JSON lines.
func (g *Gate) Ledger() []byte { return g.copyOf(&g.ledger) }

// Requests is every request so far, as JSON lines.
func (g *Gate) Requests() []byte { return g.copyOf(&g.requests) }

// Err is the first trouble with writing a log, nil when all is well.
func (g *Gate) Err() error {
	g.logs.Lock()
	defer g.logs.Unlock()
	if g.ledger.err != nil {
		return g.ledger.err
	}
	return g.requests.err
}

func (g *Gate) copyOf(j *journal) []byte {
	g.logs.Lock()
	defer g.logs.Unlock()
	return append([]byte(nil), j.lines...)
}

func (g *Gate) logRequest(r *http.Request, s System, c Call, status int) {
	ids := c.IDs
	if ids == nil {
		ids = []string{}
	}
	g.logs.Lock()
	defer g.logs.Unlock()
	g.requests.add(request{
		Time: g.clock.Now(), System: s.Name, Method: r.Method, Path: r.URL.Path, Call: c.Name, IDs: ids, Status: status,
	})
}
