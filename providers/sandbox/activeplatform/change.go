package activeplatform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// find is the row of an id.
func (s *Simulator) find(id int) (int, bool) {
	if row, ok := s.places[id]; ok {
		return row, true
	}
	row, ok := world.CloudRow(strconv.Itoa(id))
	return row, ok && row < s.rows.Made()
}

func (s *Simulator) findText(id string) (int, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || strconv.Itoa(n) != id {
		return 0, false
	}
	return s.find(n)
}

// put changes the payment of that id or adds it.
func (s *Simulator) put(p payment) {
	if row, ok := s.find(p.ID); ok {
		s.rows.Set(row, p)
		return
	}
	last := s.lastID
	if last == 0 && s.rows.Made() > 0 {
		last = s.rows.At(s.rows.Made() - 1).ID
	}
	s.disordered = s.disordered || p.ID < last
	s.lastID = max(last, p.ID)
	s.places[p.ID] = s.rows.Add(p)
	s.nextID = max(s.nextID, p.ID+1)
}

func (s *Simulator) get(q request) gate.Answer {
	row, ok := s.findText(q.id)
	if !ok {
		return s.notFound()
	}
	return gate.JSON(http.StatusOK, s.rows.At(row))
}

// bodyOf reads a request's JSON object; the answer says what a panel does with
// anything else.
func bodyOf(q request) (map[string]json.RawMessage, *gate.Answer) {
	malformed := gate.Answer{Status: http.StatusBadRequest, Header: http.Header{"Content-Type": {"text/html"}}}
	if !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json") {
		return nil, &malformed
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(q.body, &fields); err != nil || fields == nil {
		return nil, &malformed
	}
	return fields, nil
}

// accountIn is the account that a creation names, for the request log.
func accountIn(body []byte) []string {
	var in struct {
		Account json.Number `json:"account_id"`
	}
	if json.Unmarshal(body, &in) != nil || in.Account == "" {
		return nil
	}
	return []string{in.Account.String()}
}

// newPayment is a creation's body, checked.
type newPayment struct {
	account int
	total   decimal.Decimal
	comment string
	manager *int
}

func (s *Simulator) readNew(fields map[string]json.RawMessage) (newPayment, map[string][]string) {
	var n newPayment
	bad := map[string][]string{}
	for name, raw := range fields {
		switch name {
		case "account_id":
			if n.account = integer(raw); n.account < firstAccountID || n.account >= firstAccountID+s.accounts {
				bad[name] = []string{"must exist"}
			}
		case "total":
			if !readTotal(raw, &n.total) {
				bad[name] = []string{"must be a number greater than 0 with at most two decimals"}
			}
		case "comment":
			if json.Unmarshal(raw, &n.comment) != nil || strings.TrimSpace(n.comment) == "" {
				bad[name] = []string{"can't be blank"}
			}
		case "manager_id":
			if string(raw) == "null" {
				continue
			}
			id := integer(raw)
			if n.manager = &id; id < 1 {
				bad[name] = []string{"must exist"}
			}
		default:
			bad[name] = []string{"is not permitted"}
		}
	}
	for _, name := range []string{"account_id", "total", "comment"} {
		if _, ok := fields[name]; !ok {
			bad[name] = []string{"can't be blank"}
		}
	}
	return n, bad
}

// integer reads a JSON whole number; 0 when it is none.
func integer(raw json.RawMessage) int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(raw)))
	if err != nil {
		return 0
	}
	return n
}

// readTotal reads a decimal as a number or a text.
func readTotal(raw json.RawMessage, to *decimal.Decimal) bool {
	text := strings.Trim(string(bytes.TrimSpace(raw)), `"`)
	if len(text) > 20 || strings.ContainsAny(text, "eE") {
		return false
	}
	d, err := decimal.NewFromString(text)
	*to = d
	return err == nil && d.IsPositive() && d.Equal(d.Truncate(2))
}

func (s *Simulator) create(q request) gate.Answer {
	fields, malformed := bodyOf(q)
	if malformed != nil {
		return *malformed
	}
	n, bad := s.readNew(fields)
	if len(bad) > 0 {
		return invalid(bad)
	}
	now := stamp{s.opt.Gate.Now()}
	p := payment{paymentCore: paymentCore{
		ID: s.nextID, Document: document(s.nextID - firstCreatedID + 900_001), Status: waiting, Account: n.account,
		Created: now, Updated: now, Total: amount{n.total}, Comment: n.comment, Manager: n.manager,
	}, Orders: []order{}}
	s.put(p)
	s.record(callCreate, p)
	return gate.JSON(s.opt.CreateStatus, creation{paymentCore: p.paymentCore})
}

func (s *Simulator) complete(q request) gate.Answer {
	row, ok := s.findText(q.id)
	if !ok {
		return s.notFound()
	}
	fields, malformed := bodyOf(q)
	if malformed != nil {
		return *malformed
	}
	for name := range fields {
		if name != "payment_method_id" {
			return wrong(name, "is not permitted")
		}
	}
	method := integer(fields["payment_method_id"])
	if _, ok := methods[method]; !ok {
		return wrong("payment_method_id", "must exist")
	}
	p := s.rows.At(row)
	if p.Status != waiting {
		return wrong("status", "payment cannot be completed from the status "+p.Status)
	}
	p.Status, p.Updated = completed, stamp{s.opt.Gate.Now()}
	p.setMethod(method)
	p.Orders = slices.Clone(p.Orders)
	for i := range p.Orders {
		p.Orders[i].Status, p.Orders[i].Updated = "provisioning", p.Updated
	}
	s.put(p)
	s.record(callComplete, p)
	return gate.JSON(http.StatusOK, p)
}

// record writes the change into the ledger, with the whole payment as it is
// after it.
func (s *Simulator) record(call string, p payment) {
	detail, err := json.Marshal(p)
	if err != nil {
		detail = nil
	}
	s.opt.Gate.Record(gate.Entry{
		System: s.Name(), Call: call, ID: strconv.Itoa(p.ID), Amount: p.Total.StringFixed(2), Currency: s.opt.Currency, Detail: detail,
	})
}

// Replay makes a change of an earlier ledger again.
func (s *Simulator) Replay(e gate.Entry) error {
	if e.Call != callCreate && e.Call != callComplete {
		return fmt.Errorf("no call %q", e.Call)
	}
	var p payment
	if err := strict(e.Detail, &p); err != nil {
		return fmt.Errorf("detail: %w", err)
	}
	if strconv.Itoa(p.ID) != e.ID {
		return fmt.Errorf("the detail is of payment %d", p.ID)
	}
	s.put(p)
	return nil
}

// SetWorld changes a payment of the id in set, or adds one. The fields are
// those of the wire; kind is "payment" or "payments".
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error {
	if kind != "payment" && kind != "payments" {
		return fmt.Errorf("no kind %q: activeplatform has payment", kind)
	}
	var head struct {
		ID int `json:"id"`
	}
	if err := json.Unmarshal(set, &head); err != nil {
		return fmt.Errorf("the fields cannot be read: %w", err)
	}
	now := stamp{s.opt.Gate.Now()}
	p := payment{paymentCore: paymentCore{Status: waiting, Created: now, Updated: now, Account: firstAccountID, ID: s.nextID}, Orders: []order{}}
	p.Document = document(s.nextID - firstCreatedID + 900_001)
	if row, ok := s.find(head.ID); ok && head.ID != 0 {
		p = s.rows.At(row)
		p.Orders = slices.Clone(p.Orders)
	}
	if err := strict(set, &p); err != nil {
		return err
	}
	if p.ID < 1 {
		return fmt.Errorf("the id %d is not above zero", p.ID)
	}
	s.put(p)
	return nil
}

// strict reads a JSON object without unknown fields.
func strict(raw []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("there is more after the fields")
	}
	return nil
}
