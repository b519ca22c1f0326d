package view

import (
	"time"

	"bursar/keymap"

	tea "github.com/charmbracelet/bubbletea"
)

// Env is what every part of one operator's screen reads: keys, look and the
// time of the last message. The root owns it and alone changes it.
type Env struct {
	Keys keymap.Map
	Look Look
	Now  time.Time
	Tick Tick

	posted []tea.Msg
}

// Post leaves a message for the root, which takes it in before the next key: a
// wish that is known already needs no command, and a key typed behind it must
// find it granted. It returns nil so that it can stand for a command.
func (e *Env) Post(msg tea.Msg) tea.Cmd {
	if msg != nil {
		e.posted = append(e.posted, msg)
	}
	return nil
}

// Take hands the oldest posted message to the root; nil when there is none.
func (e *Env) Take() tea.Msg {
	if len(e.posted) == 0 {
		return nil
	}
	msg := e.posted[0]
	e.posted = e.posted[1:]
	return msg
}

// Act is the action of a key in a scope, "" when there is none. A paste never
// is one.
func (e *Env) Act(scope keymap.Scope, k Key) keymap.ID {
	if k.Paste {
		return ""
	}
	id, _ := e.Keys.Lookup(scope, k.Name)
	return id
}

// Hint is a key and what it does, for the status line.
type Hint struct{ Key, Text string }

// Hint is the hint of an action in the key map.
func (e *Env) Hint(id keymap.ID) Hint {
	entry, ok := e.Keys.Entry(id)
	if !ok {
		return Hint{}
	}
	return Hint{Key: entry.Key(), Text: entry.Help}
}

// Hints are the hints of several actions; those without a key are left out.
func (e *Env) Hints(ids ...keymap.ID) []Hint {
	var out []Hint
	for _, id := range ids {
		if h := e.Hint(id); h.Key != "" {
			out = append(out, h)
		}
	}
	return out
}

// Move is the cursor after a moving action among n rows, page rows high.
func Move(id keymap.ID, at, n, page int) (int, bool) {
	switch id {
	case keymap.MoveDown:
		at++
	case keymap.MoveUp:
		at--
	case keymap.MoveTop:
		at = 0
	case keymap.MoveBottom:
		at = n - 1
	case keymap.PageDown:
		at += max(1, page-1)
	case keymap.PageUp:
		at -= max(1, page-1)
	case keymap.HalfDown:
		at += max(1, page/2)
	case keymap.HalfUp:
		at -= max(1, page/2)
	default:
		return at, false
	}
	return max(0, min(at, n-1)), true
}

// Scroll is the top line after a moving action over n lines, page lines high.
func Scroll(id keymap.ID, top, n, page int) (int, bool) {
	if id == keymap.MoveBottom {
		return max(0, n-page), true
	}
	to, ok := Move(id, top, n, page)
	if !ok {
		return top, false
	}
	return max(0, min(to, n-page)), true
}

// Stamp writes a time for people, as short as it is clear: the hour today, the
// day and hour this year, else the date.
func Stamp(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("02 Jan 15:04")
	default:
		return t.Format("2006-01-02")
	}
}

// Age is how long ago a time was, in one unit.
func Age(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return itoa(int(d/time.Minute)) + " min ago"
	case d < 48*time.Hour:
		return itoa(int(d/time.Hour)) + " h ago"
	default:
		return itoa(int(d/(24*time.Hour))) + " days ago"
	}
}

// ScrollNote says which part of a longer text is shown, "" when all of it is.
func ScrollNote(look Look, top, rows, total int) string {
	if total <= rows {
		return ""
	}
	return look.Muted.Render(Count(top+1) + "–" + Count(min(total, top+rows)) + " of " + Count(total))
}
