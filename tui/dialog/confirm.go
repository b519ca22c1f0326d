package dialog

import (
	"strings"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	"github.com/shopspring/decimal"
)

// confirm is the typed confirmation: the count, and above a limit each
// currency's sum, one after another.
type confirm struct {
	asks []question
	at   int
	in   view.Input
	said string
}

type question struct {
	label string
	want  string // as shown
	sum   *decimal.Decimal
	count int
}

func newConfirm(n int, sums providers.Sums, above decimal.Decimal, moves bool) confirm {
	c := confirm{asks: []question{{label: "count", want: view.Count(n), count: n}}}
	if !moves || !above.IsPositive() {
		return c
	}
	for _, m := range sums.All() {
		if m.GreaterThan(above) {
			sum := m.Decimal
			c.asks = append(c.asks, question{label: "sum in " + m.Currency, want: m.String(), sum: &sum})
		}
	}
	return c
}

// key takes typed characters; a paste is not typing. Enter on an empty field
// cancels.
func (c *confirm) key(env *view.Env, k view.Key) (done, cancelled bool) {
	if k.Paste {
		c.said = "type it by hand: a paste confirms nothing"
		return false, false
	}
	if env.Act(keymap.ScopeConfirm, k) == keymap.ConfirmAccept {
		return c.enter()
	}
	if c.in.Key(k) {
		c.said = ""
	}
	return false, false
}

func (c *confirm) enter() (done, cancelled bool) {
	text := strings.TrimSpace(c.in.Value())
	if text == "" {
		return false, true
	}
	q := c.asks[c.at]
	if !q.matches(text) {
		c.said = "“" + view.Clean(text) + "” is not " + q.want + ": type it, or leave it empty to cancel"
		c.in = view.Input{} // the next try begins anew
		return false, false
	}
	c.in, c.said = view.Input{}, ""
	c.at++
	return c.at == len(c.asks), false
}

// matches compares what was typed; blanks between digits do not count.
func (q question) matches(text string) bool {
	text = strings.NewReplacer(" ", "", "\u00a0", "").Replace(text)
	if q.sum == nil {
		return text == strings.ReplaceAll(view.Count(q.count), "\u00a0", "")
	}
	d, err := providers.ParseAmount(text)
	return err == nil && d.Equal(*q.sum) || text == q.sum.String() // longer than any amount
}

// lines draws the question that is open: what to type, and what was wrong.
func (c confirm) lines(look view.Look, verb string, w int) []string {
	if c.at >= len(c.asks) {
		return []string{"", ""}
	}
	q := c.asks[c.at]
	ask := "type the " + q.label + ", " + q.want + ", to " + verb + ": "
	if view.Width(ask) > w-8 {
		ask = "type " + q.want + ": "
	}
	field := c.in.Draw(max(4, w-view.Width(ask)), true, look, -1, 0)
	return []string{look.Strong.Render(ask) + field, look.Bad.Render(view.Cut(c.said, w))}
}
