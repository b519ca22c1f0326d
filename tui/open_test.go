package tui_test

import (
	"errors"
	"testing"

	"bursar/tui"
	"bursar/tui/tuitest"
)

// late is a desk whose journal is opened behind the first rows, when open is
// closed, and how often it was asked for.
func late(t *testing.T, o tuitest.Options) (desk *tuitest.Desk, open chan struct{}, asked *int) {
	t.Helper()
	desk = tuitest.NewDesk(t, o)
	engine := desk.Core.Engine
	open, asked = make(chan struct{}), new(int)
	desk.Core.Engine = nil
	desk.Core.Open = func() (tui.Opened, error) {
		*asked++
		select {
		case <-open:
			return tui.Opened{Engine: engine, Notices: []string{"a notice of the journal"}}, nil
		case <-desk.Ctx.Done():
			return tui.Opened{}, errors.New("the test is over")
		}
	}
	return desk, open, asked
}

// Rows do not wait for the journal; what needs it does, and nothing can be sent
// before.
func TestRowsComeBeforeTheJournal(t *testing.T) {
	desk, open, asked := late(t, tuitest.Options{})
	d := tuitest.Drive(t, desk, 120, 40)
	d.Until("P-40000")
	d.Press("/")
	d.Type("status:new created:yesterday")
	d.Press("enter")
	d.Until("9 of 66")
	d.Press("*", "c")
	close(open)
	d.Until("goes on to the typed")
	d.Press("enter")
	d.Until("type the count, 9")
	d.Type("9")
	d.Press("enter")
	d.Until("all 9 were applied")
	d.Until("a notice of the journal")
	if *asked != 1 {
		t.Errorf("opened %d times", *asked)
	}
}

// The journal is on its way as long as it is being opened; it is not missing.
func TestTheJournalOfAScreenThatJustBegan(t *testing.T) {
	desk, open, _ := late(t, tuitest.Options{})
	d := tuitest.Drive(t, desk, 120, 40)
	d.Until("P-40000")
	d.Press("J")
	d.Until("reading the journal")
	close(open)
	d.Until("no batch was started yet")
}

// What a killed program left is offered as soon as the journal is open.
func TestInterruptedBatchIsOfferedBehindTheRows(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	release := desk.Hosting.Hold()
	defer release()
	credit(d, "status:new created:yesterday", "9")
	d.Until("on its way       2")
	desk.Journal.Kill(desk.Journal.Calls()+1, false, nil)

	next, open, _ := late(t, tuitest.Options{Journal: tuitest.Revive(desk.Journal)})
	d = tuitest.Drive(t, next, 120, 40)
	d.Until("P-40000")
	close(open)
	d.Until("1 batch was interrupted")
}
