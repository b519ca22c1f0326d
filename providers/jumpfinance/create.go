package jumpfinance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// roubles is an amount as the service wants it: a bare JSON number with at
// most two decimals. A quoted one is refused.
type roubles decimal.Decimal

// MarshalJSON writes 100 or 100.5, never "100".
func (r roubles) MarshalJSON() ([]byte, error) {
	d := decimal.Decimal(r)
	if !d.Equal(d.Truncate(2)) {
		return nil, fmt.Errorf("the amount %s has more than two decimals", d)
	}
	return []byte(d.Truncate(2).String()), nil
}

type createBody struct {
	ContractorID  int64          `json:"contractor_id"`
	Amount        roubles        `json:"amount"`
	OwnID         string         `json:"customer_payment_id"`
	Requisite     *requisiteBody `json:"requisite,omitempty"`
	RequisiteID   int64          `json:"requisite_id,omitempty"`
	AgentID       int64          `json:"agent_id,omitempty"`
	BranchID      int64          `json:"branch_office_id,omitempty"`
	BankAccountID int64          `json:"bank_account_id,omitempty"`
	BalanceID     int64          `json:"balance_id,omitempty"`
	Service       string         `json:"service_name,omitempty"`
	Purpose       string         `json:"payment_purpose,omitempty"`
}

type requisiteBody struct {
	TypeID        int64  `json:"type_id"`
	AccountNumber string `json:"account_number"`
	SBPBankID     int64  `json:"sbp_bank_id"`
}

// create makes one payout with the intent's key as its own id. The service
// takes an own id once for ever, so the same intent can be sent again: a
// refusal for a used id means that the payout is there.
func (c *Client) create(ctx context.Context, in providers.Intent) (providers.Result, error) {
	const key = "payments.create"
	body, err := c.createBody(in)
	if err != nil {
		return providers.Result{}, err
	}
	if err := c.allowMoney(ctx); err != nil {
		return providers.Result{}, err
	}
	if body.ContractorID, err = c.payee(ctx, in); err != nil {
		return providers.Result{}, err
	}
	raw, err := c.call(ctx, key, nil, body)
	if usedID(err) {
		return c.alreadyThere(ctx, in, body, err)
	}
	if err != nil {
		return providers.Result{}, err
	}
	rec, ok := c.answered(raw)
	if !ok {
		return providers.Result{}, c.errorf(key, providers.FaultProtocol, "the answer holds no payout")
	}
	return providers.Result{Outcome: providers.Applied, Ref: rec.Ref, After: &rec, Note: rec.Status.Label}, nil
}

// answered is the payout of an answer to a change.
func (c *Client) answered(body []byte) (providers.Record, bool) {
	raw, err := itemOf(body)
	if err != nil {
		return providers.Record{}, false
	}
	return c.toPayout(raw)
}

// createBody writes the request, without the contractor.
func (c *Client) createBody(in providers.Intent) (createBody, error) {
	const key = "payments.create"
	v := in.Values
	if why := together(v); why != "" {
		return createBody{}, c.errorf(key, providers.FaultInput, "nothing was sent: %s", why)
	}
	if err := checkOwnID(in.Key); err != nil {
		return createBody{}, c.errorf(key, providers.FaultInput, "nothing was sent: %v", err)
	}
	if own := v[fieldOwnID]; own != "" && own != in.Key {
		return createBody{}, c.errorf(key, providers.FaultInput, "nothing was sent: the own id %q is not the key %q that the journal has", own, in.Key)
	}
	sum, err := providers.ParseAmount(v[fieldAmount])
	if err != nil {
		return createBody{}, c.errorf(key, providers.FaultInput, "nothing was sent: %v", err)
	}
	if !in.Amount.IsNone() && !in.Amount.Equal(providers.Money{Decimal: sum, Currency: c.currency()}) {
		return createBody{}, c.errorf(key, providers.FaultInput, "nothing was sent: the amount %s is not the %s that was planned", sum, in.Amount)
	}
	b := createBody{
		Amount: roubles(sum), OwnID: in.Key, RequisiteID: idOf(v[fieldRequisite]), AgentID: idOf(v[fieldAgent]), BranchID: idOf(v[fieldBranch]),
		BankAccountID: idOf(v[fieldBankAccount]), BalanceID: idOf(v[fieldBalance]), Service: v[fieldService], Purpose: v[fieldPurpose],
	}
	if v[fieldType] != "" {
		b.Requisite = &requisiteBody{TypeID: idOf(v[fieldType]), AccountNumber: v[fieldAccount], SBPBankID: idOf(v[fieldBank])}
	}
	return b, nil
}

// idOf reads an id that was checked before; zero when there is none.
func idOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// usedID reports whether a refusal says that the own id was used before.
func usedID(err error) bool {
	var e *providers.Error
	return errors.As(err, &e) && e.Fault == providers.FaultInput && e.Code == strconv.Itoa(http.StatusUnprocessableEntity) && e.Field == fieldOwnID
}

// longAgo is how much older than the first send a payout must be to be
// certainly another's, whatever the two clocks say.
const longAgo = time.Hour

// alreadyThere finds out what a refusal for a used own id means.
func (c *Client) alreadyThere(ctx context.Context, in providers.Intent, body createBody, refusal error) (providers.Result, error) {
	const key = "payments.by_customer_id"
	rec, err := c.byOwnID(ctx, in.Key)
	switch {
	case providers.FaultOf(err) == providers.FaultNotFound:
		return providers.Result{}, c.errorf("payments.create", providers.FaultProtocol, "the service says that the own id %s is used, but does not find its payout", in.Key)
	case err != nil: // the payout may be this intent's: its outcome is open
		return providers.Result{}, c.errorf(key, providers.FaultTimeout, "the own id %s is used; its payout could not be read: %v", in.Key, err)
	}
	same := rec.Amount.Equal(providers.Money{Decimal: decimal.Decimal(body.Amount), Currency: c.currency()}) && rec.Party.ID == strconv.FormatInt(body.ContractorID, 10)
	given := in.Values[fieldOwnID] != ""
	older := !in.Sent.IsZero() && rec.Created.Before(in.Sent.Add(-longAgo))
	if !same || given && older {
		e := c.errorf("payments.create", providers.FaultInput, "nothing was made: the own id %s belongs to payout %s of %s, %s to %s",
			in.Key, rec.Ref.ID, rec.Created.Format(time.DateTime), rec.Amount, orText(rec.Party.Name, "contractor "+rec.Party.ID))
		e.Field, e.Code, e.Err = fieldOwnID, strconv.Itoa(http.StatusUnprocessableEntity), refusal
		return providers.Result{}, e
	}
	return providers.Result{Outcome: providers.Applied, Ref: rec.Ref, After: &rec, Note: "a payout with this own id was there already: " + rec.Status.Label}, nil
}

// byOwnID reads the payout of an own id. Several may be on their way at once,
// so the answer does not count as a poll.
func (c *Client) byOwnID(ctx context.Context, own string) (providers.Record, error) {
	const key = "payments.by_customer_id"
	raw, err := c.item(ctx, key, includes(key), own)
	if err != nil {
		return providers.Record{}, err
	}
	rec, ok := c.toPayout(raw)
	var p wirePayout
	if !ok || json.Unmarshal(raw, &p) != nil || string(p.CustomerPaymentID) != own {
		return providers.Record{}, c.errorf(key, providers.FaultProtocol, "the answer is not the payout with the own id %s", own)
	}
	c.polls.learn(rec)
	return rec, nil
}

// lookAgain is how long a payout that is not there is waited for.
const lookAgain = 2 * time.Second

// findCreated looks for the payout of the intent's own id. When it is not
// there, it looks again a little later, for a request may still be on its way.
func (c *Client) findCreated(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	if err := checkOwnID(in.Key); err != nil {
		return providers.Finding{Outcome: providers.Refused, Note: "it was never sent: " + err.Error()}, nil
	}
	rec, err := c.byOwnID(ctx, in.Key)
	if absent(err) {
		if werr := c.http.Wait(ctx, lookAgain); werr != nil {
			return providers.Finding{Note: "no payout with the own id " + in.Key + " yet; the second look was stopped"}, nil
		}
		rec, err = c.byOwnID(ctx, in.Key)
	}
	switch {
	case absent(err):
		return providers.Finding{Outcome: providers.Refused, Note: "there is no payout with the own id " + in.Key}, nil
	case err != nil:
		return providers.Finding{}, err
	}
	if why := otherThan(in, rec, c.currency()); why != "" {
		return providers.Finding{
			Outcome: providers.Refused, Candidates: []providers.Ref{rec.Ref},
			Note: fmt.Sprintf("the own id %s belongs to another payout, %s: %s", in.Key, rec.Ref.ID, why),
		}, nil
	}
	return providers.Finding{
		Outcome: providers.Applied, Ref: rec.Ref,
		Note: fmt.Sprintf("payout %s has the own id %s: %s", rec.Ref.ID, in.Key, orText(rec.Status.Label, "no status")),
	}, nil
}

// absent reports whether the service itself says that there is no such payout.
// A 404 of anything else, such as a proxy, proves nothing.
func absent(err error) bool {
	return providers.FaultOf(err) == providers.FaultNotFound && !errors.Is(err, errNoDocument)
}

// otherThan tells in what a payout differs from what the intent asked for. An
// own id is taken once, so such a payout proves that the intent's own was
// refused.
func otherThan(in providers.Intent, rec providers.Record, currency string) string {
	sum, err := providers.ParseAmount(in.Values[fieldAmount])
	switch {
	case err == nil && !rec.Amount.Equal(providers.Money{Decimal: sum, Currency: currency}):
		return fmt.Sprintf("its amount is %s", rec.Amount)
	case in.Values[fieldContractor] != "" && rec.Party.ID != "" && in.Values[fieldContractor] != rec.Party.ID:
		return "its contractor is " + rec.Party.ID
	case in.Values[fieldPhone] != "" && rec.Party.Phone != "" && in.Values[fieldPhone] != rec.Party.Phone:
		return "its contractor has another phone"
	}
	return ""
}
