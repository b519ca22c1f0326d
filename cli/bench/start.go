package bench

import (
	"context"
	"time"

	"bursar/cli/bench/meter"
)

// startFigures are the times from a start to the first useful text, in ms. What
// failed has no time.
type startFigures struct{ atOnce, late, never, htop Figure }

// lateReply is how long a terminal at the end of a slow line takes to answer.
const lateReply = 300 * time.Millisecond

// start is one way to start something.
type start struct {
	figure *Figure
	text   string
	open   func() (*meter.Terminal, error)
	took   []float64
}

// starts measures all ways in turn, so that they see the same machine.
func (b *bench) starts(ctx context.Context) (f startFigures, err error) {
	b.say("starts, with a terminal that answers at once, late and never")
	first, err := b.newest()
	if err != nil {
		return f, err
	}
	desk := func(reply time.Duration) func() (*meter.Terminal, error) {
		return func() (*meter.Terminal, error) { return b.full().screen(reply, "--offline") }
	}
	ways := []start{
		{figure: &f.atOnce, text: first, open: desk(0)},
		{figure: &f.late, text: first, open: desk(lateReply)},
		{figure: &f.never, text: first, open: desk(meter.Never)},
		{figure: &f.htop, text: "PID", open: func() (*meter.Terminal, error) {
			htop, err := installed("htop")
			if err != nil {
				return nil, err
			}
			return b.terminal(0, htop)
		}},
	}
	for range rounds {
		for i := range ways {
			w := &ways[i]
			if w.figure.Err != nil {
				continue
			}
			ms, err := firstText(ctx, w.text, w.open)
			w.took, w.figure.Err = append(w.took, ms), err
		}
	}
	for _, w := range ways {
		*w.figure = millisOf(meter.Median(w.took)).or(w.figure.Err)
	}
	return f, nil
}

// firstText is the time from the start to a text on the screen.
func firstText(ctx context.Context, text string, open func() (*meter.Terminal, error)) (ms float64, err error) {
	t, err := open()
	if err != nil {
		return 0, err
	}
	defer t.Close("q")
	at, err := t.Until(ctx, text, func(s *meter.Screen) bool { return s.Shows(text) })
	if err != nil {
		return 0, err
	}
	return at.Sub(t.Started).Seconds() * 1000, t.Quiet(ctx, settled)
}
