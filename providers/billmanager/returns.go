package billmanager

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"bursar/providers"
)

// returnPrefix begins the number of every refund row.
const returnPrefix = "return"

// isRefund reports whether a row of the payment list is a refund: a negative
// amount with a number of that sort.
func isRefund(r row) bool {
	if !numberedReturn(r) {
		return false
	}
	m, err := parseMoney(r.text("subaccountamount_iso"))
	return err == nil && m.IsNegative()
}

func numberedReturn(r row) bool {
	number := r.text("number")
	return len(number) >= len(returnPrefix) && strings.EqualFold(number[:len(returnPrefix)], returnPrefix)
}

// returns is the panel's refund rows. A payment's row does not tell what was
// given back of it; the refund rows do, and there are few. They are read once
// and then followed: a new one always stands on the first page.
type returns struct {
	turn chan struct{} // holds one token: whoever has it may read

	mu     sync.Mutex
	byID   map[string]refund
	byTail map[string][]string // what the number names -> ids
	read   time.Time
	begun  int // readings that began
	good   int // which of them the rows are from
	// ignored is set when the panel does not filter by number, so that refunds
	// cannot be told and nothing is known about what remains.
	ignored bool
}

// refund is one refund row.
type refund struct {
	id      string
	number  string
	tail    string // the payment's number or id, as the refund's number names it
	payer   string
	amount  providers.Money // positive
	created time.Time
}

func newReturns() *returns {
	r := &returns{turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

const (
	returnsPage = 500
	// newReturnsPage is enough to see what is new since the last reading.
	newReturnsPage = 50
	// returnsFresh is how old the refund rows may be for a list; a single record
	// is always looked up anew.
	returnsFresh = 20 * time.Second
	// maxReturnPages bounds a whole reading.
	maxReturnPages = 2000
)

// refresh brings the refund rows up to date, unless they are younger than
// maxAge. Whoever waited for the turn takes what was read meanwhile, when that
// reading began behind their asking: a batch asks for each of its records.
func (c *Client) refresh(ctx context.Context, maxAge time.Duration) error {
	asked := c.returns.readings()
	select {
	case <-c.returns.turn:
		defer func() { c.returns.turn <- struct{}{} }()
	case <-ctx.Done():
		return c.http.Errorf(fnList, providers.FaultOffline, "stopped before it was sent")
	}
	known, enough := c.returns.begin(asked, func(read time.Time) bool { return maxAge > 0 && c.now().Sub(read) < maxAge })
	if enough {
		return nil
	}
	if known != nil {
		if done, err := c.follow(ctx, known); done || err != nil {
			return err
		}
	}
	seen := map[string]refund{}
	for page := 1; page <= maxReturnPages; page++ {
		rows, got, err := c.readReturns(ctx, cursor{page: page, size: returnsPage})
		if err != nil {
			return err
		}
		if rows == nil {
			c.returns.set(map[string]refund{}, c.now(), true)
			return nil
		}
		maps.Copy(seen, rows)
		if merged := with(known, seen); known != nil && got.total == len(merged) {
			c.returns.set(merged, c.now(), false)
			return nil
		}
		if !got.more {
			break
		}
	}
	c.returns.set(seen, c.now(), false)
	return nil
}

// follow looks at the newest refund rows only: with those, it may have all that
// the panel counts.
func (c *Client) follow(ctx context.Context, known map[string]refund) (done bool, err error) {
	rows, got, err := c.readReturns(ctx, cursor{page: 1, size: newReturnsPage})
	if err != nil || rows == nil {
		return false, err
	}
	merged := with(known, rows)
	if got.total != len(merged) {
		return false, nil
	}
	c.returns.set(merged, c.now(), false)
	return true, nil
}

// readReturns reads one page of refund rows; nil when the panel does not filter
// by number.
func (c *Client) readReturns(ctx context.Context, at cursor) (map[string]refund, listed, error) {
	f := emptyFilter()
	f.Set("number", returnPrefix+"*")
	got, err := c.page(ctx, f, at)
	if err != nil {
		return nil, got, err
	}
	if slices.ContainsFunc(got.rows, func(r row) bool { return !numberedReturn(r) }) {
		return nil, got, nil
	}
	rows := make(map[string]refund, len(got.rows))
	for _, r := range got.rows {
		if f := c.refundOf(r); f.id != "" {
			rows[f.id] = f
		}
	}
	return rows, got, nil
}

// with is what is known and what was seen now, which counts.
func with(known, seen map[string]refund) map[string]refund {
	merged := make(map[string]refund, len(known)+len(seen))
	maps.Copy(merged, known)
	maps.Copy(merged, seen)
	return merged
}

func (c *Client) refundOf(r row) refund {
	f := refund{id: r.text("id"), number: r.text("number"), payer: r.text("sender_id"), created: c.date(r.text("create_date"))}
	if numberedReturn(r) {
		f.tail = strings.TrimLeft(f.number[len(returnPrefix):], " /-_#№:")
	}
	if m, err := parseMoney(r.text("subaccountamount_iso")); err == nil && m.IsNegative() {
		f.amount = providers.Money{Decimal: m.Neg(), Currency: m.Currency}
	}
	return f
}

// readings is how many readings began so far.
func (s *returns) readings() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun
}

// begin begins a reading and gives what is known already, unless that is from a
// reading that began later than asked, or young enough.
func (s *returns) begin(asked int, young func(read time.Time) bool) (known map[string]refund, enough bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID != nil && (s.good > asked || young(s.read)) {
		return s.byID, true
	}
	s.begun++
	return s.byID, false
}

// expire makes the next list look again.
func (s *returns) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read, s.good = time.Time{}, 0
}

// set replaces the rows; the map is not changed afterwards.
func (s *returns) set(rows map[string]refund, at time.Time, ignored bool) {
	tails := map[string][]string{}
	for id, f := range rows {
		if f.tail != "" && f.amount.IsPositive() {
			tails[f.tail] = append(tails[f.tail], id)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID, s.byTail, s.read, s.ignored, s.good = rows, tails, at, ignored, s.begun
}

// of lists a payment's refunds, newest first, and whether the panel tells them
// at all. A refund is the payment's when its number names the payment's number
// or id and payer and currency agree.
func (s *returns) of(id, number, payer, currency string) ([]refund, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil || s.ignored {
		return nil, false
	}
	ids := s.byTail[id]
	if number != "" && number != id {
		ids = slices.Concat(ids, s.byTail[number])
	}
	var out []refund
	for _, rid := range ids {
		f := s.byID[rid]
		if f.amount.Currency == currency && (f.payer == payer || f.payer == "" || payer == "") && rid != id {
			out = append(out, f)
		}
	}
	newestFirst(out)
	return out, true
}

// loose lists a payer's refunds whose numbers name nothing that of would find
// under the given names.
func (s *returns) loose(id, number, payer, currency string) []refund {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []refund
	for _, f := range s.byID {
		if payer != "" && f.payer == payer && f.amount.Currency == currency && f.amount.IsPositive() && f.tail != id && f.tail != number {
			out = append(out, f)
		}
	}
	newestFirst(out)
	return out
}

// count is how many refund rows there are, -1 when the panel does not tell.
func (s *returns) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil || s.ignored {
		return -1
	}
	n := 0
	for _, f := range s.byID {
		if f.amount.IsPositive() {
			n++
		}
	}
	return n
}

// newestFirst sorts by id, which panels count up.
func newestFirst(list []refund) {
	slices.SortFunc(list, func(a, b refund) int {
		x, errX := strconv.ParseInt(a.id, 10, 64)
		y, errY := strconv.ParseInt(b.id, 10, 64)
		if errX != nil || errY != nil {
			return cmp.Compare(b.id, a.id)
		}
		return cmp.Compare(y, x)
	})
}
