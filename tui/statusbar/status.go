package statusbar

import (
	"strconv"

	"bursar/tui/view"
)

// Status is what the last line says.
type Status struct {
	Said   string   // what just happened
	Errors []string // what went wrong and was not read yet, oldest first
	Hints  []view.Hint
	// Dismiss is the key that says an error was read.
	Dismiss string
}

// maxErrorLines is how far a long error may grow over the screen.
const maxErrorLines = 4

// Lines draws the status: one line, or as many as an unread error needs. The
// caller lays the lines over the bottom of the frame, so nothing moves.
func (s Status) Lines(look view.Look, w int) []string {
	if len(s.Errors) > 0 {
		return s.failure(look, w)
	}
	hints := s.hints(look, w)
	if s.Said == "" {
		return []string{view.Fit(" "+hints, w)}
	}
	said := " " + view.Cut(view.Clean(s.Said), w-2)
	room := w - view.Width(said) - 3
	if room <= 0 {
		return []string{view.Fit(look.Strong.Render(said), w)}
	}
	return []string{view.Fit(look.Strong.Render(said)+"   "+s.hints(look, room), w)}
}

func (s Status) failure(look view.Look, w int) []string {
	note := s.Dismiss + " dismisses"
	if more := len(s.Errors) - 1; more > 0 {
		note = strconv.Itoa(more) + " more, " + note
	}
	text := view.Wrap(view.Clean(s.Errors[0]), w-4)
	if len(text) > maxErrorLines {
		text = append(text[:maxErrorLines-1], view.Cut(text[maxErrorLines-1]+view.Ellipsis, w-4))
	}
	if last := len(text) - 1; view.Width(text[last])+view.Width(note)+6 > w {
		text = append(text, "")
	}
	out := make([]string, len(text))
	for i, line := range text {
		sign := "  "
		if i == 0 {
			sign = "! "
		}
		right := ""
		if i == len(text)-1 {
			right = look.Muted.Render(note) + " "
		}
		out[i] = view.Ends(" "+look.Bad.Render(sign+line), right, w)
	}
	return out
}

// hints draws as many hints as fit; the last one, help, is kept longest.
func (s Status) hints(look view.Look, w int) string {
	line, used := "", 0
	for i, h := range s.Hints {
		cell := view.Width(h.Key) + 1 + view.Width(h.Text)
		if i > 0 {
			cell += 2
		}
		if used+cell > w-1 {
			break
		}
		if i > 0 {
			line += "  "
		}
		used += cell
		line += look.Key.Render(h.Key) + " " + look.Muted.Render(h.Text)
	}
	return line
}

// Small is the whole frame on a terminal that is too small to work in.
func Small(look view.Look, size view.Size) []string {
	text := "bursar needs 60x15, this is " + strconv.Itoa(size.W) + "x" + strconv.Itoa(size.H) + ": make the window larger"
	lines := view.Wrap(text, max(1, size.W))
	if size.H > 0 && len(lines) > size.H {
		lines = lines[:size.H]
	}
	for i, l := range lines {
		lines[i] = look.Warn.Render(l)
	}
	return view.Frame(lines, size.W, size.H)
}
