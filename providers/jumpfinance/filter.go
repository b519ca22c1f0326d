package jumpfinance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// receiptLag is how much later than its payout a receipt may be registered and
// still be found by the time of the receipt.
const receiptLag = 10 * 24 * time.Hour

// listQuery writes a query in the service's words.
func (c *Client) listQuery(src source, q providers.Query) (url.Values, error) {
	out := includes(src.key)
	for _, name := range slices.Sorted(maps.Keys(q.Match)) {
		v := strings.TrimSpace(q.Match[name])
		if !slices.Contains(src.filter, name) {
			return nil, c.errorf(src.key, providers.FaultInput, "%s cannot be filtered by %q: use %s", q.Kind.Plural(), name, strings.Join(src.filter, ", "))
		}
		if err := checkFilter(name, v); err != nil {
			return nil, c.errorf(src.key, providers.FaultInput, "%v", err)
		}
		out.Set(name, v)
	}
	if q.Of != (providers.Ref{}) {
		name := map[providers.Kind]string{providers.Contractor: "contractor_ids", providers.Branch: "branch_office_ids", providers.Payout: "ids"}[q.Of.Kind]
		if !slices.Contains(src.filter, name) || q.Of.Kind == providers.Payout && q.Kind != providers.Receipt || !isID(q.Of.ID) {
			return nil, c.errorf(src.key, providers.FaultInput, "%s of %s cannot be listed", q.Kind.Plural(), q.Of)
		}
		out.Set(name, q.Of.ID)
	}
	// The first form of the list cannot filter by 7, and a receipt has a status
	// of its own: those are filtered here (fits).
	if q.Status != "" && q.Kind == providers.Payout && q.Status != "7" {
		if err := checkFilter("status", q.Status); err != nil {
			return nil, c.errorf(src.key, providers.FaultInput, "%v", err)
		}
		out.Set("status", q.Status)
	}
	if src.key == "payments.list" || src.key == "certs.list" {
		from := q.CreatedFrom
		if src.projected && !from.IsZero() {
			from = from.Add(-receiptLag) // a receipt comes after its payout
		}
		setTime(out, "created_at_from", from, false)
		setTime(out, "created_at_to", q.CreatedTo, true)
	}
	if src.key == "certs.list" {
		setTime(out, "updated_at_from", q.UpdatedFrom, false)
	}
	return out, nil
}

// setTime writes a bound in whole seconds, outwards: what lies within the
// second is filtered here.
func setTime(q url.Values, name string, t time.Time, up bool) {
	if t.IsZero() {
		return
	}
	if up && t.Nanosecond() > 0 {
		t = t.Add(time.Second)
	}
	q.Set(name, t.In(moscow).Format(time.RFC3339))
}

// payoutFilterStatuses are the statuses that the first form of the list takes.
var payoutFilterStatuses = []string{"1", "2", "3", "4", "5", "6", "8"}

// checkFilter refuses a filter that the service would refuse or, worse, ignore.
func checkFilter(name, v string) error {
	switch name {
	case "status":
		if !slices.Contains(payoutFilterStatuses, v) {
			return fmt.Errorf("status %q cannot be asked for: use one of %s", v, strings.Join(payoutFilterStatuses, ", "))
		}
	case "ids", "contractor_ids", "agent_ids", "branch_office_ids", "agent_id", "customer_id":
		for id := range strings.SplitSeq(v, ",") {
			if !isID(id) {
				return fmt.Errorf("%s holds %q: write whole numbers parted by commas", name, id)
			}
		}
	case "has_acceptance_certificate":
		if v != "true" && v != "false" {
			return fmt.Errorf("%s is true or false, not %q", name, v)
		}
	case "is_active":
		if v != "0" && v != "1" {
			return fmt.Errorf("%s is 0 or 1, not %q", name, v)
		}
	}
	return nil
}

// fits checks a row against the query once more: a filter that the service
// ignores must not widen what an action is offered on.
func fits(r providers.Record, q providers.Query) bool {
	if q.Status != "" && r.Status.Code != q.Status {
		return false
	}
	from := q.CreatedFrom
	if r.Ref.Kind == providers.Certificate { // dated to the day
		from = from.Add(-24 * time.Hour)
	}
	if !q.CreatedFrom.IsZero() && r.Created.Before(from) {
		return false
	}
	if !q.CreatedTo.IsZero() && r.Created.After(q.CreatedTo) {
		return false
	}
	if q.Of.ID != "" && !linked(r, q.Of) {
		return false
	}
	if ids, ok := q.Match["ids"]; ok && !slices.Contains(strings.Split(ids, ","), r.Ref.ID) {
		return false
	}
	if status, ok := q.Match["status"]; ok && r.Ref.Kind == providers.Payout && r.Status.Code != status {
		return false
	}
	return true
}

// given is an id that tells null from a missing key.
type given struct {
	seen bool
	id   number
}

// UnmarshalJSON is called for null too, but not for a missing key.
func (g *given) UnmarshalJSON(b []byte) error {
	g.seen = true
	return g.id.UnmarshalJSON(b)
}

// wireFits checks what a row itself says against the filters that were sent. A
// field that the row does not have proves nothing.
func wireFits(raw json.RawMessage, query url.Values) bool {
	var row struct {
		BranchID   given         `json:"branch_office_id"`
		Branch     object[named] `json:"branch_office"`
		Agent      object[named] `json:"agent"`
		Contractor object[named] `json:"contractor"`
	}
	if json.Unmarshal(raw, &row) != nil {
		return false
	}
	branch := row.BranchID.id.String()
	switch {
	case branch != "":
	case row.Branch.known:
		branch = row.Branch.v.ID.String()
	case row.BranchID.seen: // null: of no branch
		branch = "none"
	}
	for name, have := range map[string]string{
		"branch_office_ids": branch, "contractor_ids": row.Contractor.v.ID.String(), "agent_ids": row.Agent.v.ID.String(), "agent_id": row.Agent.v.ID.String(),
	} {
		if want := query.Get(name); want != "" && have != "" && !slices.Contains(strings.Split(want, ","), have) {
			return false
		}
	}
	return true
}

func linked(r providers.Record, to providers.Ref) bool {
	return r.Ref == to || slices.ContainsFunc(r.Links, func(l providers.Link) bool {
		return l.Ref.Kind == to.Kind && l.Ref.ID == to.ID
	})
}
