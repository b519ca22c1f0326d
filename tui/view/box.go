package view

import "strings"

// Box draws a framed dialog of exactly w by h cells. The title stands in the
// upper border, the note at its right end; body lines are cut or padded.
func Box(look Look, title, note string, body []string, w, h int) []string {
	if w < 4 || h < 3 {
		return Frame(body, max(w, 0), max(h, 0))
	}
	inner := Frame(body, w-4, h-2)
	out := make([]string, 0, h)
	out = append(out, boxTop(look, title, note, w))
	side := look.Rule.Render("│")
	for _, line := range inner {
		out = append(out, side+" "+line+" "+side)
	}
	return append(out, look.Rule.Render("╰"+strings.Repeat("─", w-2)+"╯"))
}

func boxTop(look Look, title, note string, w int) string {
	room := w - 6
	note = Cut(note, max(room/2, room-Width(title)-2))
	nw := Width(note)
	if nw > 0 {
		nw += 2
	}
	title = Cut(title, room-nw)
	rule := max(0, w-Width(title)-nw-6)
	line := look.Rule.Render("╭─ ") + look.Strong.Render(title) + look.Rule.Render(" "+strings.Repeat("─", rule))
	if nw > 0 {
		line += " " + note + " "
	}
	return line + look.Rule.Render("─"+"╮")
}

// Center is where a box of size b starts inside a rectangle.
func Center(outer, b Size) (x, y int) {
	return max(0, (outer.W-b.W)/2), max(0, (outer.H-b.H)/2)
}

// Rule is a horizontal line of w cells with a title near its left end.
func Rule(look Look, title string, w int) string {
	if title == "" {
		return look.Rule.Render(strings.Repeat("─", max(0, w)))
	}
	title = Cut(title, w-6)
	rest := max(0, w-Width(title)-4)
	return Cut(look.Rule.Render("── ")+look.Head.Render(title)+look.Rule.Render(" "+strings.Repeat("─", rest)), w)
}

// Window is the part of n lines that h rows show so that line at is among
// them; top is where the window stood before.
func Window(n, h, at, top int) int {
	if h < 1 {
		return 0
	}
	if at < top {
		top = at
	}
	if at >= top+h {
		top = at - h + 1
	}
	return max(0, min(top, n-h))
}
