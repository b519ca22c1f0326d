package themes

import "bursar/providers"

// unicode signs are one cell wide in every terminal that knows them.
func unicodeSigns() Signs {
	return Signs{
		Cursor: "▌", Mark: "●", Ascending: "▲", Descending: "▼", More: "…", Vertical: "│", Horizontal: "─",
		Phases: phased("?", "○", "◐", "◆", "✓", "↺", "✕", "!"),
	}
}

func asciiSigns() Signs {
	return Signs{
		Cursor: ">", Mark: "*", Ascending: "^", Descending: "v", More: "…", Vertical: "│", Horizontal: "─",
		Phases: phased("?", "o", "~", "=", "+", "<", "x", "!"),
	}
}

func phased[T any](unknown, fresh, waiting, held, done, returned, cancelled, failed T) [providers.PhaseFailed + 1]T {
	return [providers.PhaseFailed + 1]T{
		providers.PhaseUnknown: unknown, providers.PhaseNew: fresh, providers.PhaseWaiting: waiting, providers.PhaseHeld: held,
		providers.PhaseDone: done, providers.PhaseReturned: returned, providers.PhaseCancelled: cancelled, providers.PhaseFailed: failed,
	}
}

func fg(hex, c256, c16 string) Token { return Token{Fg: Color{hex, c256, c16}} }

func bold(t Token) Token {
	t.Bold = true
	return t
}

func badge(ink, ground Token) Token { return Token{Fg: ink.Fg, Bg: ground.Fg, Bold: true} }

// The colours are those of the 256-colour palette: their sequences are half as
// long as the ones of 16 million colours, which counts in every frame that goes
// over a slow line. Plain text keeps the terminal's own colour.

// dark is for terminals with a dark background: soft greys, and colour only
// where something wants a look.
func dark() Theme {
	ink := fg("#121212", "233", "0")
	muted := fg("#9e9e9e", "247", "7")
	blue := fg("#87afd7", "110", "12")
	green := fg("#87af87", "108", "10")
	amber := fg("#d7af5f", "179", "11")
	red := fg("#d78787", "174", "9")
	alarm := fg("#d75f5f", "167", "9") // fuller than red: it is a ground
	violet := fg("#afafd7", "146", "13")
	teal := fg("#5fafaf", "73", "14")
	return Theme{
		Name: "dark", Signs: unicodeSigns(), Grounds: []string{"#000000", "#1e1e1e", "#282c34"},
		Tokens: Tokens{
			Muted: muted, Strong: bold(Token{}), Title: bold(Token{}), Accent: blue, Border: fg("#585858", "240", "8"),
			Column: muted, Cursor: bold(blue), Marked: bold(blue),
			Live: badge(ink, alarm), Sandbox: badge(ink, teal), Offline: badge(ink, amber), Online: green, Stale: amber,
			Success: green, Warning: amber, Error: red, Danger: badge(ink, alarm),
			Match: Token{Fg: amber.Fg, Underline: true}, Chosen: badge(ink, blue),
			Phases: phased(violet, blue, amber, teal, green, muted, muted, red),
		},
	}
}

// light is for terminals with a light background.
func light() Theme {
	paper := fg("#ffffff", "231", "15")
	muted := fg("#626262", "241", "8")
	blue := fg("#005faf", "25", "4")
	green := fg("#005f00", "22", "2")
	amber := fg("#875f00", "94", "3")
	red := fg("#af0000", "124", "1")
	violet := fg("#5f5faf", "61", "5")
	teal := fg("#005f5f", "23", "6")
	return Theme{
		Name: "light", Signs: unicodeSigns(), Grounds: []string{"#ffffff", "#f6f6f4", "#fdf6e3"},
		Tokens: Tokens{
			Muted: muted, Strong: bold(Token{}), Title: bold(Token{}), Accent: blue, Border: fg("#bcbcbc", "250", "7"),
			Column: muted, Cursor: bold(blue), Marked: bold(blue),
			Live: badge(paper, red), Sandbox: badge(paper, teal), Offline: badge(paper, amber), Online: green, Stale: amber,
			Success: green, Warning: amber, Error: red, Danger: badge(paper, red),
			Match: Token{Fg: amber.Fg, Underline: true}, Chosen: badge(paper, blue),
			Phases: phased(violet, blue, amber, teal, green, muted, muted, red),
		},
	}
}

// contrast is for tired eyes and poor screens, on a black background.
func contrast() Theme {
	ink := fg("#000000", "16", "0")
	text := fg("#ffffff", "231", "15")
	muted := fg("#d0d0d0", "252", "7")
	blue := fg("#87d7ff", "117", "14")
	green := fg("#5fff87", "84", "10")
	amber := fg("#ffd75f", "221", "11")
	red := fg("#ffafaf", "217", "9")
	alarm := fg("#ff5f5f", "203", "9")
	violet := fg("#d7afff", "183", "13")
	teal := fg("#5fffff", "87", "14")
	return Theme{
		Name: "contrast", Signs: unicodeSigns(), Grounds: []string{"#000000", "#1c1c1c"},
		Tokens: Tokens{
			Text: text, Muted: muted, Strong: bold(text), Title: bold(text), Accent: bold(blue), Border: fg("#9e9e9e", "247", "7"),
			Column: bold(muted), Cursor: bold(amber), Marked: bold(amber),
			Live: badge(ink, alarm), Sandbox: badge(ink, teal), Offline: badge(ink, amber), Online: green, Stale: amber,
			Money: bold(text), Success: green, Warning: amber, Error: bold(red), Danger: badge(ink, alarm),
			Match: Token{Fg: amber.Fg, Underline: true, Bold: true}, Chosen: badge(ink, amber),
			Phases: phased(violet, blue, amber, teal, green, muted, muted, bold(red)),
		},
	}
}

// mono uses no colour: words, signs, bold, underline and reverse video tell
// everything.
func mono() Theme {
	plain := Token{}
	strong := Token{Bold: true}
	return Theme{
		Name: "mono", Signs: asciiSigns(), Attributes: true,
		Tokens: Tokens{
			Text: plain, Muted: plain, Strong: strong, Title: strong, Accent: strong, Border: plain, Column: Token{Underline: true},
			Cursor: strong, Marked: strong,
			Live: Token{Bold: true, Reverse: true}, Sandbox: plain, Offline: Token{Underline: true}, Online: plain, Stale: plain,
			Money: plain, Success: plain, Warning: strong, Error: strong, Danger: Token{Bold: true, Reverse: true},
			Match: Token{Underline: true}, Chosen: Token{Reverse: true},
			Phases: phased(plain, plain, plain, strong, plain, plain, plain, strong),
		},
	}
}
