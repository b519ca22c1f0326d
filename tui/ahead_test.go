package tui_test

import (
	"strings"
	"testing"

	"bursar/cache/views"
	"bursar/providers"
	"bursar/tui/tuitest"
)

// Keys typed behind a far move are for the row that it goes to, however late its
// rows come.
func TestKeysTypedAheadOfAFarMove(t *testing.T) {
	_, d := drive(t, tuitest.Options{Payments: 2000})
	d.Stall()
	before := d.Frame()
	d.Press("G", "k", "space", "G")
	if d.Frame() != before {
		t.Fatalf("a key acted on a row that nobody saw:\n%s", d.Frame())
	}
	d.Resume()
	d.Until("1 marked")
	if marked := lineWith(d.Frame(), "● "); !strings.Contains(marked, "P-38002") {
		t.Errorf("marked is %q, not the last but one", marked)
	}
	d.Press("-", "g", "c")
	d.Until("can     P-40000")
}

// A burst over a slow line is no other than keys one by one.
func TestABurstOverAFarMove(t *testing.T) {
	desk, d := drive(t, tuitest.Options{Payments: 2000})
	d.Stall()
	d.Press("Gc")
	if strings.Contains(d.Frame(), "Credit") {
		t.Fatalf("the dialog is for a row that nobody saw:\n%s", d.Frame())
	}
	d.Resume()
	d.Until("can     P-38001")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Errorf("%d were sent", n)
	}
}

// Esc gives up what keys wait for.
func TestEscStopsAFarMove(t *testing.T) {
	_, d := drive(t, tuitest.Options{Payments: 2000})
	d.Stall()
	d.Press("G", "esc")
	d.Until("stopped: nothing was done")
	d.Press("space")
	d.Until("1 marked")
	d.Press("*", "esc")
	d.Until("stopped: nothing was done")
	d.Resume()
	d.Until("1 marked")
	if marked := lineWith(d.Frame(), "● "); !strings.Contains(marked, "P-40000") {
		t.Errorf("marked is %q", marked)
	}
}

// What was typed ahead of rows that do not come does nothing: it was not meant
// for those still shown.
func TestKeysAheadOfAnErrorAreDropped(t *testing.T) {
	desk := tuitest.NewDesk(t, tuitest.Options{})
	if err := desk.Core.Views.Save(views.View{Name: "wrong", Kind: providers.Payment, Filter: "amount>lots"}); err != nil {
		t.Fatal(err)
	}
	d := tuitest.Drive(t, desk, 120, 40)
	d.Until("P-40000")
	d.Press("f")
	d.Until("wrong")
	d.Stall()
	d.Press("enter", "c")
	d.Resume()
	d.Until("is not an amount")
	if strings.Contains(d.Frame(), "Credit") {
		t.Errorf("a key acted on the rows of before:\n%s", d.Frame())
	}
}

func lineWith(frame, text string) string {
	for line := range strings.SplitSeq(frame, "\n") {
		if strings.Contains(line, text) && !strings.Contains(line, "marked") {
			return line
		}
	}
	return ""
}
