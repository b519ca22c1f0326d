package themes

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"bursar/providers"
)

// Reset ends whatever an opening sequence of Styles began.
const Reset = "\x1b[m"

// Styles are a theme made ready for one terminal. They are read-only and may
// be copied and shared by the parts of one screen.
type Styles struct {
	Name  string
	Signs Signs
	looks *looks
}

type looks struct {
	renderer *lipgloss.Renderer
	style    [tones]lipgloss.Style
	open     [tones]string
}

// Build makes the styles of a theme for the renderer's terminal and its
// colours.
func Build(r *lipgloss.Renderer, theme Theme) Styles {
	if theme.Attributes {
		// NO_COLOR takes away colours, not bold and reverse video; a renderer
		// that knows it would drop both.
		dark := r.HasDarkBackground()
		r = lipgloss.NewRenderer(io.Discard)
		r.SetColorProfile(termenv.ANSI)
		r.SetHasDarkBackground(dark) // so that it asks nobody
	}
	s := Styles{Name: theme.Name, Signs: theme.Signs, looks: &looks{renderer: r}}
	for i := range tones {
		style := build(r, theme.Tokens.token(Tone(i)))
		s.looks.style[i] = style
		// The sequence is taken from a rendered text, so that both ways of
		// drawing look alike on every terminal.
		open, _, _ := strings.Cut(style.Render("x"), "x")
		s.looks.open[i] = open
	}
	return s
}

func build(r *lipgloss.Renderer, t Token) lipgloss.Style {
	style := r.NewStyle()
	if t.Fg != (Color{}) {
		style = style.Foreground(t.Fg.complete())
	}
	if t.Bg != (Color{}) {
		style = style.Background(t.Bg.complete())
	}
	if t.Bold {
		style = style.Bold(true)
	}
	if t.Reverse {
		style = style.Reverse(true)
	}
	if t.Underline {
		style = style.Underline(true).UnderlineSpaces(true)
	}
	return style
}

// Style is the lipgloss style of a tone, for components.
func (s Styles) Style(t Tone) lipgloss.Style {
	if s.looks == nil || int(t) >= tones {
		return lipgloss.Style{}
	}
	return s.looks.style[t]
}

// Phase is the lipgloss style of a status's phase.
func (s Styles) Phase(p providers.Phase) lipgloss.Style { return s.Style(Phase(p)) }

// New is an empty style for the same terminal, for borders and padding.
func (s Styles) New() lipgloss.Style {
	if s.looks == nil {
		return lipgloss.Style{}
	}
	return s.looks.renderer.NewStyle()
}

// Open is the sequence that begins a tone, "" when it looks like plain text.
// It is for the hot path; Reset ends it.
func (s Styles) Open(t Tone) string {
	if s.looks == nil || int(t) >= tones {
		return ""
	}
	return s.looks.open[t]
}

// Paint puts one line of plain text into a tone, without lipgloss's cost.
func (s Styles) Paint(t Tone, text string) string {
	open := s.Open(t)
	if open == "" || text == "" {
		return text
	}
	return open + text + Reset
}

// Badge is a word on a coloured ground with a blank on each side, such as LIVE
// or SANDBOX in the header. The mono theme brackets it instead.
func (s Styles) Badge(t Tone, word string) string {
	if s.Open(t) == "" {
		return "[" + word + "]"
	}
	return s.Paint(t, " "+word+" ")
}
