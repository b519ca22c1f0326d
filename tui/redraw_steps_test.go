package tui_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/tuitest"
)

// step is one thing that happens to the screen. It says all by itself what it
// does, so that any of them can be left out of a run.
type step struct {
	do   string
	text string
	n, m int
	rest int // milliseconds that pass behind it
}

func (s step) String() string {
	return fmt.Sprintf("{%q, %q, %d, %d, %d},", s.do, s.text, s.n, s.m, s.rest)
}

// deeds are what steps do.
var deeds = map[string]func(*stage, step){
	"key":   func(s *stage, st step) { s.send(tuitest.Key(st.text)) },
	"burst": func(s *stage, st step) { s.send(tuitest.Key(st.text)) }, // a slow line brings several letters at once
	"paste": func(s *stage, st step) { s.send(tuitest.Pasted(st.text)) },
	"resize": func(s *stage, st step) {
		s.resize(st.n, st.m)
		s.told()
	},
	"resize unseen": func(s *stage, st step) { // frames come before the news does
		s.resize(st.n, st.m)
		s.draw()
	},
	"told":   func(s *stage, _ step) { s.told() },
	"wait":   func(s *stage, st step) { s.pass(time.Duration(st.n) * time.Millisecond) },
	"lag":    func(s *stage, _ step) { s.lag = true },
	"no lag": func(s *stage, _ step) { s.lag = false },
	"tick":   func(s *stage, _ step) { s.idle.Frame(" ") },
	"put":    func(s *stage, st step) { s.put(st.n, st.m) },
	"remove": func(s *stage, st step) { _ = s.desk.Store.Remove(anyRow(st.n, st.m).Ref) },
	"state":  func(s *stage, st step) { s.state(st) },
	"sync":   func(s *stage, st step) { s.sync(st) },
	"hold":   func(s *stage, _ step) { s.hold() },
	"free": func(s *stage, _ step) {
		if s.free != nil {
			s.free()
			s.free = nil
		}
	},
	"refuse": func(s *stage, st step) { s.refuse(st.n) },
	"batch":  func(s *stage, st step) { s.batch(st.text) },
}

// anyRow is the n-th row of the hosting panel, in the m-th of its shapes.
func anyRow(n, m int) providers.Record {
	rare := rareRows()
	r := rare[(m+len(rare)*100)%len(rare)]
	r.Ref = tuitest.Ref("hosting", providers.Payment, fmt.Sprint(40000-n))
	r.Number = fmt.Sprintf("P-%d", 40000-n)
	r.Created = tuitest.Clock.Add(-time.Duration(n) * 2 * time.Hour)
	r.Updated = tuitest.Clock.Add(time.Duration(m) * time.Minute)
	return r
}

// put writes count rows from the n-th on, as a sync does.
func (s *stage) put(n, count int) {
	var recs []providers.Record
	for i := range max(1, count) {
		recs = append(recs, anyRow(n+i, n+i+s.puts))
	}
	s.puts++
	_, _ = s.desk.Store.Put(tuitest.Clock.Add(time.Duration(s.puts)*time.Second), recs...)
}

func (s *stage) state(st step) {
	account := []string{"hosting", "shop"}[st.n%2]
	now := cache.SyncState{Account: account, Kind: providers.Payment, Complete: st.m%2 == 0, Running: st.m%3 == 0, Finished: tuitest.Clock.Add(-time.Duration(st.m) * time.Minute)}
	if st.text != "" {
		now.Err, now.ErrAt = st.text, tuitest.Clock
	}
	_ = s.desk.Store.SetState(now)
}

// sync reads an account's list, which fails when there is a text.
func (s *stage) sync(st step) {
	s.desk.Hosting.Put(anyRow(st.n, st.m))
	if st.text != "" {
		s.desk.Hosting.Fail(errors.New(st.text))
		defer s.desk.Hosting.Fail(nil)
	}
	_ = s.desk.Sync.RunOnce(s.desk.Ctx, "hosting", providers.Payment)
}

func (s *stage) hold() {
	if s.free == nil {
		s.free = s.desk.Hosting.Hold()
	}
}

// refuse makes every n-th act fail, one way or another; 0 lets all pass.
func (s *stage) refuse(n int) {
	s.desk.Hosting.Hook(func(in providers.Intent) error {
		if n == 0 || len(s.desk.Hosting.Acts())%n > 0 {
			return nil
		}
		fault := []providers.Fault{providers.FaultState, providers.FaultTimeout, providers.FaultOffline}[len(in.Ref.ID)%3]
		return &providers.Error{Account: "hosting", Op: in.Action, Fault: fault, Message: "не сейчас: \u202e世界"}
	})
}

var asked = regexp.MustCompile(`type the (?:count|sum in RUB), ([0-9.\x{a0}]+)`)

// batch filters, marks all and credits them, as far as the screen lets it.
func (s *stage) batch(filter string) {
	lag := s.lag
	s.lag = false
	defer func() { s.lag = lag }()
	for range 6 {
		s.send(tuitest.Key("esc"))
	}
	s.press("1", "/")
	for _, r := range filter {
		s.press(string(r))
	}
	s.press("enter", "-", "*", "c", "enter")
	for range 2 {
		m := asked.FindStringSubmatch(bare(s.view))
		if m == nil {
			return
		}
		for _, r := range strings.ReplaceAll(m[1], "\u00a0", "") {
			s.press(string(r))
		}
		s.press("enter")
	}
}

// press presses keys and waits for what they bring.
func (s *stage) press(keys ...string) {
	for _, k := range keys {
		s.take()
		s.pass(200 * time.Millisecond)
		s.take()
		s.send(tuitest.Key(k))
	}
	s.settle()
}

// steps makes the n steps of a seed for a screen of that size.
func steps(r *rand.Rand, n, w, h int) []step {
	var out []step
	for len(out) < n {
		for _, st := range chance(r, w, h) {
			if st.rest = 0; r.IntN(3) == 0 {
				st.rest = r.IntN(40)
			}
			out = append(out, st)
		}
	}
	return out[:n]
}
