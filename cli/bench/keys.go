package bench

import (
	"context"
	"slices"
	"strings"

	"bursar/cli/bench/meter"
)

// The keys as a terminal sends them.
const (
	keyEnter    = "\r"
	keyEsc      = "\x1b"
	keyTab      = "\t"
	keyShiftTab = "\x1b[Z"
	keyPageDown = "\x1b[6~"
	keyHalfDown = "\x04" // ctrl+d
	keyPreview  = "\x13" // ctrl+s
)

// The kinds of keys that goals name.
const (
	cursor = "cursor step"
	mark   = "mark toggle"
	scroll = "scroll"
	page   = "page"
	tab    = "tab"
)

// kind is a kind of key: how to get where it is measured, and what to press.
type kind struct {
	meter.Keys
	first string // pressed before, not measured
}

// common are the kinds that bursar and the stock peers both have, on the same
// keys.
func common() []kind {
	down := strings.Repeat("j", rows+10)
	return []kind{
		{meter.Keys{Name: cursor, Press: []string{"j", "k"}, N: 60}, "gjjj"},
		{meter.Keys{Name: mark, Press: []string{" "}, Then: "k", N: 30}, strings.Repeat(" ", 10)}, // among others
		{meter.Keys{Name: scroll, Press: []string{"j"}, N: 60}, "g" + keyPageDown + down},
		{meter.Keys{Name: page, Press: []string{keyPageDown}, N: 30}, ""},
		{meter.Keys{Name: tab, Press: []string{keyTab, keyShiftTab}, N: 30}, keyTab + keyShiftTab},
	}
}

// further are bursar's other keys that redraw much of the screen.
func further() []kind {
	return []kind{
		{meter.Keys{Name: "first mark", Press: []string{" "}, Then: "k", N: 10}, "-"},
		{meter.Keys{Name: "half a page", Press: []string{keyHalfDown}, N: 20}, ""},
		{meter.Keys{Name: "first and last row", Press: []string{"G", "g"}, N: 20}, ""},
		{meter.Keys{Name: "detail pane", Press: []string{keyEnter, keyEsc}, N: 20}, ""},
		{meter.Keys{Name: "help", Press: []string{"?", keyEsc}, N: 10}, ""},
	}
}

// measure presses all kinds in turn.
func measure(ctx context.Context, t *meter.Terminal, kinds []kind) (map[string]meter.Series, error) {
	out := map[string]meter.Series{}
	for _, k := range kinds {
		if k.first != "" {
			if err := t.Press(k.first); err != nil {
				return nil, err
			}
			if err := t.Quiet(ctx, settled); err != nil {
				return nil, err
			}
		}
		s, err := t.Measure(ctx, k.Keys)
		if err != nil {
			return nil, err
		}
		out[k.Name] = s
	}
	return out, nil
}

// pool puts the latencies of several kinds together.
func pool(series map[string]meter.Series, names ...string) []float64 {
	var out []float64
	for _, name := range names {
		out = append(out, series[name].Latencies()...)
	}
	return out
}

// worst is the press that is furthest above a bound over its floor.
func worst(series map[string]meter.Series, b Bound) (name string, p meter.Press) {
	over := func(p meter.Press) float64 { return float64(p.Bytes) - b.of(float64(p.Floor)) }
	names := make([]string, 0, len(series))
	for n := range series {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		for _, candidate := range series[n].Presses {
			if name == "" || over(candidate) > over(p) {
				name, p = n, candidate
			}
		}
	}
	return name, p
}
