package gate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds.
const (
	ApplyHang FaultKind = "apply-hang" // does it, never answers
	Hang      FaultKind = "hang"       // does nothing, never answers
	ApplyFail FaultKind = "apply-500"  // does it, answers 500
	Fail      FaultKind = "500"        // does nothing, answers 500
	Cut       FaultKind = "cut"        // does it, cuts the answer half-way
	Limit     FaultKind = "429"        // too many requests
	Slow      FaultKind = "slow"       // does it, answers late
	HTML      FaultKind = "html"       // does nothing, answers an error page
	Expired   FaultKind = "expired"    // the login has gone
)

// Fault waits for a changing request and makes it go wrong.
type Fault struct {
	System, Call, ID string // * matches any
	Kind             FaultKind
	Seconds          int           // of a Limit
	Delay            time.Duration // of a Slow
	Times            int           // how often it still fires
}

// ParseFault reads SYSTEM:CALL:ID:FAULT[:TIMES].
func ParseFault(spec string) (Fault, error) {
	bad := func(why string) (Fault, error) {
		return Fault{}, fmt.Errorf("fault %q: %s; write SYSTEM:CALL:ID:FAULT[:TIMES], for example yookassa:POST /refunds:*:apply-hang", spec, why)
	}
	parts := strings.Split(strings.TrimSpace(spec), ":")
	if len(parts) < 4 || len(parts) > 5 {
		return bad("it has " + strconv.Itoa(len(parts)) + " parts")
	}
	f := Fault{System: parts[0], Call: parts[1], ID: parts[2], Times: 1}
	if !slices.Contains([]string{"billmanager", "yookassa", "jumpfinance", "activeplatform", "*"}, f.System) {
		return bad("no system " + strconv.Quote(f.System))
	}
	name, value, _ := strings.Cut(parts[3], "=")
	f.Kind = FaultKind(name)
	var err error
	switch f.Kind {
	case ApplyHang, Hang, ApplyFail, Fail, Cut, HTML, Expired:
		if value != "" {
			return bad(name + " takes no value")
		}
	case Limit:
		if value != "" {
			if f.Seconds, err = strconv.Atoi(value); err != nil || f.Seconds < 0 {
				return bad("429 takes whole seconds")
			}
		}
	case Slow:
		if f.Delay, err = time.ParseDuration(value); err != nil || f.Delay < 0 {
			return bad("slow takes a duration such as slow=2s")
		}
	default:
		return bad("no fault " + strconv.Quote(name))
	}
	if len(parts) == 5 {
		if f.Times, err = strconv.Atoi(parts[4]); err != nil || f.Times < 1 {
			return bad("TIMES is a whole number from 1")
		}
	}
	return f, nil
}

func (f Fault) matches(system string, c Call) bool {
	fits := func(want, have string) bool { return want == "*" || want == have }
	return fits(f.System, system) && fits(f.Call, c.Name) && (f.ID == "*" || slices.Contains(c.IDs, f.ID))
}

// AddFault arms a fault.
func (g *Gate) AddFault(f Fault) {
	g.logs.Lock()
	defer g.logs.Unlock()
	g.faults = append(g.faults, f)
}

// ClearFaults disarms all.
func (g *Gate) ClearFaults() {
	g.logs.Lock()
	defer g.logs.Unlock()
	g.faults = nil
}

func (g *Gate) take(system string, c Call) (Fault, bool) {
	g.logs.Lock()
	defer g.logs.Unlock()
	for i := range g.faults {
		if f := &g.faults[i]; f.Times > 0 && f.matches(system, c) {
			f.Times--
			return *f, true
		}
	}
	return Fault{}, false
}
