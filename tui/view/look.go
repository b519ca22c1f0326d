package view

import (
	"bursar/providers"
	"bursar/themes"
)

// Pen draws text in one tone of a theme.
type Pen struct {
	styles themes.Styles
	tone   themes.Tone
}

// Render puts one line of plain text into the tone.
func (p Pen) Render(s string) string { return p.styles.Paint(p.tone, s) }

// Look is a theme's styles by what the screens use them for.
type Look struct {
	Styles themes.Styles
	Text   Pen // ordinary words
	Muted  Pen // what matters less
	Strong Pen // titles and what counts now
	Head   Pen // headings of groups and columns
	Accent Pen // the cursor's sign, the thing that has the focus
	Key    Pen // keys in hints
	Rule   Pen // lines and borders
	Mark   Pen // marks and their count
	Money  Pen // sums
	Stale  Pen // old data
	Good   Pen
	Warn   Pen
	Bad    Pen
	Match  Pen // the letters that a search hit
	Cursor Pen // the cell of a text cursor
}

// NewLook names the tones of a theme.
func NewLook(s themes.Styles) Look {
	pen := func(t themes.Tone) Pen { return Pen{s, t} }
	return Look{
		Styles: s,
		Text:   pen(themes.Text), Muted: pen(themes.Muted), Strong: pen(themes.Strong), Head: pen(themes.Column),
		Accent: pen(themes.Accent), Key: pen(themes.Accent), Rule: pen(themes.Border), Mark: pen(themes.Marked),
		Money: pen(themes.Money), Stale: pen(themes.Stale),
		Good: pen(themes.Success), Warn: pen(themes.Warning), Bad: pen(themes.Error), Match: pen(themes.Match), Cursor: pen(themes.Chosen),
	}
}

// Status is a status's sign and word in the colour of its phase.
func (l Look) Status(s providers.Status) string {
	word := s.Label
	if word == "" {
		word = s.Code
	}
	return l.Styles.Paint(themes.Phase(s.Phase), l.Styles.Signs.Phase(s.Phase)+" "+Capital(Clean(word)))
}

// Badge says in a word and a colour whether money is real: SANDBOX or LIVE.
func (l Look) Badge(sandbox bool) string {
	if sandbox {
		return l.Styles.Badge(themes.Sandbox, "SANDBOX")
	}
	return l.Styles.Badge(themes.Live, "LIVE")
}

// BadgeOf is the badge of several accounts: LIVE as soon as one of them is.
// Without an account nothing is known, and nobody is told that money is not
// real.
func (l Look) BadgeOf(infos []providers.Info) string {
	live, safe := Split(infos)
	switch {
	case live+safe == 0:
		return l.Styles.Badge(themes.Offline, "NO ACCOUNT")
	case live > 0 && safe > 0:
		return l.Styles.Badge(themes.Live, "LIVE + SANDBOX")
	case live > 0:
		return l.Badge(false)
	default:
		return l.Badge(true)
	}
}

// Split counts live and sandbox accounts.
func Split(infos []providers.Info) (live, safe int) {
	for _, i := range infos {
		if i.Sandbox {
			safe++
		} else {
			live++
		}
	}
	return live, safe
}
