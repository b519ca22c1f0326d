package themes

import "bursar/providers"

// Tone names a role on the screen. Screens ask for tones, never for colours.
type Tone uint8

// The tones.
const (
	Text    Tone = iota // what is read
	Muted               // what may be overlooked: units, hints, ages
	Strong              // text that matters most in its place
	Title               // headings of panes, tabs that are shown
	Accent              // the key one may press, the thing that has the focus
	Border              // lines between panes
	Column              // column titles of a table
	Cursor              // the sign at the row under the cursor
	Marked              // the sign at a marked row, and counts of marks
	Live                // the badge of accounts that move real money
	Sandbox             // the badge of accounts that do not
	Offline             // the badge shown while nothing is fetched
	Online              // the word shown while things are
	Stale               // old data, such as "as of 10:32"
	Money               // sums
	Success             // what went well
	Warning             // what needs a look
	Error               // what went wrong
	Danger              // the badge over a confirmation that moves money
	Match               // the letters that a search hit
	Chosen              // the line under the cursor in menus and answers

	phases // the tones of providers.Phase follow
)

// tones counts them all, one per phase included.
const tones = int(phases) + int(providers.PhaseFailed) + 1

// Phase is the tone of a status's phase.
func Phase(p providers.Phase) Tone {
	if p > providers.PhaseFailed {
		p = providers.PhaseUnknown
	}
	return phases + Tone(p)
}

// phase is the reverse of Phase.
func (t Tone) phase() (providers.Phase, bool) {
	if t < phases || int(t) >= tones {
		return 0, false
	}
	return providers.Phase(t - phases), true
}
