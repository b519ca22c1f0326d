package yookassa

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bursar/providers"
)

// maxPage is the largest page that the system gives.
const maxPage = 100

// timeBounds are the suffixes of a time filter.
var timeBounds = []string{".gte", ".gt", ".lte", ".lt"}

// filters are the names that a list of the kind takes, beside limit and cursor.
func filters(kind providers.Kind) []string {
	names := []string{"status"}
	for _, b := range timeBounds {
		names = append(names, "created_at"+b)
	}
	switch kind {
	case providers.Payment:
		names = append(names, "payment_method")
		for _, b := range timeBounds {
			names = append(names, "captured_at"+b)
		}
	case providers.Refund:
		names = append(names, "payment_id")
	case providers.Receipt:
		names = append(names, "payment_id", "refund_id")
	}
	return names
}

// List reads one page, newest first. The cursor holds the filters too: the
// system wants both together, whatever has become of the caller's clock.
func (c *Client) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	path, err := c.collection("GET", q.Kind)
	if err != nil {
		return providers.Page{}, err
	}
	op := "GET " + path
	if len(q.IDs) > 0 {
		return c.byID(ctx, q)
	}
	params, err := c.params(op, q)
	if err != nil {
		return providers.Page{}, err
	}
	resp, err := c.read(ctx, op, path, params)
	if err != nil {
		return providers.Page{}, err
	}
	var answer listAnswer
	if err := json.Unmarshal(resp.Body, &answer); err != nil || answer.Type != "list" && answer.Items == nil {
		return providers.Page{}, c.unreadable(op, resp.Body)
	}
	page := providers.Page{Total: -1}
	for _, raw := range answer.Items {
		rec, err := c.record(op, q.Kind, raw)
		if err != nil {
			page.Unread = append(page.Unread, err)
			continue
		}
		if fits(rec, params) {
			page.Records = append(page.Records, rec)
		}
	}
	if n := len(page.Unread); n > 0 && n == len(answer.Items) {
		return providers.Page{}, page.Unread[0] // not one odd row but another shape
	}
	if answer.Next != "" && string(answer.Next) != params.Get("cursor") {
		params.Set("cursor", string(answer.Next))
		page.Next = params.Encode()
	}
	return page, nil
}

// byID reads single records; the system takes no list of ids. One that is not
// there is left out, as a filter would.
func (c *Client) byID(ctx context.Context, q providers.Query) (providers.Page, error) {
	page := providers.Page{Total: -1}
	for _, id := range q.IDs {
		rec, err := c.Get(ctx, providers.Ref{Account: c.account.Name, Kind: q.Kind, ID: id})
		if providers.FaultOf(err) == providers.FaultNotFound {
			continue
		}
		if err != nil {
			return providers.Page{}, err
		}
		page.Records = append(page.Records, rec)
	}
	newestFirst(page.Records)
	return page, nil
}

// params are the query of a page: from the filters, or from the cursor.
func (c *Client) params(op string, q providers.Query) (url.Values, error) {
	limit := q.Limit
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	params, err := c.fromFilters(op, q)
	if err != nil {
		return nil, err
	}
	if q.Cursor != "" {
		begun, err := url.ParseQuery(q.Cursor)
		if err != nil || begun.Get("cursor") == "" {
			return nil, c.http.Errorf(op, providers.FaultInput, "the cursor is none that this list gave: start the list anew")
		}
		if !sameList(begun, params) {
			return nil, c.http.Errorf(op, providers.FaultInput, "the cursor belongs to a list with other filters: start the list anew")
		}
		params = begun
	}
	params.Set("limit", strconv.Itoa(limit))
	return params, nil
}

// sameList compares two queries but for the times, which callers count from
// the present and which therefore move between two pages.
func sameList(a, b url.Values) bool {
	lasting := func(v url.Values) string {
		out := url.Values{}
		for name := range v {
			if name != "cursor" && name != "limit" && !strings.Contains(name, "_at.") {
				out.Set(name, v.Get(name))
			}
		}
		return out.Encode()
	}
	return lasting(a) == lasting(b)
}

func (c *Client) fromFilters(op string, q providers.Query) (url.Values, error) {
	params := url.Values{}
	known := filters(q.Kind)
	for name, value := range q.Match {
		if !slices.Contains(known, name) {
			return nil, c.http.Errorf(op, providers.FaultInput, "YooKassa cannot filter %s by %q: use one of %s", q.Kind.Plural(), name, strings.Join(known, ", "))
		}
		if name == "payment_method" {
			value = methodToday(value)
		}
		if strings.Contains(name, "_at.") && parseMoment(value).IsZero() {
			return nil, c.http.Errorf(op, providers.FaultInput, "%s takes a moment such as 2026-11-22T09:00:00.000Z, not %q", name, value)
		}
		params.Set(name, value)
	}
	set := func(name, value string) {
		if value != "" {
			params.Set(name, value)
		}
	}
	set("status", q.Status)
	set("created_at.gte", stamp(q.CreatedFrom))
	set("created_at.lte", stamp(q.CreatedTo))
	if !q.Of.IsZero() {
		name := string(q.Of.Kind) + "_id"
		if !slices.Contains(known, name) {
			return nil, c.http.Errorf(op, providers.FaultInput, "YooKassa cannot list the %s of a %s", q.Kind.Plural(), q.Of.Kind)
		}
		params.Set(name, q.Of.ID)
	}
	if params.Has("payment_id") && params.Has("refund_id") {
		return nil, c.http.Errorf(op, providers.FaultInput, "receipts are listed by payment_id or by refund_id, not by both")
	}
	return params, nil
}

// stamp writes a moment as the system does: UTC with milliseconds.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// fits checks a row against the filters: a server that does not know a filter's
// name ignores it.
func fits(r providers.Record, params url.Values) bool {
	if status := params.Get("status"); status != "" && r.Status.Code != status {
		return false
	}
	for _, kind := range []providers.Kind{providers.Payment, providers.Refund} {
		if id := params.Get(string(kind) + "_id"); id != "" && !linked(r, kind, id) {
			return false
		}
	}
	if r.Ref.Kind == providers.Receipt { // a receipt does not tell when it was made
		return true
	}
	for _, bound := range timeBounds {
		limit := parseMoment(params.Get("created_at" + bound))
		if limit.IsZero() || r.Created.IsZero() {
			continue
		}
		order := r.Created.Compare(limit)
		if bound == ".gte" && order < 0 || bound == ".gt" && order <= 0 || bound == ".lte" && order > 0 || bound == ".lt" && order >= 0 {
			return false
		}
	}
	return true
}

// linked is true for a record that names no owner of the kind at all: a refund
// receipt listed by its payment may name the refund alone.
func linked(r providers.Record, kind providers.Kind, id string) bool {
	named := false
	for _, l := range r.Links {
		if l.Ref.Kind == kind && l.Ref.Account == r.Ref.Account {
			if l.Ref.ID == id {
				return true
			}
			named = true
		}
	}
	return !named
}
