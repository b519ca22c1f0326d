package tui_test

import (
	"errors"
	"fmt"
	"testing"

	"bursar/providers"
	"bursar/tui/tuitest"
)

// sizes are the terminals that every screen is drawn for.
var sizes = []struct{ w, h int }{{60, 15}, {80, 24}, {140, 40}, {200, 50}}

// frames are the screens: what is pressed to get there, and what to wait for.
var frames = []struct {
	name  string
	opts  tuitest.Options
	setup func(*testing.T, *tuitest.Desk)
	play  func(*tuitest.Driver)
}{
	{"list", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("j", "space", "space")
		d.Until("2 marked")
	}},
	{"detail", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("j", "j", "j", "j", "j", "enter")
		d.Until("credited  by operator")
	}},
	{"preview", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("/")
		d.Type("created:yesterday account:hosting")
		d.Press("enter")
		d.Until("12 of 66")
		d.Press("*", "c")
		d.Until("goes on to the typed")
	}},
	{"confirm", tuitest.Options{Live: true}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("*", "c")
		d.Until("Which one")
		d.Press("enter")
		d.Until("goes on to the typed")
		d.Press("enter")
		d.Until("type the count")
	}},
	{"run", tuitest.Options{Workers: 1}, func(t *testing.T, d *tuitest.Desk) {
		t.Cleanup(d.Hosting.Hold())
	}, func(d *tuitest.Driver) {
		d.Until("P-40000")
		credit(d, "created:yesterday status:new", "9")
		d.Until("on its way       1")
	}},
	{"journal", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		credit(d, "created:yesterday status:new", "9")
		d.Until("9 of 9")
		d.Until("9 applied")
		d.Press("J")
		d.Until("done")
	}},
	{"report", tuitest.Options{}, func(_ *testing.T, d *tuitest.Desk) {
		d.Hosting.Hook(func(in providers.Intent) error {
			if in.Ref.ID == "39993" {
				return &providers.Error{Account: "hosting", Op: "payment.setpaid", Fault: providers.FaultTimeout, Message: "no answer within 30 s"}
			}
			return nil
		})
	}, func(d *tuitest.Driver) {
		d.Until("P-40000")
		credit(d, "created:yesterday status:new", "9")
		d.Until("8 applied, 1 unknown")
		d.Press("enter")
		d.Until("! unknown")
	}},
	{"help", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("?")
		d.Until("In short")
	}},
	{"palette", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press(":")
		d.Type("ref")
		d.Until("refunds")
	}},
	{"form", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("2")
		d.Until("701")
		d.Press("n")
		d.Until("New payout")
		d.Type("+7999")
		d.Press("tab")
		d.Type("12,5")
		d.Press("tab")
	}},
	{"empty", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("/")
		d.Type("nobody is called that")
		d.Press("enter")
		d.Until("nothing matches “nobody is called that”")
	}},
	{"never", tuitest.Options{Empty: true}, nil, func(d *tuitest.Driver) { d.Until("were never fetched") }},
	{"error", tuitest.Options{Empty: true}, func(t *testing.T, d *tuitest.Desk) {
		d.Hosting.Fail(&providers.Error{Account: "hosting", Op: "payment", Fault: providers.FaultAuth, Message: "the password is wrong"})
		d.Shop.Fail(&providers.Error{Account: "shop", Op: "GET /payments", Fault: providers.FaultOffline, Message: "connection refused"})
		d.SyncAll(t)
	}, func(d *tuitest.Driver) {
		d.Until("could not be fetched")
		d.Until("payments failed")
	}},
	{"badfilter", tuitest.Options{}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("/")
		d.Type("account:shop")
		d.Until("6 of 66")
		d.Paste(" amount>lots") // at once: what matches in between is chance
		d.Until("is not an amount")
	}},
	{"offline", tuitest.Options{Offline: true}, nil, func(d *tuitest.Driver) {
		d.Until("P-40000")
		d.Press("c")
		d.Until("cannot be sent now: offline")
	}},
	{"unread", tuitest.Options{}, func(_ *testing.T, d *tuitest.Desk) {
		d.Core.Notices = []string{errors.New("the cache was damaged: it was moved aside to cache.damaged-20261122 and is being fetched anew").Error()}
	}, func(d *tuitest.Driver) { d.Until("P-40000") }},
}

// credit filters, marks all, and confirms a credit by its count.
func credit(d *tuitest.Driver, filter, count string) {
	d.Press("/")
	d.Type(filter)
	d.Press("enter")
	d.Press("*", "c")
	d.Until("goes on to the typed")
	d.Press("enter")
	d.Until("type ")
	d.Type(count)
	d.Press("enter")
}

func TestGoldenFrames(t *testing.T) {
	for _, f := range frames {
		for _, s := range sizes {
			t.Run(fmt.Sprintf("%s at %dx%d", f.name, s.w, s.h), func(t *testing.T) {
				desk := tuitest.NewDesk(t, f.opts)
				if f.setup != nil {
					f.setup(t, desk)
				}
				d := tuitest.Drive(t, desk, 140, 40)
				if !f.opts.Empty {
					d.Until("1 Payments 66")
				}
				f.play(d)
				d.Resize(s.w, s.h)
				d.Golden(fmt.Sprintf("%s_%dx%d", f.name, s.w, s.h))
			})
		}
	}
}

func TestTooSmall(t *testing.T) {
	d := tuitest.Drive(t, tuitest.NewDesk(t, tuitest.Options{}), 20, 5)
	d.Golden("small_20x5")
}
