package jumpfinance

import (
	"encoding/json"
	"strings"
	"time"

	"bursar/providers"
)

// Flags that actions and filters go by.
const (
	flagFinal     = "final"
	flagCanRepeat = "can repeat"
	flagHeld      = "held on nominal account"
	flagSelf      = "self-employed"
	flagStop      = "stop list"
	flagDeleted   = "deleted"
)

// masking names the fields that hold personal data or card numbers whole.
func masking() providers.MaskRule {
	return providers.MaskRule{
		Card: []string{"account_number"},
		Drop: []string{"passport_details", "passport", "full_number", "serial", "snils", "birth_date", "birthdate", "registration_address"},
		Keep: []string{"id", "inn"},
	}
}

// statusWords stands in for a title that the service did not send.
var statusWords = map[number]string{
	1: "Оплачен", 2: "Отклонён", 3: "В обработке", 4: "Ожидает подтверждения", 5: "Ошибка выплаты", 6: "Удалено", 7: "Ожидает подтверждения", 8: "Ждёт подписания акта",
}

var statusPhases = map[number]providers.Phase{
	1: providers.PhaseDone, 2: providers.PhaseFailed, 3: providers.PhaseWaiting, 4: providers.PhaseWaiting, 5: providers.PhaseFailed,
	6: providers.PhaseCancelled, 7: providers.PhaseWaiting, 8: providers.PhaseWaiting,
}

// statusOf is a payout's status. The server's own title is shown: what a
// number means has changed before.
func statusOf(s object[wireStatus]) providers.Status {
	if s.v.ID == 0 {
		return providers.Status{}
	}
	label := s.v.Title.String()
	if label == "" {
		label = orText(statusWords[s.v.ID], "status "+s.v.ID.String())
	}
	return providers.Status{Code: s.v.ID.String(), Label: providers.MaskText(label), Phase: statusPhases[s.v.ID]}
}

func (c *Client) currency() string { return orText(c.a.Currency, "RUB") }

func (c *Client) money(a amount) providers.Money {
	if !a.known {
		return providers.Money{}
	}
	return providers.Money{Decimal: a.value, Currency: c.currency()}
}

// show is a text of the service as a screen may show it.
func show(t text) string { return providers.MaskText(t.String()) }

// toPayout maps one payout; false when it has no id.
func (c *Client) toPayout(raw json.RawMessage) (providers.Record, bool) {
	var p wirePayout
	if json.Unmarshal(raw, &p) != nil || p.ID <= 0 {
		return providers.Record{}, false
	}
	payee := p.Contractor.v
	r := providers.Record{
		Ref:     c.ref(providers.Payout, p.ID.String()),
		Number:  orText(show(p.CustomerPaymentID), p.ID.String()),
		Status:  statusOf(p.Status),
		Amount:  c.money(p.Amount),
		Created: p.CreatedAt.Time,
		Updated: latest(p),
		Party: providers.Party{
			ID: payee.ID.String(), Name: orText(show(payee.FullName), show(payee.ShortName)), Phone: show(payee.Phone), Card: cardOf(p.Requisite.v),
		},
		Method: orText(show(p.Requisite.v.Title), show(p.Requisite.v.Type.v.Title)),
		Note:   orText(show(p.Purpose), show(p.ServiceName)),
		Flags:  payoutFlags(p),
		Raw:    providers.MaskJSON(raw, masking()),
	}
	r.Links = c.payoutLinks(p)
	r.Details = c.payoutDetails(p)
	return r, true
}

// latest is when the payout last changed: v1 has no such field, but its
// history does.
func latest(p wirePayout) time.Time {
	out := p.CreatedAt.Time
	for _, t := range []moment{p.UpdatedAt, p.ApprovedAt, p.PaidAt, p.RefundAt, p.CanceledAt} {
		if t.After(out) {
			out = t.Time
		}
	}
	for _, h := range p.History {
		if h.UpdatedAt.After(out) {
			out = h.UpdatedAt.Time
		}
	}
	return out
}

func payoutFlags(p wirePayout) []string {
	var flags []string
	add := func(f flag, word string) {
		if f.on {
			flags = append(flags, word)
		}
	}
	add(p.IsFinal, flagFinal)
	add(p.Abilities.v["can_repeat"], flagCanRepeat)
	add(p.Nominal.v.Held, flagHeld)
	add(p.Contractor.v.SelfEmployed, flagSelf)
	add(p.Contractor.v.StopList, flagStop)
	add(p.Contractor.v.Deleted, flagDeleted)
	if p.Receipt.known {
		flags = append(flags, "receipt "+receiptStatus(p.Receipt.v).Code)
	}
	return flags
}

func (c *Client) payoutLinks(p wirePayout) []providers.Link {
	var links []providers.Link
	if id := p.Contractor.v.ID; id > 0 {
		links = append(links, providers.Link{Rel: "contractor", Ref: c.ref(providers.Contractor, id.String())})
	}
	if p.Receipt.known {
		links = append(links, providers.Link{Rel: "receipt", Ref: c.ref(providers.Receipt, p.ID.String())})
	}
	if id := p.Certificate.v.ID.String(); isID(id) {
		links = append(links, providers.Link{Rel: "certificate", Ref: c.ref(providers.Certificate, id)})
	}
	if id := p.branchID(); isID(id) {
		links = append(links, providers.Link{Rel: "branch", Ref: c.ref(providers.Branch, id)})
	}
	return links
}

func (p wirePayout) branchID() string {
	for _, id := range []string{p.BranchID.String(), p.Branch.v.ID.String(), p.BranchV2.v.ID.String()} {
		if id != "" {
			return id
		}
	}
	return ""
}

// cardOf is the masked card that a payout lands on, empty for other
// destinations. The service shows "Brand · 1234" or a mask with stars.
func cardOf(d wireDestination) string {
	for _, t := range []text{d.Mask, d.Description} {
		s := t.String()
		if providers.HasCard(s) || strings.Contains(s, "*") {
			return providers.MaskCard(s)
		}
		if _, tail, ok := strings.Cut(s, "·"); ok {
			if tail = strings.TrimSpace(tail); len(tail) == 4 && strings.Trim(tail, "0123456789") == "" {
				return "•• " + tail
			}
		}
	}
	return ""
}
