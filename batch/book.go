package batch

import (
	"fmt"
	"time"

	"bursar/providers"
)

// book is the state of one batch: the fold of its events. It is not safe for
// concurrent use; whoever holds it locks.
type book struct {
	id      string
	head    Created
	created bool
	by      string
	started time.Time

	items []*entry
	byID  map[string]*entry

	paused    bool
	stopped   string
	cancelled bool
	closed    bool
	closedAt  time.Time

	counts     map[State]int
	sums       map[State]providers.Sums
	total      providers.Sums
	reconciled int
	recent     []string
}

// entry is one item of a batch.
type entry struct {
	item       Item
	state      State
	sends      int
	reason     string
	made       providers.Ref
	candidates []providers.Ref
	reconciled bool
	sent       time.Time          // the first request
	lastSent   time.Time          // the last request, or when it was given up
	before     providers.Snapshot // as read just before the last request
	// doubtful: an earlier request has an outcome that nothing settled yet, so
	// that a later refusal does not tell that nothing was done.
	doubtful bool
	// everUnknown: some request had no answer to trust, settled or not.
	everUnknown bool

	// What follows belongs to the run of this process and is not folded.
	busy   bool
	passes int // requests in a row that certainly did nothing and may pass
	logins int // requests in a row that a login was refused for
	reads  int // readings in a row that failed
	doubts int // requests of this run without an answer to trust
}

// recentEvents is how many events Progress shows.
const recentEvents = 50

func newBook(id string) *book {
	return &book{id: id, byID: map[string]*entry{}, counts: map[State]int{}, sums: map[State]providers.Sums{}}
}

// intent is the item's intent as it is sent and read back.
func (e *entry) intent() providers.Intent {
	in := e.item.Intent
	in.Sent = e.sent
	if e.sends > 0 {
		in.Before = e.before
	}
	return in
}

// ref is the record that the item is about. For an action that creates it is
// the record made, once known.
func (e *entry) ref() providers.Ref {
	if e.item.Intent.Ref.ID == "" && e.made.ID != "" {
		return e.made
	}
	return e.item.Intent.Ref
}

// apply folds one event in. An event that makes no sense is an error: a
// journal that was read wrongly must not be acted upon.
func (b *book) apply(ev Event) error {
	if ev.Item != "" && ev.Type != EventPlanned {
		e := b.byID[ev.Item]
		if e == nil {
			return fmt.Errorf("batch %s has no item %s", b.id, ev.Item)
		}
		b.applyItem(e, ev)
		b.note(ev, e)
		return nil
	}
	switch ev.Type {
	case EventPlanned:
		return b.applyPlanned(ev)
	case EventCreated:
		if ev.Created == nil || ev.Created.Items != len(b.items) {
			return fmt.Errorf("batch %s does not hold the items it was created with", b.id)
		}
		b.created, b.head, b.by, b.started = true, *ev.Created, ev.By, ev.Time
	case EventPaused:
		b.paused = true
	case EventContinued, EventResumed:
		b.paused, b.stopped = false, ""
	case EventStopped:
		b.stopped = ev.Reason
	case EventCancelled:
		b.cancelled = true
		for _, e := range b.items {
			if e.state == StatePlanned {
				e.reason = notSent
				b.move(e, StateCancelled)
			}
		}
	case EventClosed:
		b.closed, b.closedAt = true, ev.Time
	default:
		return fmt.Errorf("batch %s has an event of unknown type %q: a newer bursar wrote it", b.id, ev.Type)
	}
	b.note(ev, nil)
	return nil
}

// notSent is the reason of what a cancel left over.
const notSent = "not sent: cancelled"

func (b *book) applyPlanned(ev Event) error {
	if ev.Planned == nil || ev.Planned.Intent.ID == "" {
		return fmt.Errorf("batch %s has a planned item without an intent", b.id)
	}
	// A start that was cut short before the batch was created is written again
	// as a whole: the later copy counts.
	if old := b.byID[ev.Planned.Intent.ID]; old != nil {
		old.item = *ev.Planned
		return nil
	}
	e := &entry{item: *ev.Planned, state: StatePlanned}
	b.items = append(b.items, e)
	b.byID[e.item.Intent.ID] = e
	amount := e.item.Intent.Amount
	b.total.Add(amount)
	b.tally(StatePlanned, amount, 1)
	return nil
}

func (b *book) applyItem(e *entry, ev Event) {
	b.closed = false
	switch ev.Type {
	case EventSending:
		e.sends++
		e.lastSent = ev.Time
		if e.sent.IsZero() {
			e.sent = ev.Time
		}
		if ev.Send != nil {
			e.before = ev.Send.Before
		}
	case EventOutcome:
		if ev.State == StateUnknown && (ev.Outcome == nil || *ev.Outcome == providers.Unknown) {
			e.doubtful, e.everUnknown = true, true
			e.lastSent = ev.Time
		}
	case EventFinding, EventAnswer:
		b.applyFinding(e, ev)
	}
	e.reason = ev.Reason
	if ev.Ref != nil {
		e.made = *ev.Ref
	}
	state := ev.State
	if b.cancelled && state == StatePlanned && ev.Type != EventAnswer {
		state = StateCancelled
		e.reason = notSent
		if ev.Reason != "" {
			e.reason += " (" + ev.Reason + ")"
		}
	}
	b.move(e, state)
}

// applyFinding folds what settles an unknown outcome.
func (b *book) applyFinding(e *entry, ev Event) {
	e.candidates = ev.Candidates
	e.everUnknown = true
	if ev.Outcome != nil && *ev.Outcome != providers.Unknown {
		e.doubtful = false
	}
}

// move puts an entry into a state and keeps the tallies.
func (b *book) move(e *entry, to State) {
	if to == "" || to == e.state {
		return
	}
	b.tally(e.state, e.item.Intent.Amount, -1)
	b.tally(to, e.item.Intent.Amount, 1)
	e.state = to
	if e.everUnknown && to.Final() && !e.reconciled {
		e.reconciled = true
		b.reconciled++
	}
}

func (b *book) tally(s State, amount providers.Money, n int) {
	b.counts[s] += n
	sums := b.sums[s]
	if n > 0 {
		sums.Add(amount)
	} else {
		sums.Take(amount)
	}
	b.sums[s] = sums
}

// note keeps the event's line for the screen, under the name that people call
// the record by.
func (b *book) note(ev Event, e *entry) {
	line := ev.Time.Local().Format("15:04:05") + " "
	if e != nil {
		name := e.ref().String()
		if e.item.Number != "" {
			name = e.ref().Account + " " + clean(e.item.Number)
		}
		line += name + " "
	}
	b.recent = append(b.recent, line+clean(ev.Text()))
	if len(b.recent) > 2*recentEvents {
		b.recent = append([]string(nil), b.recent[len(b.recent)-recentEvents:]...)
	}
}

// lostAnswer is the reason of a request whose program ended under way.
const lostAnswer = "the program ended while the request was on its way"

// recover makes every item that was on its way unknown: the program that sent
// it did not live to see the answer.
func (b *book) recover() {
	for _, e := range b.items {
		if e.state == StateSending {
			e.doubtful, e.everUnknown = true, true
			e.reason = lostAnswer
			b.move(e, StateUnknown)
		}
	}
}

// open counts what is not final.
func (b *book) open() int {
	return b.counts[StatePlanned] + b.counts[StateSending] + b.counts[StateUnknown]
}

func (b *book) summary() Summary {
	s := Summary{
		ID: b.id, Action: b.head.Action, By: b.by, Started: b.started, Planned: len(b.items),
		Applied: b.counts[StateApplied], Refused: b.counts[StateRefused], Held: b.counts[StateHeld] + b.counts[StateCancelled],
		Unknown: b.counts[StateUnknown] + b.counts[StateSending], Waiting: b.counts[StatePlanned],
		Reconciled: b.reconciled, Cancelled: b.cancelled, Sums: b.total, Stopped: b.stopped,
	}
	seen := map[string]bool{}
	for _, e := range b.items {
		if a := e.item.Intent.Ref.Account; !seen[a] {
			seen[a] = true
			s.Accounts = append(s.Accounts, a)
		}
	}
	if b.closed {
		s.Finished, s.Stopped = b.closedAt, ""
	}
	return s
}

// load folds the journal of one batch.
func load(j Journal, id string) (*book, error) {
	b := newBook(id)
	if err := j.Events(id, b.apply); err != nil {
		return nil, fmt.Errorf("the journal of batch %s cannot be read: %w", id, err)
	}
	return b, nil
}
