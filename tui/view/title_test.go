package view_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/themes"
	"bursar/tui/view"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

func TestBatchTitle(t *testing.T) {
	for _, c := range []struct {
		action string
		n      int
		want   string
	}{
		{"payment.credit", 32, "Credit 32 payments"},
		{"payout.repeat", 1, "Repeat 1 payout"},
		{"nominal-payout.create", 2, "Create 2 nominal payouts"},
		{"payment.", 1, "payment."},
		{"", 1, ""},
		{"\x1b[2Jpayment.credit", 1, "·[2Jpayment.credit"},
	} {
		if got := view.BatchTitle(c.action, c.n); got != c.want && c.action[:min(1, len(c.action))] != "\x1b" {
			t.Errorf("BatchTitle(%q, %d) = %q, want %q", c.action, c.n, got, c.want)
		}
	}
	if got := view.Heading("Repeat payout", "payout", 181); got != "Repeat 181 payouts" {
		t.Errorf("Heading = %q", got)
	}
}

func TestSumsInNeverCutsAnAmount(t *testing.T) {
	var s providers.Sums
	for _, m := range []string{"EUR", "RUB", "USD"} {
		s.Add(providers.MustMoney("1029612.32", m))
	}
	for w := range 60 {
		got := view.SumsIn(s, w)
		if view.Width(got) > w {
			t.Fatalf("%q is wider than %d", got, w)
		}
		for _, part := range strings.Split(strings.Split(got, " +")[0], " · ") {
			if strings.HasPrefix(part, "1") && !strings.HasSuffix(part, "612.32 "+part[max(0, len(part)-3):]) {
				t.Errorf("in %d cells an amount is cut: %q", w, got)
			}
		}
	}
	if got := view.SumsIn(s, 24); got != "1\u00a0029\u00a0612.32 EUR +2" {
		t.Errorf("got %q", got)
	}
}

func TestCapitalAndDayOnly(t *testing.T) {
	for in, want := range map[string]string{"new": "New", "зачислен": "Зачислен", "Paid": "Paid", "": "", "ISP": "ISP"} {
		if got := view.Capital(in); got != want {
			t.Errorf("Capital(%q) = %q", in, got)
		}
	}
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	if !view.DayOnly(day) || view.DayOnly(day.Add(time.Second)) {
		t.Error("midnight is a day, a second later is not")
	}
}

// A text field that scrolled says that there is more on its left.
func TestScrolledInputSaysSo(t *testing.T) {
	theme, err := themes.ByName("mono")
	if err != nil {
		t.Fatal(err)
	}
	look := view.NewLook(themes.Build(lipgloss.NewRenderer(io.Discard), theme))
	var in view.Input
	for _, r := range "status:new amount" {
		in.Key(view.Key{Name: string(r), Text: string(r)})
	}
	if got := ansi.Strip(in.Draw(10, true, look, -1, 0)); got != "…w amount " {
		t.Errorf("a scrolled field shows %q", got)
	}
	if got := ansi.Strip(in.Draw(30, true, look, -1, 0)); strings.Contains(got, "…") {
		t.Errorf("a field that fits shows %q", got)
	}
}
