package tui_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"bursar/tui/tuitest"
)

// preview goes to the preview of crediting the payment under the cursor.
func preview(d *tuitest.Driver) {
	d.Press("c")
	d.Until("record by record")
}

// Keys that were typed before a dialog could be seen do nothing in it.
func TestEarlyKeysAreDropped(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Hold()
	preview(d)
	d.Press("enter", "1", "enter", "enter")
	d.Until("goes on to the typed") // still the preview
	d.Release()
	d.Press("enter")
	d.Until("type the count")
	d.Hold()
	d.Press("esc", "enter", "1", "enter")
	d.Release()
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent by keys typed too early", n)
	}
}

// However often the key that opened a dialog repeats, nothing is confirmed.
func TestTheOpeningKeyNeverConfirms(t *testing.T) {
	for _, key := range []string{"c", "d", "u", "x", "a", "enter", "n", "J"} {
		desk, d := drive(t, tuitest.Options{})
		for range 50 {
			d.Press(key)
		}
		d.Until("bursar")
		if n := len(desk.Hosting.Acts()) + len(desk.Shop.Acts()) + len(desk.Field.Acts()); n != 0 {
			t.Errorf("%q fifty times sent %d", key, n)
		}
	}
}

// Enter without a typed count cancels.
func TestTheDefaultIsCancel(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	preview(d)
	d.Press("enter")
	d.Until("type the count")
	d.Press("enter")
	d.Until("not confirmed: nothing was sent")
	d.Press("esc")
	d.Until("cancelled: nothing was sent")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent", n)
	}
}

func TestPasteNeverActs(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Paste("*c")
	d.Until("a paste does nothing here")
	if strings.Contains(d.Frame(), "marked") {
		t.Error("a paste marked records")
	}
	preview(d)
	d.Press("enter")
	d.Until("type the count")
	d.Paste("1")
	d.Until("a paste confirms nothing")
	d.Press("enter")
	d.Until("not confirmed")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent by a paste", n)
	}
}

func TestPasteGoesIntoTextFields(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Paste("account:shop\n")
	d.Until("6 of 66")
}

// Over a slow line several keys arrive as one message.
func TestBurstsAreSplit(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("jj ")
	d.Until("1 marked")
	d.Press("-/account:shop")
	d.Until("6 of 66")
}

func TestCyrillicLayout(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("о", "о", "space") // j
	d.Until("1 marked")
	d.Press("с") // c
	d.Until("Credit 1 payment")
}

func TestOfflineRefusesToSend(t *testing.T) {
	desk, d := drive(t, tuitest.Options{Offline: true})
	preview(d)
	d.Until("cannot be sent now: offline")
	d.Press("enter", "1", "enter")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent offline", n)
	}
}

func TestReadOnlyRefusesToSend(t *testing.T) {
	desk := tuitest.NewDesk(t, tuitest.Options{})
	desk.Core.ReadOnly = true
	d := tuitest.Drive(t, desk, 100, 30)
	d.Until("P-40000")
	preview(d)
	d.Until("cannot be sent now: this session is read-only")
	d.Press("enter", "1", "enter")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent read-only", n)
	}
}

func TestWithoutAJournalListsWork(t *testing.T) {
	desk := tuitest.NewDesk(t, tuitest.Options{})
	desk.Core.Engine, desk.Core.NoEngine = nil, "the journal is in use by bursar (pid 123): batches are not available here"
	d := tuitest.Drive(t, desk, 120, 30)
	d.Until("P-40000")
	preview(d)
	d.Until("cannot be sent now: the journal is in use")
	d.Press("esc", "J")
	d.Until("the journal is in use by bursar")
}

// keysForFuzz is everything an operator may hit.
var keysForFuzz = strings.Split("j k g G space V * - i c d u x a l y Y e E n D s S f / t ? : J r R enter esc tab shift+tab up down left right backspace pgdown pgup home end ctrl+d ctrl+u ctrl+s 1 2 3 4 5 9 0 p v w A ] [ ф ы", " ")

// Whatever is pressed at whatever size, there is a whole frame and no panic.
func TestAnyKeyAtAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	_, d := drive(t, tuitest.Options{Payments: 600})
	for i := range 3000 {
		if r.IntN(4) == 0 {
			d.Resize(1+r.IntN(300), 1+r.IntN(100))
		}
		d.Press(keysForFuzz[r.IntN(len(keysForFuzz))])
		d.CheckFrame()
		if i%500 == 499 {
			d.Resize(120, 40)
		}
	}
}
