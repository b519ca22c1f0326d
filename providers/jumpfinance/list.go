package jumpfinance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bursar/providers"
)

// perPages are the page sizes that the service takes; any other is refused.
var perPages = []int{1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 50, 100, 150, 200}

const (
	defaultPerPage = 100
	maxIDs         = 50 // the limit of ids= is not published
	// emptyPages is how many pages without a receipt are read through in one
	// call before the caller gets a turn.
	emptyPages = 5
)

// perPageFor is the smallest size the service takes that holds the limit.
func perPageFor(limit int) int {
	if limit <= 0 {
		return defaultPerPage
	}
	i, found := slices.BinarySearch(perPages, limit)
	if !found && i == len(perPages) {
		return perPages[len(perPages)-1]
	}
	return perPages[i]
}

// source is how a kind is listed.
type source struct {
	key    string
	to     mapper
	filter []string // the service's own filter names that Query.Match may hold
	// projected is set when the rows are parts of another kind's.
	projected bool
}

func (c *Client) source(kind providers.Kind) (source, bool) {
	payouts := []string{"status", "ids", "contractor_ids", "agent_ids", "branch_office_ids", "has_acceptance_certificate"}
	switch kind {
	case providers.Payout:
		return source{key: "payments.list", to: c.toPayout, filter: payouts}, true
	case providers.Receipt:
		return source{key: "payments.list", to: c.toReceipt, filter: payouts, projected: true}, true
	case providers.Contractor:
		return source{key: "contractors.list", to: c.toContractor, filter: []string{"search"}}, true
	case providers.Certificate:
		return source{key: "certs.list", to: c.toCertificate, filter: []string{"ids", "contractor_ids", "agent_ids", "branch_office_ids"}}, true
	case providers.Branch:
		return source{key: "branches.list", to: c.toBranch, filter: []string{"agent_id", "customer_id", "is_active", "search"}}, true
	default:
		return source{}, false
	}
}

// List reads one page, newest first. The service documents no order; an
// account that answers oldest first is walked from its last page backwards.
func (c *Client) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	src, ok := c.source(q.Kind)
	if !ok {
		return providers.Page{}, c.noKind(q.Kind)
	}
	at, err := parseCursor(q.Cursor, perPageFor(q.Limit))
	if err != nil {
		return providers.Page{}, c.errorf(src.key, providers.FaultInput, "%v", err)
	}
	query, err := c.listQuery(src, q)
	if err != nil {
		return providers.Page{}, err
	}
	if len(q.IDs) > 0 {
		return c.listIDs(ctx, src, q, query, at)
	}
	for range emptyPages {
		page, next, err := c.listPage(ctx, src, query, at)
		if err != nil {
			return providers.Page{}, err
		}
		rows := len(page.Records)
		page.Records = slices.DeleteFunc(page.Records, func(r providers.Record) bool { return !fits(r, q) })
		if len(page.Records) < rows {
			page.Total = -1 // the service counted rows that were not asked for
		}
		if next == (cursor{}) {
			return page, nil
		}
		page.Next = next.String()
		if len(page.Records) > 0 {
			return page, nil
		}
		at = next
	}
	return providers.Page{Next: at.String(), Total: -1}, nil
}

// listPage reads one page and tells where the walk goes on; a zero cursor is
// the end.
func (c *Client) listPage(ctx context.Context, src source, query url.Values, at cursor) (providers.Page, cursor, error) {
	raws, meta, err := c.items(ctx, src.key, query, at.page, at.perPage)
	if err != nil {
		return providers.Page{}, cursor{}, err
	}
	rows, rising := len(raws), oldestFirst(raws)
	raws = slices.DeleteFunc(raws, func(raw json.RawMessage) bool { return !wireFits(raw, query) })
	page := providers.Page{Total: int(meta.Total)}
	page.Records, page.Unread = c.records(src, raws)
	last := int(meta.Last)
	if at.page == 1 && !at.backward && last > 1 && rising {
		at = cursor{page: last, perPage: at.perPage, backward: true}
		return c.listPage(ctx, src, query, at)
	}
	if src.projected {
		page.Total = -1 // how many of the payouts have one is not known
	}
	sortNewest(page.Records)
	next := cursor{page: at.page + 1, perPage: at.perPage}
	if at.backward {
		next = cursor{page: at.page - 1, perPage: at.perPage, backward: true}
	}
	if next.page < 1 || next.page > last || rows == 0 {
		next = cursor{}
	}
	return page, next, nil
}

// oldestFirst reports whether a page runs from old to new.
func oldestFirst(raws []json.RawMessage) bool {
	if len(raws) == 0 {
		return false
	}
	var ends []providers.Record
	for _, i := range []int{0, len(raws) - 1} {
		var row struct {
			ID        number `json:"id"`
			CreatedAt moment `json:"created_at"`
		}
		if json.Unmarshal(raws[i], &row) != nil || row.ID <= 0 {
			return false
		}
		ends = append(ends, providers.Record{Ref: providers.Ref{ID: row.ID.String()}, Created: row.CreatedAt.Time})
	}
	return newer(ends[1], ends[0])
}

// newer reports whether a was made after b.
func newer(a, b providers.Record) bool {
	if !a.Created.Equal(b.Created) && !a.Created.IsZero() && !b.Created.IsZero() {
		return a.Created.After(b.Created)
	}
	x, _ := strconv.ParseInt(a.Ref.ID, 10, 64)
	y, _ := strconv.ParseInt(b.Ref.ID, 10, 64)
	return x > y
}

func sortNewest(recs []providers.Record) {
	slices.SortStableFunc(recs, func(a, b providers.Record) int {
		switch {
		case newer(a, b):
			return -1
		case newer(b, a):
			return 1
		default:
			return 0
		}
	})
}

// records maps the rows of a page; a row that comes twice counts once. Of those
// that are no records it says why.
func (c *Client) records(src source, raws []json.RawMessage) (out []providers.Record, unread []error) {
	seen := map[string]bool{}
	out = make([]providers.Record, 0, len(raws))
	for _, raw := range raws {
		rec, ok := src.to(raw)
		if !ok && !src.projected {
			unread = append(unread, c.errorf(src.key, providers.FaultProtocol, "the list holds a row without an id, or one that cannot be read"))
		}
		if !ok || seen[rec.Ref.ID] {
			continue
		}
		seen[rec.Ref.ID] = true
		if rec.Ref.Kind == providers.Payout {
			c.polls.learn(rec)
		}
		out = append(out, rec)
	}
	return out, unread
}

// listIDs reads the named records, as many at a time as one call may name.
func (c *Client) listIDs(ctx context.Context, src source, q providers.Query, query url.Values, at cursor) (providers.Page, error) {
	ids := slices.DeleteFunc(slices.Clone(q.IDs), func(id string) bool { return !isID(id) })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	from := (at.page - 1) * maxIDs
	if from >= len(ids) {
		return providers.Page{Total: len(ids)}, nil
	}
	chunk := ids[from:min(from+maxIDs, len(ids))]
	page := providers.Page{Total: len(ids)}
	if from+maxIDs < len(ids) {
		page.Next = cursor{page: at.page + 1, perPage: at.perPage}.String()
	}
	if !slices.Contains(src.filter, "ids") { // the service cannot filter: one by one
		for _, id := range chunk {
			rec, err := c.Get(ctx, c.ref(q.Kind, id))
			if providers.FaultOf(err) == providers.FaultNotFound {
				continue
			}
			if err != nil {
				return providers.Page{}, err
			}
			page.Records = append(page.Records, rec)
		}
		sortNewest(page.Records)
		return page, nil
	}
	query.Set("ids", strings.Join(chunk, ","))
	raws, _, err := c.items(ctx, src.key, query, 1, perPageFor(len(chunk)))
	if err != nil {
		return providers.Page{}, err
	}
	recs, _ := c.records(src, raws) // one that is not found among the named ones is missed there
	page.Records = slices.DeleteFunc(recs, func(r providers.Record) bool {
		return !slices.Contains(chunk, r.Ref.ID) || !fits(r, q)
	})
	sortNewest(page.Records)
	return page, nil
}

// cursor is a place in a walk. The page size is part of it: with another size
// the same page number would be another place.
type cursor struct {
	page, perPage int
	backward      bool
}

// String is the cursor as callers keep it.
func (at cursor) String() string {
	way := "f"
	if at.backward {
		way = "b"
	}
	return fmt.Sprintf("%s.%d.%d", way, at.perPage, at.page)
}

func parseCursor(s string, perPage int) (cursor, error) {
	if s == "" {
		return cursor{page: 1, perPage: perPage}, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) == 3 && (parts[0] == "f" || parts[0] == "b") {
		size, errSize := strconv.Atoi(parts[1])
		page, errPage := strconv.Atoi(parts[2])
		if errSize == nil && errPage == nil && page >= 1 && slices.Contains(perPages, size) {
			return cursor{page: page, perPage: size, backward: parts[0] == "b"}, nil
		}
	}
	return cursor{}, fmt.Errorf("there is no page %q: start the list from its beginning", s)
}
