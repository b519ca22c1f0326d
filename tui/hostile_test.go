package tui_test

import (
	"strings"
	"testing"

	"bursar/cache/views"
	"bursar/providers"
	"bursar/tui/tuitest"
)

// hostile is what a payment system must never get onto a terminal.
const hostile = "evil\x1b]52;c;AAAA\x07\x1b[2J\x1b[31m\u202egnp\n\tx"

// Text from outside reaches the screen without a control character, wherever
// it is shown.
func TestHostileTextIsHarmless(t *testing.T) {
	desk := tuitest.NewDesk(t, tuitest.Options{})
	desk.Hosting.Put(providers.Record{
		Ref: tuitest.Ref("hosting", providers.Payment, "666"+hostile), Number: hostile, Status: providers.Status{Code: "1", Label: hostile, Phase: providers.PhaseNew},
		Amount: providers.MustMoney("1.00", "RUB"), Created: tuitest.Clock.Add(1), Updated: tuitest.Clock, Party: providers.Party{Name: hostile},
		Method: hostile, Note: hostile, Flags: []string{hostile}, Links: []providers.Link{{Rel: hostile, Ref: tuitest.Ref("shop", providers.Payment, hostile)}},
		Details: []providers.Group{{Title: hostile, Rows: []providers.Row{{Label: hostile, Value: hostile}, {Label: hostile, Value: hostile, Time: tuitest.Clock}}}},
		Raw:     []byte(`{"a":"` + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(hostile, "\x1b", `\u001b`), "\x07", `\u0007`), "\n", `\n`), "\t", `\t`) + `"}`),
	})
	desk.Hosting.Hook(func(providers.Intent) error {
		return &providers.Error{Account: "hosting", Op: "credit", Fault: providers.FaultState, Message: hostile}
	})
	if err := desk.Core.Views.Save(views.View{Name: "plain", Kind: providers.Payment, Filter: "evil"}); err != nil {
		t.Fatal(err)
	}
	desk.SyncAll(t)
	d := tuitest.Drive(t, desk, 140, 40)
	look := func(text string) {
		t.Helper()
		d.Until(text)
		for _, bad := range []string{"\x1b", "\x07", "\t", "\u202e"} {
			if strings.Contains(d.Frame(), bad) {
				t.Fatalf("%q is on the screen at %s:\n%q", bad, text, d.Frame())
			}
		}
		d.CheckFrame()
	}
	look("evil")
	d.Press("g", "enter")
	look("Links")
	d.Press("v")
	look("evil")
	d.Press("y")
	look("Copy")
	d.Press("esc", "l")
	look("Linked records")
	d.Press("esc", "esc", "c")
	look("record by record")
	d.Press("enter")
	d.Until("type the count")
	d.Type("1")
	d.Press("enter")
	look("1 refused")
	d.Press("enter")
	look("✕ refused")
	d.Press("enter")
	look("History of")
}
