package meter

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Press is what one key cost.
type Press struct {
	Bytes   int
	Latency time.Duration // from the key to the last byte of its frame
	Cells   int           // that really changed
	Text    int           // bytes of what is in those
	Floor   int           // bytes to send them
}

// Keys presses keys one by one.
type Keys struct {
	Name  string
	Press []string // pressed in turn, over and over
	// Then, when set, is pressed behind each of them and not measured: the way
	// back.
	Then string
	N    int
	// Gap is the quiet time that ends a frame, Blank how long a key may take to
	// draw anything at all.
	Gap, Blank time.Duration
	// Answer, for a program that draws by itself as well, tells the frame that
	// answers the key: the first one whose screen has another answer than the
	// screen before. Nil: all that is written until the gap is the frame.
	Answer func(*Screen) string
}

// The defaults. A frame of a slow peer pauses for a few milliseconds between
// its parts.
const (
	usualGap   = 40 * time.Millisecond
	usualBlank = 400 * time.Millisecond
	jitter     = 20 * time.Millisecond // keys must not fall into step with a frame clock
)

// Series is the cost of one kind of key.
type Series struct {
	Name    string
	Presses []Press
	Blank   int // keys that drew nothing
}

// Measure presses the keys.
func (t *Terminal) Measure(ctx context.Context, k Keys) (Series, error) {
	if k.Gap == 0 {
		k.Gap = usualGap
	}
	if k.Blank == 0 {
		k.Blank = usualBlank
	}
	if k.Answer == nil {
		if err := t.Quiet(ctx, k.Gap); err != nil {
			return Series{}, fmt.Errorf("key %s: %w", k.Name, err)
		}
	}
	s := Series{Name: k.Name}
	before := t.Show().Cells()
	for i := range k.N {
		pause := time.Duration(rand.Int64N(int64(jitter)))
		if _, err := t.wait(ctx, pause); err != nil {
			return s, fmt.Errorf("key %s: %w", k.Name, err)
		}
		p, drew, err := t.one(ctx, k, k.Press[i%len(k.Press)])
		if err != nil {
			return s, fmt.Errorf("key %s: %w", k.Name, err)
		}
		if drew {
			p.Cells, p.Text, p.Floor = Floor(before, t.Show().Cells())
			s.Presses = append(s.Presses, p)
		} else {
			s.Blank++
		}
		if k.Then != "" {
			if _, _, err := t.one(ctx, k, k.Then); err != nil {
				return s, fmt.Errorf("behind key %s: %w", k.Name, err)
			}
		}
		before = t.Show().Cells()
	}
	return s, nil
}

func (t *Terminal) one(ctx context.Context, k Keys, key string) (p Press, drew bool, err error) {
	if k.Answer != nil {
		return t.oneAmong(ctx, k, key)
	}
	t.forget()
	from := t.Bytes()
	pressed := time.Now()
	if err := t.Press(key); err != nil {
		return p, false, err
	}
	for wait := k.Blank; ; wait = k.Gap {
		came, err := t.wait(ctx, wait)
		if err != nil {
			return p, false, err
		}
		if !came {
			break
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	p.Bytes = t.bytes - from
	p.Latency = t.last.Sub(pressed)
	return p, p.Bytes > 0, nil
}

// oneAmong finds the frame that answers a key among others. The screen is
// brought up to date as it comes; times are those of the reads.
func (t *Terminal) oneAmong(ctx context.Context, k Keys, key string) (p Press, drew bool, err error) {
	before := k.Answer(t.Show())
	pressed := time.Now()
	if err := t.Press(key); err != nil {
		return p, false, err
	}
	for late := pressed.Add(k.Blank); ; {
		for rest := t.drain(); len(rest) > 0; {
			c := rest[0]
			rest = rest[1:]
			t.Screen.Write(c.data)
			p.Bytes += len(c.data)
			if c.at.After(pressed) && k.Answer(t.Screen) != before {
				t.putBack(rest)
				p.Latency = c.at.Sub(pressed)
				return p, true, nil
			}
		}
		if time.Now().After(late) {
			return p, false, nil
		}
		if _, err := t.wait(ctx, time.Until(late)); err != nil {
			return p, false, err
		}
	}
}

// Bytes and Latencies are the series' values, and Floors what each press would
// cost at least.
func (s Series) Bytes() []float64 {
	return values(s.Presses, func(p Press) float64 { return float64(p.Bytes) })
}

// Latencies are in milliseconds.
func (s Series) Latencies() []float64 {
	return values(s.Presses, func(p Press) float64 { return p.Latency.Seconds() * 1000 })
}

// Texts are the bytes of the characters that changed, and nothing else.
func (s Series) Texts() []float64 {
	return values(s.Presses, func(p Press) float64 { return float64(p.Text) })
}

// Floors are in bytes.
func (s Series) Floors() []float64 {
	return values(s.Presses, func(p Press) float64 { return float64(p.Floor) })
}

func values(presses []Press, of func(Press) float64) []float64 {
	out := make([]float64, len(presses))
	for i, p := range presses {
		out[i] = of(p)
	}
	return out
}
