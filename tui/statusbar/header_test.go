package statusbar_test

import (
	"strings"
	"testing"

	"bursar/providers"
	"bursar/themes"
	"bursar/tui/statusbar"
	"bursar/tui/tuitest"
	"bursar/tui/view"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestHeaderTellsTheTruth(t *testing.T) {
	theme, err := themes.ByName("mono")
	if err != nil {
		t.Fatal(err)
	}
	look := view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme))
	two := []providers.Info{{Account: "hosting", Host: "a"}, {Account: "shop", Host: "b"}}
	for _, c := range []struct {
		h    statusbar.Header
		w    int
		want string
	}{
		{statusbar.Header{Shown: two}, 80, "online"},
		{statusbar.Header{Shown: two, Failing: 1}, 80, "1 of 2 failing"},
		{statusbar.Header{Shown: two, Failing: 2}, 80, "all failing"},
		{statusbar.Header{Shown: two[:1], Failing: 1}, 80, "failing"},
		{statusbar.Header{Shown: two, Failing: 2, Offline: true}, 80, "OFFLINE"},
		{statusbar.Header{Shown: two, AsOf: "as of 10:32"}, 60, "  hosting shop "},
		{statusbar.Header{Shown: two, AsOf: "as of 10:32", Failed: "payments failed: hosting: no answer"}, 60, "hosting shop"},
		{statusbar.Header{Shown: two, Failing: 2, AsOf: "as of 10:32", Failed: "payments failed: hosting: payment: no answer from billing.example.com"}, 80, "2 accounts  payments failed: hosting…"},
		{statusbar.Header{Shown: two, Failing: 2, AsOf: "as of 10:32", Failed: "payments failed: hosting: payment: no answer from billing.example.com"}, 80, "  as of 10:32  "},
		{statusbar.Header{Shown: two, Failing: 2, AsOf: "as of 10:32", Failed: "payments failed: hosting: payment: no answer from billing.example.com"}, 60, "  as of 10:32  all failing"},
	} {
		line := ansi.Strip(c.h.Line(look, c.w))
		if !strings.Contains(line, c.want) || view.Width(line) != c.w {
			t.Errorf("%+v at %d: %q, want %q", c.h, c.w, line, c.want)
		}
		if c.want != "online" && c.h.Failing > 0 && strings.Contains(line, "online") {
			t.Errorf("%q says online though nothing answers", line)
		}
	}
}

// What was said is cut once, and never crowded by hints that have no room.
func TestWhatWasSaidIsCutOnce(t *testing.T) {
	theme, err := themes.ByName("mono")
	if err != nil {
		t.Fatal(err)
	}
	look := view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme))
	said := statusbar.Status{Said: strings.Repeat("long ", 40), Hints: []view.Hint{{Key: "?", Text: "help"}}}
	if line := said.Lines(look, 80)[0]; strings.Count(line, "…") != 1 || view.Width(line) != 80 {
		t.Errorf("%q", line)
	}
}

// An unfinished batch is worth more than the counts of the tabs.
func TestTabsKeepTheNoteThatMatters(t *testing.T) {
	theme, err := themes.ByName("mono")
	if err != nil {
		t.Fatal(err)
	}
	look := view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme))
	tabs := []statusbar.Tab{{Key: "1", Title: "Payments", Count: 2633, On: true}, {Key: "2", Title: "Payouts", Count: 810}, {Key: "3", Title: "Contractors", Count: 160}, {Key: "4", Title: "Receipts", Count: 1229}}
	for _, c := range []struct {
		note    string
		matters bool
		has, no string
	}{
		{"J Journal ", false, "Receipts 1", "Journal"},
		{"1 unfinished batch: J ", true, "1 unfinished batch: J", "Receipts 1"},
	} {
		line := ansi.Strip(statusbar.Tabs(look, tabs, c.note, c.matters, 80))
		if !strings.Contains(line, c.has) || strings.Contains(line, c.no) || view.Width(line) != 80 {
			t.Errorf("%q has no %q, or %q", line, c.has, c.no)
		}
	}
}
