package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

// Handler serves the four systems and the control endpoints.
func (s *Sandbox) Handler() http.Handler {
	find := func(name string) http.Handler {
		sim, _ := s.system(name)
		return sim
	}
	hosting, shop, field, cloud := find("billmanager"), find("yookassa"), find("jumpfinance"), find("activeplatform")
	control := s.control()
	// No ServeMux here: it redirects odd paths to clean ones, which no system does.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		under := func(prefix string) bool {
			return r.URL.Path == prefix || strings.HasPrefix(r.URL.Path, prefix+"/")
		}
		switch {
		case under("/_sandbox"):
			control.ServeHTTP(w, r)
		case under("/v3"), under("/api/v3"):
			shop.ServeHTTP(w, r)
		case under("/services/openapi"):
			field.ServeHTTP(w, r)
		case under("/api/vendor/v1"), under("/api/v1/reseller"):
			cloud.ServeHTTP(w, r)
		default:
			hosting.ServeHTTP(w, r)
		}
	})
}

func (s *Sandbox) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/ready", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"ready": true, "now": s.clock.Now()})
	})
	mux.HandleFunc("GET /_sandbox/ledger", func(w http.ResponseWriter, _ *http.Request) { lines(w, s.gate.Ledger()) })
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) { lines(w, s.gate.Requests()) })
	mux.HandleFunc("POST /_sandbox/faults", steer(s.addFaults))
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.gate.ClearFaults()
		answer(w, map[string]any{"ok": true})
	})
	mux.HandleFunc("POST /_sandbox/clock", steer(s.setClock))
	mux.HandleFunc("POST /_sandbox/world", steer(s.setWorld))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, fmt.Errorf("no %s %s here: use GET ledger, GET requests, POST or DELETE faults, POST clock, POST world or GET ready", r.Method, r.URL.Path))
	})
	return mux
}

// maxControl bounds what a control endpoint reads.
const maxControl = 16 << 20

// steer wraps an endpoint that reads a body: its error is answered as 400.
func steer(do func(body []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
		if err != nil {
			refuse(w, http.StatusBadRequest, fmt.Errorf("the request could not be read: %w", err))
			return
		}
		v, err := do(body)
		if err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
		answer(w, v)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func lines(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "application/jsonl")
	_, _ = w.Write(b)
}

func refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}

// addFaults arms all specs, or none when one is wrong.
func (s *Sandbox) addFaults(body []byte) (any, error) {
	var faults []gate.Fault
	for i, line := range strings.Split(string(body), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		f, err := gate.ParseFault(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		faults = append(faults, f)
	}
	if len(faults) == 0 {
		return nil, errors.New("no fault given: write SYSTEM:CALL:ID:FAULT[:TIMES], one a line")
	}
	for _, f := range faults {
		s.gate.AddFault(f)
	}
	return map[string]any{"ok": true, "faults": len(faults)}, nil
}

func (s *Sandbox) setClock(body []byte) (any, error) {
	var in struct {
		Advance *string    `json:"advance"`
		Now     *time.Time `json:"now"`
	}
	if err := strict(body, &in); err != nil || (in.Advance == nil) == (in.Now == nil) {
		return nil, errors.New(`the clock takes {"advance":"6m"} or {"now":"2026-11-22T10:00:00Z"}`)
	}
	if in.Now != nil {
		s.clock.Set(*in.Now)
		return map[string]any{"now": s.clock.Now()}, nil
	}
	d, err := time.ParseDuration(*in.Advance)
	if err != nil || d < 0 {
		return nil, fmt.Errorf("the clock cannot advance by %q: write a duration such as 6m or 24h", *in.Advance)
	}
	s.clock.Advance(d)
	return map[string]any{"now": s.clock.Now()}, nil
}

// change is one item of POST /_sandbox/world.
type change struct {
	System string          `json:"system"`
	Kind   string          `json:"kind"`
	Set    json.RawMessage `json:"set"`
}

// setWorld changes records as the systems themselves might. It stops at the
// first item that is wrong and names it.
func (s *Sandbox) setWorld(body []byte) (any, error) {
	var items []change
	if err := strict(body, &items); err != nil {
		return nil, fmt.Errorf(`the world takes [{"system","kind","set":{…}}]: %w`, err)
	}
	for i, item := range items {
		sim, ok := s.system(item.System)
		if !ok {
			return nil, fmt.Errorf("item %d: no system %q: use billmanager, yookassa, jumpfinance or activeplatform", i+1, item.System)
		}
		if item.Kind == "" || len(item.Set) == 0 {
			return nil, fmt.Errorf("item %d: kind or set is missing", i+1)
		}
		if err := s.gate.Do(func() error { return sim.SetWorld(item.Kind, item.Set) }); err != nil {
			return nil, fmt.Errorf("item %d (%s %s): %w", i+1, item.System, item.Kind, err)
		}
	}
	return map[string]any{"ok": true, "changed": len(items)}, nil
}

// strict reads one JSON value without unknown keys.
func strict(body []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is more after the value")
	}
	return nil
}
