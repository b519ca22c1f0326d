package batch

// queue holds the items of an account that wait for a worker, in their order.
// An item whose party is being paid just then waits aside, so that a batch of
// thousands for one party is not looked through again and again. Each step costs
// the same however many wait.
type queue struct {
	turn  func(*entry) string // the party whose payouts follow one another; "" has none
	front []*entry            // taken before the others, the last one first
	back  []*entry
	aside map[string][]*entry
	taken map[string]bool // parties that are being paid
	n     int
}

func newQueue(turn func(*entry) string) *queue {
	return &queue{turn: turn, aside: map[string][]*entry{}, taken: map[string]bool{}}
}

// len is how many wait.
func (q *queue) len() int { return q.n }

// push takes an item behind the others.
func (q *queue) push(e *entry) {
	q.back = append(q.back, e)
	q.n++
}

// pop takes the first item whose party is not being paid; nil when there is none.
func (q *queue) pop() *entry {
	for {
		e := q.shift()
		if e == nil {
			return nil
		}
		turn := q.turn(e)
		if turn != "" && q.taken[turn] {
			q.aside[turn] = append(q.aside[turn], e)
			continue
		}
		if turn != "" {
			q.taken[turn] = true
		}
		q.n--
		return e
	}
}

func (q *queue) shift() (e *entry) {
	switch {
	case len(q.front) > 0:
		last := len(q.front) - 1
		e, q.front[last], q.front = q.front[last], nil, q.front[:last]
	case len(q.back) > 0:
		e, q.back[0], q.back = q.back[0], nil, q.back[1:]
	}
	return e
}

// done gives the turn of an item that was popped to the next of its party. Again
// puts the item itself before all others.
func (q *queue) done(e *entry, again bool) {
	turn := q.turn(e)
	delete(q.taken, turn)
	if again {
		q.front = append(q.front, e)
		q.n++
		return
	}
	q.call(turn)
}

// call brings the next of a party from aside.
func (q *queue) call(turn string) {
	next := q.aside[turn]
	if len(next) == 0 {
		return
	}
	q.front = append(q.front, next[0])
	if q.aside[turn] = next[1:]; len(next) == 1 {
		delete(q.aside, turn)
	}
}

// each visits all that wait.
func (q *queue) each(visit func(*entry)) {
	lists := [][]*entry{q.front, q.back}
	for _, waiting := range q.aside {
		lists = append(lists, waiting)
	}
	for _, list := range lists {
		for _, e := range list {
			visit(e)
		}
	}
}

// remove takes an item out and reports whether it was there.
func (q *queue) remove(e *entry) bool {
	before := q.n
	q.keep(func(o *entry) bool { return o != e })
	return q.n < before
}

// keep leaves those that it says yes to.
func (q *queue) keep(yes func(*entry) bool) {
	before := q.n
	q.n = 0
	filter := func(in []*entry) []*entry {
		out := in[:0:0]
		for _, e := range in {
			if yes(e) {
				out = append(out, e)
			}
		}
		q.n += len(out)
		return out
	}
	q.front, q.back = filter(q.front), filter(q.back)
	for turn, waiting := range q.aside {
		if q.aside[turn] = filter(waiting); len(q.aside[turn]) == 0 {
			delete(q.aside, turn)
		}
	}
	if q.n == before {
		return
	}
	for turn := range q.aside { // the one that was to call them may be gone
		if !q.taken[turn] {
			q.call(turn)
		}
	}
}
