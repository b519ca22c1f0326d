// Package themes turns roles on the screen into colours: tokens by meaning,
// four themes of them, and the styles built from a theme for one terminal. No
// colour is named outside it, nothing in it is shared by two operators of one
// process, and colour never says anything that a word or a sign does not.
package themes

import (
	"fmt"
	"strings"

	"bursar/providers"
)

// Color is one colour for terminals with 16 million, 256 and 16 colours. The
// zero value leaves the terminal's own.
type Color struct {
	Hex     string // "#rrggbb"
	ANSI256 string // "0".."255"
	ANSI    string // "0".."15"
}

// Token is how one role looks.
type Token struct {
	Fg, Bg    Color
	Bold      bool
	Reverse   bool
	Underline bool
}

// Tokens are the looks of all roles, named by meaning.
type Tokens struct {
	Text, Muted, Strong, Title, Accent, Border, Column Token
	Cursor, Marked                                     Token
	Live, Sandbox, Offline, Online, Stale              Token
	Money, Success, Warning, Error, Danger             Token
	Match, Chosen                                      Token
	Phases                                             [providers.PhaseFailed + 1]Token
}

// token is the look of one tone.
func (t *Tokens) token(tone Tone) Token {
	if p, ok := tone.phase(); ok {
		return t.Phases[p]
	}
	return [...]Token{
		Text: t.Text, Muted: t.Muted, Strong: t.Strong, Title: t.Title, Accent: t.Accent, Border: t.Border, Column: t.Column,
		Cursor: t.Cursor, Marked: t.Marked, Live: t.Live, Sandbox: t.Sandbox, Offline: t.Offline, Online: t.Online, Stale: t.Stale,
		Money: t.Money, Success: t.Success, Warning: t.Warning, Error: t.Error, Danger: t.Danger, Match: t.Match, Chosen: t.Chosen,
	}[tone]
}

// Signs are the characters that carry meaning besides colour.
type Signs struct {
	Cursor, Mark          string
	Ascending, Descending string
	More                  string // where text was cut
	Vertical, Horizontal  string // lines between panes
	Phases                [providers.PhaseFailed + 1]string
}

// Phase is the sign of a status's phase.
func (s Signs) Phase(p providers.Phase) string {
	if int(p) >= len(s.Phases) {
		p = providers.PhaseUnknown
	}
	return s.Phases[p]
}

// Theme is a named set of tokens and signs.
type Theme struct {
	Name   string
	Tokens Tokens
	Signs  Signs
	// Attributes says that bold, underline and reverse video are used even
	// where colours are unwanted.
	Attributes bool
	// Grounds are the terminal backgrounds the theme is made for. They are
	// never painted; contrast is measured against them.
	Grounds []string
}

// Names are the themes in the order in which a key goes through them.
func Names() []string { return []string{"dark", "light", "contrast", "mono"} }

// ByName finds a theme.
func ByName(name string) (Theme, error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "dark":
		return dark(), nil
	case "light":
		return light(), nil
	case "contrast":
		return contrast(), nil
	case "mono":
		return mono(), nil
	}
	return Theme{}, fmt.Errorf("no theme %q: use one of %s", name, strings.Join(Names(), ", "))
}

// Next is the name of the theme after this one, for a key that goes round.
func Next(name string) string {
	names := Names()
	for i, n := range names {
		if n == name {
			return names[(i+1)%len(names)]
		}
	}
	return names[0]
}

// ForTerminal is the theme to use when the operator wants the named one:
// NO_COLOR (when it is not empty) and TERM=dumb ask for mono, whatever else is
// configured; a dumb terminal gets
// no sequences at all. getenv is os.Getenv, or the environment of an SSH connection.
func ForTerminal(name string, getenv func(string) string) (Theme, error) {
	t, err := ByName(name)
	switch {
	case err != nil:
		return t, err
	case getenv("TERM") == "dumb":
		t = mono()
		t.Attributes = false
	case getenv("NO_COLOR") != "":
		t = mono()
	}
	return t, nil
}
