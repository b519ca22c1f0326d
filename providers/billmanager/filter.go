package billmanager

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// emptyFilter is the panel's whole filter with nothing asked, as its own form
// sends it. A list request always carries all of it: what is left out would
// come from the filter that somebody has saved for this login, which shortens
// the list without a word. The scheduled report of the same form is never sent.
func emptyFilter() url.Values {
	f := url.Values{"filter": {"on"}, "createdate": {"nodate"}, "restrictrefund": {"null"}}
	for _, name := range []string{
		"id", "account", "account_id", "number", "sender", "sender_id", "recipient", "createdatestart", "createdateend",
		"payfromdate", "paytodate", "profiletype", "maildocs", "project", "paymethod", "module", "status",
		"docflow_pdf_status", "saamount_from", "saamount_to", "pmamount_from", "pmamount_to",
	} {
		f.Set(name, "")
	}
	return f
}

// filterOf turns a query into the panel's filter.
func (c *Client) filterOf(q providers.Query) (url.Values, error) {
	f := emptyFilter()
	if q.Kind == providers.Refund {
		f.Set("number", returnPrefix+"*")
	}
	if q.Status != "" {
		f.Set("status", q.Status)
	}
	if !q.CreatedFrom.IsZero() || !q.CreatedTo.IsZero() {
		f.Set("createdate", "other")
		if !q.CreatedFrom.IsZero() {
			f.Set("createdatestart", q.CreatedFrom.In(c.zone).Format(time.DateOnly))
		}
		if !q.CreatedTo.IsZero() {
			f.Set("createdateend", q.CreatedTo.In(c.zone).Format(time.DateOnly))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.Match)) {
		if !f.Has(name) || name == "filter" {
			return nil, c.http.Errorf(fnList, providers.FaultInput, "the panel has no filter %q; use one of %s", name, strings.Join(filterNames(), ", "))
		}
		f.Set(name, q.Match[name])
	}
	return f, nil
}

func filterNames() []string {
	f := emptyFilter()
	f.Del("filter")
	return slices.Sorted(maps.Keys(f))
}

// narrow reports whether the filter asks for anything beyond what the kind
// itself asks for.
func narrow(f url.Values, kind providers.Kind) bool {
	empty := emptyFilter()
	if kind == providers.Refund {
		empty.Set("number", returnPrefix+"*")
	}
	return f.Encode() != empty.Encode()
}

// keeps checks a row against the filter as far as the row shows it: a panel
// that does not know a filter ignores it.
func keeps(f url.Values, r row) bool {
	if id := f.Get("id"); id != "" && r.text("id") != id {
		return false
	}
	if number := f.Get("number"); number != "" && !wildcard(number, r.text("number")) {
		return false
	}
	if status := f.Get("status"); status != "" && !slices.Contains(strings.Split(status, ","), statusOf(r.cells["status"]).Code) {
		return false
	}
	if f.Get("createdate") != "other" {
		return true
	}
	day := r.text("create_date")
	if len(day) > len(time.DateOnly) {
		day = day[:len(time.DateOnly)]
	}
	from, to := f.Get("createdatestart"), f.Get("createdateend")
	return day == "" || (from == "" || day >= from) && (to == "" || day <= to)
}

// wildcard matches the panel's pattern, where * is any text, without regard to
// case.
func wildcard(pattern, text string) bool {
	escape := strings.NewReplacer(`\`, `\\`, "[", `\[`, "?", `\?`, "/", "\x00")
	ok, err := path.Match(strings.ToLower(escape.Replace(pattern)), strings.ToLower(strings.ReplaceAll(text, "/", "\x00")))
	return err == nil && ok
}

// cursor is where a list goes on: the next page, the page length and how many
// rows there were in all.
type cursor struct{ page, size, total int }

const (
	defaultPage = 200
	maxPage     = 1000
)

func (c *Client) cursorOf(q providers.Query) (cursor, error) {
	size := q.Limit
	if size <= 0 {
		size = defaultPage
	}
	cur := cursor{page: 1, size: min(size, maxPage), total: -1}
	if q.Cursor == "" {
		return cur, nil
	}
	var extra string
	n, _ := fmt.Sscanf(q.Cursor, "%d.%d.%d%s", &cur.page, &cur.size, &cur.total, &extra)
	if n != 3 || cur.page < 1 || cur.size < 1 || cur.size > maxPage {
		return cur, c.http.Errorf(fnList, providers.FaultInput, "the cursor %q is not one of this list; start from the first page", q.Cursor)
	}
	return cur, nil
}

func (c cursor) String() string { return fmt.Sprintf("%d.%d.%d", c.page, c.size, c.total) }
