package list

import (
	"context"
	"unicode/utf8"

	"bursar/cache/filter"
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// edit is the filter line while it is being written.
type edit struct {
	on     bool
	in     view.Input
	before string        // the filter when editing began
	bad    *filter.Error // what is wrong with badOf
	badOf  string
	past   []string // filters that were kept, newest last
	at     int      // place in past; len(past) is the line being written
}

func (e *edit) fail(text string, err *filter.Error) { e.bad, e.badOf = err, text }

// badSpan is the wrong part of the text in runes, -1 when nothing is wrong.
func (e *edit) badSpan() (at, n int) {
	if e.bad == nil || e.badOf != e.in.Value() {
		return -1, 0
	}
	pos := min(max(e.bad.Pos, 0), len(e.badOf))
	end := min(pos+max(e.bad.Len, 0), len(e.badOf))
	return utf8.RuneCountInString(e.badOf[:pos]), utf8.RuneCountInString(e.badOf[pos:end])
}

// beginEdit opens the filter line. Who opens it will type: what a filter needs is
// made ready meanwhile.
func (m *Model) beginEdit() tea.Cmd {
	m.edit.on, m.edit.before, m.edit.in = true, m.text, view.NewInput(m.text)
	m.edit.at = len(m.edit.past)
	m.cool()
	ctx, cool := context.WithCancel(m.ctx)
	m.cool = cool
	src, q := m.src, m.query(m.shown)
	return func() tea.Msg {
		_ = src.Warm(ctx, q) // the filter itself meets the error again
		return nil
	}
}

// editKey takes a key while the filter is being written.
func (m *Model) editKey(k view.Key) tea.Cmd {
	e := &m.edit
	switch m.env.Act(keymap.ScopeFilter, k) {
	case keymap.Back, keymap.Interrupt:
		e.on, e.bad = false, nil
		m.cool()
		if m.goal() != e.before || m.wanted != m.shown && !m.busy {
			return m.load(wish{text: e.before, top: true, wait: true, parts: true})
		}
		return nil
	case keymap.FilterAccept:
		return m.keepFilter()
	case keymap.FilterComplete:
		m.complete()
		return m.typed()
	case keymap.FilterOlder:
		return m.history(-1)
	case keymap.FilterNewer:
		return m.history(1)
	}
	before := e.in.Value()
	if e.in.Key(k); e.in.Value() == before {
		return nil
	}
	return m.typed()
}

func (m *Model) typed() tea.Cmd {
	m.viewName = ""
	return m.load(wish{text: m.edit.in.Value(), top: true, wait: true, parts: true})
}

func (m *Model) keepFilter() tea.Cmd {
	e := &m.edit
	if at, _ := e.badSpan(); at >= 0 {
		return m.env.Post(view.Said{Text: "the filter is not understood yet: mend it, or " + m.env.Keys.Key(keymap.Back) + " leaves it"})
	}
	e.on = false
	if text := e.in.Value(); text != "" && (len(e.past) == 0 || e.past[len(e.past)-1] != text) {
		e.past = append(e.past[max(0, len(e.past)-maxPast+1):], text)
	}
	return nil
}

// maxPast is how many filters a list remembers.
const maxPast = 100

func (m *Model) history(step int) tea.Cmd {
	e := &m.edit
	to := e.at + step
	if to < 0 || to > len(e.past) {
		return nil
	}
	e.at = to
	text := ""
	if to < len(e.past) {
		text = e.past[to]
	}
	e.in = view.NewInput(text)
	return m.typed()
}

// complete puts the only completion in, or as much as all have in common.
func (m *Model) complete() {
	text := m.edit.in.Value()
	runes := []rune(text)
	head := string(runes[:m.edit.in.Cursor()])
	options := filter.Complete(text, len(head))
	if len(options) == 0 {
		return
	}
	word := head[lastWord(head):]
	common := options[0]
	for _, o := range options[1:] {
		common = prefix(common, o)
	}
	if len(common) < len(word) {
		return
	}
	done := head[:lastWord(head)] + common
	m.edit.in = view.NewInput(done + string(runes[m.edit.in.Cursor():]))
	m.edit.in.At(utf8.RuneCountInString(done))
}

func lastWord(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ' ' {
			return i + 1
		}
	}
	return 0
}

func prefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return a[:n]
}
