package activeplatform

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// maxPerPage is the largest page that is asked for. The vendor publishes no
// limit; a server with a lower one sends shorter pages, which is no end.
const maxPerPage = 100

// maxPages bounds a list that never ends.
const maxPages = 50_000

// filters are the interface's own filter names, for Query.Match.
var filters = []string{"created_at", "updated_at", "account_id", "payment_method_id", "status"}

// cursor is where the next page begins. The interface tells neither a total
// nor a next page, so a list ends at an empty page, at one without a new
// payment (a server may ignore the page number), or at one that is shorter
// than the page before it.
type cursor struct {
	Page int      `json:"p"`
	Size int      `json:"s"`           // asked for
	Full int      `json:"f,omitempty"` // rows of the longest page so far
	Seen []string `json:"i,omitempty"` // ids of the page before: a new payment shifts the pages
}

func readCursor(s string, limit int) (cursor, error) {
	if s == "" {
		if limit <= 0 || limit > maxPerPage {
			limit = maxPerPage
		}
		return cursor{Page: 1, Size: limit}, nil
	}
	var c cursor
	if err := json.Unmarshal([]byte(s), &c); err != nil || c.Page < 1 || c.Size < 1 || c.Size > maxPerPage {
		return cursor{}, fmt.Errorf("the cursor %.40q is not one of this list", s)
	}
	return c, nil
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return string(b)
}

// List reads one page, newest first.
func (c *Client) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	if err := c.payments(q.Kind); err != nil {
		return providers.Page{}, err
	}
	if len(q.IDs) > 0 {
		return c.byIDs(ctx, q.IDs)
	}
	at, err := readCursor(q.Cursor, q.Limit)
	if err != nil {
		return providers.Page{}, c.http.Errorf(opList, providers.FaultInput, "%v", err)
	}
	params, err := c.params(q, at)
	if err != nil {
		return providers.Page{}, err
	}
	rows, unread, err := c.fetch(ctx, params)
	if err != nil {
		return providers.Page{}, err
	}
	if len(rows) == 0 && len(unread) > 0 {
		return providers.Page{}, unread[0] // not one odd row but another shape
	}
	page := providers.Page{Total: -1, Unread: unread}
	got := len(rows) + len(unread)
	next := cursor{Page: at.Page + 1, Size: at.Size, Full: max(at.Full, got)}
	fresh, past := 0, false
	for _, r := range rows {
		next.Seen = append(next.Seen, r.Ref.ID)
		if slices.Contains(at.Seen, r.Ref.ID) || slices.Contains(next.Seen[:len(next.Seen)-1], r.Ref.ID) {
			continue
		}
		fresh++
		past = past || before(q, r)
		if wanted(q, r) {
			page.Records = append(page.Records, r)
		}
	}
	short := got < at.Full
	if fresh > 0 && !short && !past && at.Page < maxPages {
		page.Next = next.String()
	}
	return page, nil
}

// params spells the query. Without a sort the order is not documented, so one
// is always sent.
func (c *Client) params(q providers.Query, at cursor) (url.Values, error) {
	p := url.Values{
		"page": {strconv.Itoa(at.Page)}, "per_page": {strconv.Itoa(at.Size)},
		"sorting[field]": {"id"}, "sorting[reversed]": {"true"},
	}
	switch {
	case !q.UpdatedFrom.IsZero():
		p.Set("sorting[field]", "updated_at")
	case !q.CreatedFrom.IsZero() || !q.CreatedTo.IsZero():
		p.Set("sorting[field]", "created_at")
	}
	for name, value := range q.Match {
		if !slices.Contains(filters, name) {
			return nil, c.http.Errorf(opList, providers.FaultInput, "ActivePlatform cannot filter by %q; it can by %v", name, filters)
		}
		p.Set("filters["+name+"]", value)
	}
	if q.Status != "" {
		p.Set("filters[status]", q.Status)
	}
	if !q.Of.IsZero() {
		if q.Of.Kind != providers.Contractor || !isID(q.Of.ID) {
			return nil, c.http.Errorf(opList, providers.FaultInput, "payments belong to an account, not to %s", q.Of)
		}
		p.Set("filters[account_id]", q.Of.ID)
	}
	return p, nil
}

// fetch reads one page of a list, whatever shape it has, and says of the rows
// that are no payments why.
func (c *Client) fetch(ctx context.Context, params url.Values) (rows []providers.Record, unread []error, err error) {
	resp, err := c.call(ctx, transport.Request{Op: opList, Method: http.MethodGet, Path: "payments.json", Query: params})
	if err != nil {
		return nil, nil, err
	}
	raws, err := recordsIn(resp.Body)
	if err != nil {
		return nil, nil, c.http.Errorf(opList, providers.FaultProtocol, "%v", err)
	}
	rows = make([]providers.Record, 0, len(raws))
	for _, raw := range raws {
		r, err := c.record(raw)
		if err != nil {
			unread = append(unread, c.http.Errorf(opList, providers.FaultProtocol, "%v", err))
			continue
		}
		rows = append(rows, r)
	}
	return rows, unread, nil
}

// byIDs reads single payments, for the list takes no ids. One that does not
// exist is left out.
func (c *Client) byIDs(ctx context.Context, ids []string) (providers.Page, error) {
	page := providers.Page{}
	for _, id := range ids {
		r, err := c.Get(ctx, providers.Ref{Account: c.a.Name, Kind: providers.Payment, ID: id})
		switch {
		case err == nil:
			page.Records = append(page.Records, r)
		case providers.FaultOf(err) != providers.FaultNotFound:
			return providers.Page{}, err
		}
	}
	slices.SortStableFunc(page.Records, func(a, b providers.Record) int { return b.Created.Compare(a.Created) })
	page.Total = len(page.Records)
	return page, nil
}

// before reports whether the record is older than anything the query wants, so
// that the list, sorted by that time, may end.
func before(q providers.Query, r providers.Record) bool {
	if !q.UpdatedFrom.IsZero() {
		return older(r.Updated, q.UpdatedFrom)
	}
	return older(r.Created, q.CreatedFrom)
}

// older is false where a time is missing: a row without one is kept.
func older(t, bound time.Time) bool { return !bound.IsZero() && !t.IsZero() && t.Before(bound) }

// wanted checks a row against the query: a server may ignore a filter, and has
// none for a span of time.
func wanted(q providers.Query, r providers.Record) bool {
	switch {
	case q.Status != "" && r.Status.Code != q.Status,
		q.Match["status"] != "" && r.Status.Code != q.Match["status"],
		q.Match["account_id"] != "" && r.Party.ID != q.Match["account_id"],
		!q.Of.IsZero() && r.Party.ID != q.Of.ID,
		older(r.Created, q.CreatedFrom),
		!q.CreatedTo.IsZero() && r.Created.After(q.CreatedTo),
		older(r.Updated, q.UpdatedFrom):
		return false
	default:
		return true
	}
}
