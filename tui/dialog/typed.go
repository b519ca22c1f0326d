package dialog

import (
	"strings"

	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Typed is a question with consequences: only the asked-for text, typed by
// hand after the dialog was seen, says yes.
type Typed struct {
	base
	title string
	note  string
	lines []string
	want  string
	in    view.Input
	said  string
	msg   tea.Msg
	guard
}

// NewTyped asks for the text want; msg is sent once it was typed.
func NewTyped(env *view.Env, title, note string, lines []string, want string, msg tea.Msg) *Typed {
	return &Typed{base: base{env}, title: title, note: note, lines: lines, want: want, msg: msg}
}

// TextFocus is true: letters are text.
func (t *Typed) TextFocus() bool { return true }

// Init opens the dialog for keys once it was seen.
func (t *Typed) Init() tea.Cmd { return t.arm(t.env) }

// Update learns that the dialog was seen.
func (t *Typed) Update(msg tea.Msg) (tea.Cmd, bool) {
	t.take(msg)
	return nil, false
}

// Key takes typed letters; a paste is not typing.
func (t *Typed) Key(k view.Key) (tea.Cmd, bool) {
	if k.Name == "esc" || k.Name == "ctrl+c" {
		return t.env.Post(view.Said{Text: "cancelled: nothing was changed"}), true
	}
	if !t.seen {
		return nil, false
	}
	if k.Paste {
		t.said = "type it by hand: a paste confirms nothing"
		return nil, false
	}
	if k.Name == "enter" {
		return t.enter()
	}
	if t.in.Key(k) {
		t.said = ""
	}
	return nil, false
}

func (t *Typed) enter() (tea.Cmd, bool) {
	switch strings.TrimSpace(t.in.Value()) {
	case "":
		return t.env.Post(view.Said{Text: "cancelled: nothing was changed"}), true
	case t.want:
		return t.env.Post(t.msg), true
	}
	t.said = "“" + view.Clean(t.in.Value()) + "” is not “" + t.want + "”: type it exactly, or esc to cancel"
	t.in = view.Input{}
	return nil, false
}

// View draws the question.
func (t *Typed) View(size view.Size) []string {
	w := min(size.W, 72)
	look := t.env.Look
	var body []string
	for _, l := range t.lines {
		body = append(body, view.Wrap(l, w-4)...)
	}
	ask := "type " + t.want + " and enter: "
	room := max(4, w-4-view.Width(ask))
	body = append(body, "", look.Strong.Render(ask)+t.in.Draw(room, true, look, -1, 0), look.Bad.Render(view.Cut(t.said, w-4)))
	return view.Box(look, t.title, t.note, tail(body, size.H-2), w, min(size.H, len(body)+2))
}

// tail keeps the last n lines: on a small screen the question itself counts.
func tail(lines []string, n int) []string {
	if n < 1 || len(lines) <= n {
		return lines
	}
	return lines[len(lines)-n:]
}

// Hints are the question's keys.
func (t *Typed) Hints() []view.Hint {
	return []view.Hint{{Key: "enter", Text: "confirm"}, {Key: "esc", Text: "cancel"}}
}
