package dialog

import (
	"strings"

	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Ask is a question that moves no money, with the answers no and yes.
type Ask struct {
	base
	title string
	lines []string
	yes   string // what y does, in two words
	msg   tea.Msg
	onYes bool // the cursor
	guard
}

// NewAsk is a question; msg is sent when the operator says yes.
func NewAsk(env *view.Env, title string, lines []string, yes string, msg tea.Msg) *Ask {
	return &Ask{base: base{env}, title: title, lines: lines, yes: yes, msg: msg}
}

// Init opens the dialog for keys once it was seen.
func (a *Ask) Init() tea.Cmd { return a.arm(a.env) }

// Update learns that the dialog was seen.
func (a *Ask) Update(msg tea.Msg) (tea.Cmd, bool) {
	a.take(msg)
	return nil, false
}

// Key takes the answer. The cursor stands on no: the default is to change
// nothing.
func (a *Ask) Key(k view.Key) (tea.Cmd, bool) {
	act := a.env.Act(keymap.ScopeDialog, k)
	if act == keymap.Back {
		return nil, true
	}
	if k.Paste || !a.seen {
		return nil, false
	}
	switch act {
	case keymap.DialogNext, keymap.DialogPrevious:
		a.onYes = !a.onYes
		return nil, false
	case keymap.DialogAccept:
		return a.answer(a.onYes)
	}
	switch keymap.Fold(k.Name) {
	case "y":
		return a.answer(true)
	case "n":
		return a.answer(false)
	}
	return nil, false
}

func (a *Ask) answer(yes bool) (tea.Cmd, bool) {
	if yes {
		a.env.Post(a.msg)
	}
	return nil, true
}

// View draws the question.
func (a *Ask) View(size view.Size) []string {
	w := min(size.W, 64)
	var body []string
	for _, l := range a.lines {
		body = append(body, view.Wrap(l, w-4)...)
	}
	look := a.env.Look
	answer := func(key, text string, on bool) string {
		if on {
			return look.Accent.Render(look.Styles.Signs.Cursor) + " " + look.Key.Render(key) + " " + look.Strong.Render(text)
		}
		return "  " + look.Key.Render(key) + " " + look.Text.Render(text)
	}
	body = append(body, "", answer("n", "no", !a.onYes)+"    "+answer("y", a.yes, a.onYes))
	return view.Box(look, a.title, "", tail(body, size.H-2), w, min(size.H, len(body)+2))
}

// Hints are the question's keys.
func (a *Ask) Hints() []view.Hint {
	return append([]view.Hint{{Key: "y", Text: a.yes}, {Key: "n", Text: "no"}}, a.env.Hints(keymap.DialogAccept, keymap.DialogNext)...)
}

// Prompt asks for one line of text.
type Prompt struct {
	base
	title string
	help  string
	in    view.Input
	check func(string) error
	done  func(string) tea.Msg
	err   error
}

// NewPrompt is a prompt that holds a first text; done makes the message of
// what was written, once check (if any) agrees.
func NewPrompt(env *view.Env, title, help, text string, check func(string) error, done func(string) tea.Msg) *Prompt {
	return &Prompt{base: base{env}, title: title, help: help, in: view.NewInput(text), check: check, done: done}
}

// TextFocus is true: letters are text.
func (p *Prompt) TextFocus() bool { return true }

// Key edits, sends or closes.
func (p *Prompt) Key(k view.Key) (tea.Cmd, bool) {
	switch k.Name {
	case "esc", "ctrl+c":
		return nil, true
	case "enter":
		text := strings.TrimSpace(p.in.Value())
		if p.check != nil {
			if p.err = p.check(text); p.err != nil {
				return nil, false
			}
		}
		return p.env.Post(p.done(text)), true
	}
	if p.in.Key(k) {
		p.err = nil
	}
	return nil, false
}

// View draws the prompt.
func (p *Prompt) View(size view.Size) []string {
	w := min(size.W, 64)
	look := p.env.Look
	body := []string{look.Muted.Render(view.Cut(p.help, w-4)), p.in.Draw(w-4, true, look, -1, 0), ""}
	if p.err != nil {
		body[2] = look.Bad.Render(view.Cut(p.err.Error(), w-4))
	}
	return view.Box(look, p.title, "", body, w, min(size.H, len(body)+2))
}

// Hints are the prompt's keys.
func (p *Prompt) Hints() []view.Hint {
	return []view.Hint{{Key: "enter", Text: "done"}, {Key: "esc", Text: "close"}}
}
