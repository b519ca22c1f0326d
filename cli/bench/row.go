package bench

import (
	"fmt"
	"math"
	"strings"
)

// Figure is something measured, or why it could not be.
type Figure struct {
	Value float64
	Unit  string // "B", "ms", "MiB", "%", "/s"
	Err   error
}

func bytesOf(v float64) Figure   { return Figure{Value: v, Unit: "B"} }
func millisOf(v float64) Figure  { return Figure{Value: v, Unit: "ms"} }
func mebibytes(v float64) Figure { return Figure{Value: v, Unit: "MiB"} }
func percentOf(v float64) Figure { return Figure{Value: v, Unit: "%"} }
func rateOf(v float64) Figure    { return Figure{Value: v, Unit: "/s"} }
func (f Figure) or(e error) Figure { // e, when there was one, is why f is not known
	if e != nil {
		f.Err = e
	}
	return f
}

func (f Figure) why() error {
	switch {
	case f.Err != nil:
		return f.Err
	case math.IsNaN(f.Value) || math.IsInf(f.Value, 0):
		return fmt.Errorf("nothing was drawn")
	}
	return nil
}

// Text is the figure with its unit; a dash when there is none.
func (f Figure) Text() string {
	if f.why() != nil {
		return "-"
	}
	return number(f.Value) + " " + f.Unit
}

// number writes three digits that count, and all of a larger one.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	case a >= 1:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.3f", v)
	}
}

// Bound is what a figure must keep to: at most (or at least) Times the peer's
// figure and Plus more.
type Bound struct {
	Times, Plus float64
	Least       bool
}

func times(k float64) Bound          { return Bound{Times: k} }
func atLeast(k float64) Bound        { return Bound{Times: k, Least: true} }
func plainly(limit float64) Bound    { return Bound{Plus: limit} }
func (b Bound) of(p float64) float64 { return b.Times*p + b.Plus }

// keeps reports whether a figure is within the bound.
func (b Bound) keeps(figure, peer float64) bool {
	if b.Least {
		return figure >= b.of(peer)
	}
	return figure <= b.of(peer)
}

// Text is the bound in words, in the unit of its row.
func (b Bound) Text(unit string) string {
	sign := "<= "
	if b.Least {
		sign = ">= "
	}
	var parts []string
	if b.Times != 0 {
		parts = append(parts, fmt.Sprintf("%.3gx", b.Times))
	}
	if b.Plus != 0 || b.Times == 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%.3g %s", b.Plus, unit)))
	}
	return sign + strings.Join(parts, " + ")
}

// Verdict is how a row stands.
type Verdict string

// The verdicts.
const (
	Met         Verdict = "met"
	NotMet      Verdict = "NOT MET"
	NotMeasured Verdict = "not measured"
)

// Row is one line of the table: a part of a goal.
type Row struct {
	Goal    int
	What    string
	Figure  Figure
	Peer    string // against what; "" for a bound that needs no peer
	Against Figure
	Bound   Bound
	Why     string // why it was not measured
}

// compare makes a row against a peer's figure.
func compare(goal int, what string, figure Figure, peer string, against Figure, b Bound) Row {
	r := Row{Goal: goal, What: what, Figure: figure, Peer: peer, Against: against, Bound: b}
	if err := figure.why(); err != nil {
		r.Why = err.Error()
	} else if err := against.why(); err != nil {
		r.Why = peer + ": " + err.Error()
	}
	return r
}

// limit makes a row against a plain number.
func limit(goal int, what string, figure Figure, most float64) Row {
	r := Row{Goal: goal, What: what, Figure: figure, Bound: plainly(most)}
	if err := figure.why(); err != nil {
		r.Why = err.Error()
	}
	return r
}

// Verdict says how the row stands.
func (r Row) Verdict() Verdict {
	switch {
	case r.Why != "":
		return NotMeasured
	case r.Bound.keeps(r.Figure.Value, r.Against.Value):
		return Met
	default:
		return NotMet
	}
}

// Ratio is the figure over the peer's, or over the plain bound; false when
// there is none.
func (r Row) Ratio() (float64, bool) {
	under := r.Against.Value
	if r.Peer == "" {
		under = r.Bound.Plus
	}
	if r.Why != "" || under == 0 {
		return 0, false
	}
	return r.Figure.Value / under, true
}
