package billmanager

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bursar/providers"
)

// listed is one page of the panel's list.
type listed struct {
	rows  []row
	total int // -1: the panel did not say
	more  bool
}

// page reads one page of the panel's list, newest first, with the whole filter.
func (c *Client) page(ctx context.Context, filter url.Values, cur cursor) (listed, error) {
	params := url.Values{"p_num": {strconv.Itoa(cur.page)}, "p_cnt": {strconv.Itoa(cur.size)}, "p_col": {"-id"}}
	for name, v := range filter {
		params[name] = v
	}
	doc, err := c.call(ctx, fnList, params, false)
	if err != nil {
		return listed{}, err
	}
	if !doc.has("elem") && !doc.has("p_elems") && doc.text("$func") != fnList {
		// An empty list says so. Anything else must not pass for one: records
		// would seem to have vanished.
		return listed{}, c.http.Errorf(fnList, providers.FaultProtocol, "the panel answered with something that is no list of payments")
	}
	out := listed{rows: doc.rows(), total: -1}
	if n, err := strconv.Atoi(doc.text("p_elems")); err == nil && n >= 0 {
		out.total = n
	}
	size := cur.size // a panel may give shorter pages than it was asked for
	if n, err := strconv.Atoi(doc.text("p_cnt")); err == nil && n > 0 && n < size {
		size = n
	}
	out.more = len(out.rows) >= size && (out.total < 0 || cur.page*size < out.total)
	return out, nil
}

// List reads one page, newest first. Refunds stand in the same list of the
// panel; the kind payment leaves them out.
func (c *Client) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	if !slices.Contains(c.Kinds(), q.Kind) {
		return providers.Page{}, c.http.Errorf(fnList, providers.FaultInput, "the panel has no %s", q.Kind.Plural())
	}
	if !q.Of.IsZero() {
		return c.listOf(ctx, q)
	}
	if len(q.IDs) > 0 {
		return c.listIDs(ctx, q)
	}
	filter, err := c.filterOf(q)
	if err != nil {
		return providers.Page{}, err
	}
	cur, err := c.cursorOf(q)
	if err != nil {
		return providers.Page{}, err
	}
	if q.Kind == providers.Payment {
		if err := c.refresh(ctx, returnsFresh); err != nil {
			return providers.Page{}, err
		}
	}
	// A page may hold nothing but refunds: read on, for an empty page looks like
	// the end.
	for {
		got, err := c.pageWithGap(ctx, filter, cur)
		if err != nil {
			return providers.Page{}, err
		}
		out := providers.Page{Total: c.total(q.Kind, filter, got.total), Records: c.records(got.rows, q.Kind, filter), Unread: c.unread(got.rows)}
		cur.page, cur.total = cur.page+1, got.total
		if got.more {
			out.Next = cur.String()
		}
		if len(out.Records) > 0 || !got.more {
			return out, nil
		}
	}
}

// maxGapPages bounds how far a list goes back for rows that moved up.
const maxGapPages = 5

// pageWithGap reads a page. When rows have vanished since the page before, as
// many others have moved up over the edge, so the pages before it are read
// again.
func (c *Client) pageWithGap(ctx context.Context, filter url.Values, cur cursor) (listed, error) {
	got, err := c.page(ctx, filter, cur)
	if err != nil || cur.page == 1 || cur.total < 0 || got.total < 0 || got.total >= cur.total {
		return got, err
	}
	back := min((cur.total-got.total+cur.size-1)/cur.size, maxGapPages, cur.page-1)
	var moved []row
	for page := cur.page - back; page < cur.page; page++ {
		before, err := c.page(ctx, filter, cursor{page: page, size: cur.size})
		if err != nil {
			return listed{}, err
		}
		moved = append(moved, before.rows...)
	}
	got.rows = append(moved, got.rows...)
	return got, nil
}

// total is how many records of the kind match, -1 when that cannot be told.
func (c *Client) total(kind providers.Kind, filter url.Values, rows int) int {
	refunds := c.returns.count()
	switch {
	case rows < 0 || narrow(filter, kind):
		return -1
	case kind == providers.Refund:
		return rows
	case refunds < 0:
		return -1
	default:
		return max(0, rows-refunds)
	}
}

func (c *Client) records(rows []row, kind providers.Kind, filter url.Values) []providers.Record {
	var out []providers.Record
	for _, r := range rows {
		if r.text("id") == "" || isRefund(r) != (kind == providers.Refund) || !keeps(filter, r) {
			continue
		}
		refunds, told := c.refundsOf(r)
		out = append(out, c.toRecord(r, refunds, told))
	}
	return out
}

// unread says of the rows without an id that they are none.
func (c *Client) unread(rows []row) (out []error) {
	for _, r := range rows {
		if r.text("id") == "" {
			out = append(out, c.http.Errorf(fnList, providers.FaultProtocol, "the list holds a row without an id"))
		}
	}
	return out
}

func (c *Client) refundsOf(r row) ([]refund, bool) {
	m, err := parseMoney(r.text("subaccountamount_iso"))
	if err != nil || m.IsNegative() {
		return nil, false
	}
	return c.returns.of(r.text("id"), r.text("number"), r.text("sender_id"), m.Currency)
}

// listOf lists the records that belong to another.
func (c *Client) listOf(ctx context.Context, q providers.Query) (providers.Page, error) {
	related, err := c.Related(ctx, q.Of)
	if err != nil {
		return providers.Page{}, err
	}
	related = slices.DeleteFunc(related, func(r providers.Record) bool { return r.Ref.Kind != q.Kind })
	return providers.Page{Records: related, Total: len(related)}, nil
}

// listIDs reads records by id; the panel's filter takes one at a time.
func (c *Client) listIDs(ctx context.Context, q providers.Query) (providers.Page, error) {
	if q.Kind == providers.Payment {
		if err := c.refresh(ctx, returnsFresh); err != nil {
			return providers.Page{}, err
		}
	}
	out := providers.Page{}
	for _, id := range q.IDs {
		r, err := c.rowOf(ctx, c.ref(q.Kind, id))
		if providers.FaultOf(err) == providers.FaultNotFound {
			continue
		}
		if err != nil {
			return providers.Page{}, err
		}
		refunds, told := c.refundsOf(r)
		out.Records = append(out.Records, c.toRecord(r, refunds, told))
	}
	out.Total = len(out.Records)
	return out, nil
}

// Get reads one record with its details, what it pays for, what its money was
// spent on, and its history.
func (c *Client) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	r, refunds, told, err := c.rowAndRefunds(ctx, ref)
	if err != nil {
		return providers.Record{}, err
	}
	rec := c.toRecord(r, refunds, told)
	rec.Details = c.details(r, refunds)
	for _, t := range c.tables(rec) {
		rows, err := c.table(ctx, t.fn, ref.ID)
		switch providers.FaultOf(err) {
		case providers.FaultForbidden, providers.FaultState, providers.FaultInput, providers.FaultNotFound:
			// The login may read the payment but not what belongs to it.
			rec.Details = append(rec.Details, providers.Group{Title: t.title, Rows: []providers.Row{{Label: "Not shown", Value: c.http.Clean(err.Error())}}})
		default:
			if err != nil {
				return providers.Record{}, err
			}
			rec.Details = withGroup(rec.Details, c.group(t, rows))
		}
	}
	if ref.Kind == providers.Refund {
		parent, err := c.parent(ctx, c.refundOf(r))
		if err != nil {
			return providers.Record{}, err
		}
		if parent != nil {
			rec.Links = append(rec.Links, providers.Link{Rel: "payment", Ref: c.ref(providers.Payment, parent.text("id"))})
		}
	}
	return rec, nil
}

// Glance reads one record as it is now, without its history: one request, and
// one more for the refunds of a payment that can have some.
func (c *Client) Glance(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	r, refunds, told, err := c.rowAndRefunds(ctx, ref)
	if err != nil {
		return providers.Record{}, err
	}
	return c.toRecord(r, refunds, told), nil
}

// rowAndRefunds reads a record's row and, where they matter, the refunds made
// of it, both as they are now.
func (c *Client) rowAndRefunds(ctx context.Context, ref providers.Ref) (row, []refund, bool, error) {
	r, err := c.rowOf(ctx, ref)
	if err != nil || ref.Kind == providers.Refund {
		return r, nil, false, err
	}
	age := returnsFresh
	if code := statusOf(r.cells["status"]).Code; code == statusCredited || code == statusReturning || code == statusRefunded {
		age = 0
	}
	if err := c.refresh(ctx, age); err != nil {
		return row{}, nil, false, err
	}
	refunds, told := c.refundsOf(r)
	return r, refunds, told, nil
}

// rowOf reads one row of the list by its id.
func (c *Client) rowOf(ctx context.Context, ref providers.Ref) (row, error) {
	if !slices.Contains(c.Kinds(), ref.Kind) {
		return row{}, c.http.Errorf(fnList, providers.FaultInput, "the panel has no %s", ref.Kind.Plural())
	}
	if !validID(ref.ID) {
		return row{}, c.http.Errorf(fnList, providers.FaultNotFound, "the panel has no %s %q: its ids are numbers", ref.Kind, ref.ID)
	}
	filter := emptyFilter()
	filter.Set("id", ref.ID)
	got, err := c.page(ctx, filter, cursor{page: 1, size: 10})
	if err != nil {
		return row{}, err
	}
	for _, r := range got.rows {
		if r.text("id") == ref.ID {
			if isRefund(r) != (ref.Kind == providers.Refund) {
				return row{}, c.http.Errorf(fnList, providers.FaultNotFound, "%s is not a %s", ref.ID, ref.Kind)
			}
			return r, nil
		}
	}
	if len(got.rows) > 0 || got.total > 0 {
		return row{}, c.http.Errorf(fnList, providers.FaultProtocol, "the panel was asked for %s %s and answered with others", ref.Kind, ref.ID)
	}
	return row{}, c.http.Errorf(fnList, providers.FaultNotFound, "the panel has no %s %s", ref.Kind, ref.ID)
}

func validID(id string) bool { return id != "" && len(id) < 20 && strings.Trim(id, "0123456789") == "" }
