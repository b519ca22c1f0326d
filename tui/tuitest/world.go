package tuitest

import (
	"fmt"
	"time"

	"bursar/providers"
)

// The statuses that the world uses.
var (
	New       = providers.Status{Code: "1", Label: "новый", Phase: providers.PhaseNew}
	Waiting   = providers.Status{Code: "pending", Label: "в обработке", Phase: providers.PhaseWaiting}
	Held      = providers.Status{Code: "waiting_for_capture", Label: "waiting for capture", Phase: providers.PhaseHeld}
	Done      = providers.Status{Code: "4", Label: "зачислен", Phase: providers.PhaseDone}
	Returned  = providers.Status{Code: "6", Label: "возвращён", Phase: providers.PhaseReturned}
	Cancelled = providers.Status{Code: "canceled", Label: "canceled", Phase: providers.PhaseCancelled}
	Failed    = providers.Status{Code: "7", Label: "мошеннический", Phase: providers.PhaseFailed}
)

// Clock is the time in every test: a Sunday morning.
var Clock = time.Date(2026, time.November, 22, 10, 32, 0, 0, time.UTC)

// Now reads the tests' clock.
func Now() time.Time { return Clock }

func phases(a providers.Action, ok providers.Phase, word string) providers.Action {
	a.Eligible = func(r providers.Record, _ providers.Values) providers.Verdict {
		switch {
		case r.Status.Phase == ok:
			return providers.Can()
		case r.Status.Phase == providers.PhaseFailed && a.Verb() == "credit":
			return providers.Ask("the payment is marked as fraudulent")
		default:
			return providers.Cannot("the status is %s, not %s", r.Status.Label, word)
		}
	}
	if a.Amount == nil && a.Moves {
		a.Amount = func(r providers.Record, _ providers.Values) providers.Money { return r.Amount }
	}
	return a
}

func partly(r providers.Record, v providers.Values) providers.Money {
	if d, err := providers.ParseAmount(v["amount"]); err == nil {
		return providers.Money{Decimal: d, Currency: r.Amount.Currency}
	}
	return r.Remaining
}

// HostingActions are what the hosting panel of the world can do.
func HostingActions() []providers.Action {
	amount := providers.Field{Name: "amount", Title: "Amount", Help: "empty refunds all that remains", Type: providers.AmountField}
	return []providers.Action{
		phases(providers.Action{ID: "payment.credit", Title: "Credit", Kind: providers.Payment, Moves: true, Irreversible: true}, providers.PhaseNew, "new"),
		phases(providers.Action{ID: "payment.refund", Title: "Refund", Kind: providers.Payment, Moves: true, Irreversible: true, Fields: []providers.Field{amount}, Amount: partly}, providers.PhaseDone, "credited"),
		phases(providers.Action{ID: "payment.delete", Title: "Delete", Kind: providers.Payment, Irreversible: true}, providers.PhaseNew, "new"),
	}
}

// ShopActions are what the shop's gateway of the world can do.
func ShopActions() []providers.Action {
	fields := []providers.Field{
		{Name: "amount", Title: "Amount", Help: "empty refunds all that remains", Type: providers.AmountField},
		{Name: "description", Title: "Reason", Help: "the payer sees it", MaxLen: 250},
	}
	return []providers.Action{
		phases(providers.Action{ID: "payment.capture", Title: "Capture", Kind: providers.Payment, Moves: true, Fields: fields[:1]}, providers.PhaseHeld, "waiting for capture"),
		phases(providers.Action{ID: "payment.cancel", Title: "Cancel", Kind: providers.Payment, Irreversible: true}, providers.PhaseHeld, "waiting for capture"),
		phases(providers.Action{ID: "payment.refund", Title: "Refund", Kind: providers.Payment, Moves: true, Irreversible: true, Fields: fields, Amount: partly}, providers.PhaseDone, "credited"),
	}
}

// FieldActions are what the payout service of the world can do.
func FieldActions() []providers.Action {
	create := providers.Action{
		ID: "payout.create", Title: "New payout", Kind: providers.Payout, Creates: true, Moves: true, Irreversible: true,
		Fields: []providers.Field{
			{Name: "phone", Title: "Phone", Help: "of the contractor", Type: providers.PhoneField, Required: true},
			{Name: "amount", Title: "Amount", Help: "in roubles", Type: providers.AmountField, Required: true},
			{Name: "payment_purpose", Title: "Purpose", Help: "the bank shows it", MaxLen: 210},
			{Name: "method", Title: "Method", Help: "where the money lands", Type: providers.ChoiceField, Choices: []providers.Choice{{Value: "card", Title: "card"}, {Value: "sbp", Title: "SBP"}}},
		},
		Eligible: func(providers.Record, providers.Values) providers.Verdict { return providers.Can() },
		Amount: func(_ providers.Record, v providers.Values) providers.Money {
			d, err := providers.ParseAmount(v["amount"])
			if err != nil {
				return providers.Money{}
			}
			return providers.Money{Decimal: d, Currency: "RUB"}
		},
	}
	repeat := phases(providers.Action{ID: "payout.repeat", Title: "Repeat", Kind: providers.Payout, Moves: true}, providers.PhaseFailed, "failed")
	return []providers.Action{create, repeat}
}

var parties = []string{"ООО Ромашка", "ИП Кузнецов А. Н.", "Acme Hosting Ltd", "ООО «Северный ветер и партнёры»", "Сидорова Мария", "Jörg Weiß", "АО ТехноСфера"}

// Ref is a shorthand.
func Ref(account string, kind providers.Kind, id string) providers.Ref {
	return providers.Ref{Account: account, Kind: kind, ID: id}
}

// hosting fills the hosting panel: n payments, two hours apart, every status.
func hosting(p *Provider, n int) {
	for i := range n {
		status, left := New, providers.Money{}
		amount := providers.MustMoney(fmt.Sprintf("%d.%02d", 300+i*137, i%4*25), "RUB")
		switch {
		case i%7 == 3:
			status, left = Done, amount
		case i%11 == 5:
			status = Failed
		case i%13 == 6:
			amount = providers.MustMoney(fmt.Sprintf("%d.00", 20+i), "EUR")
		}
		id := fmt.Sprint(40000 - i)
		r := providers.Record{
			Ref: Ref("hosting", providers.Payment, id), Number: "P-" + id, Status: status, Amount: amount, Remaining: left,
			Created: Clock.Add(-time.Duration(i) * 2 * time.Hour), Updated: Clock.Add(-time.Duration(i) * 2 * time.Hour),
			Party: providers.Party{Name: parties[i%len(parties)], Email: fmt.Sprintf("client%d@example.com", i)}, Method: "bank card", Note: "аванс за хостинг",
		}
		if i == 3 {
			r.Links = []providers.Link{{Rel: "payment", Ref: Ref("shop", providers.Payment, "2d9f-0001")}, {Rel: "receipt", Ref: Ref("shop", providers.Receipt, "rc-1")}}
			r.Details = []providers.Group{
				{Title: "Parties", Rows: []providers.Row{{Label: "payer", Value: "ООО «Северный ветер и партнёры»"}, {Label: "recipient", Value: "Hosting EU"}}},
				{Title: "Timeline", Rows: []providers.Row{{Label: "created", Time: r.Created}, {Label: "credited", Value: "by operator", Time: r.Created.Add(3 * time.Minute)}}},
			}
			r.Raw = []byte(`{"id":"39997","status":"4","payer":{"card":"•• 4444"}}`)
		}
		p.Put(r)
	}
}

// shop fills the gateway: payments that wait for capture or are done, a refund
// and a receipt.
func shop(p *Provider) {
	for i := range 6 {
		amount := providers.MustMoney(fmt.Sprintf("%d.00", 1500+i*250), "RUB")
		r := providers.Record{
			Ref: Ref("shop", providers.Payment, fmt.Sprintf("2d9f-%04d", i+1)), Status: Held, Amount: amount, Remaining: amount,
			Created: Clock.Add(-time.Duration(i)*5*time.Hour - 20*time.Minute), Updated: Clock.Add(-time.Duration(i) * 5 * time.Hour),
			Deadline: Clock.Add(time.Duration(i+20) * time.Hour), Party: providers.Party{Name: parties[i%len(parties)], Card: "•• 4444"}, Method: "sbp",
		}
		if i%2 == 0 {
			r.Status, r.Deadline = Done, time.Time{}
		}
		p.Put(r)
	}
	p.Put(providers.Record{
		Ref: Ref("shop", providers.Receipt, "rc-1"), Number: "ФД 128", Status: providers.Status{Code: "succeeded", Label: "succeeded", Phase: providers.PhaseDone},
		Amount: providers.MustMoney("711.00", "RUB"), Created: Clock.Add(-6 * time.Hour), Updated: Clock.Add(-6 * time.Hour), Method: "payment",
		Links: []providers.Link{{Rel: "payment", Ref: Ref("shop", providers.Payment, "2d9f-0001")}},
	})
	p.Put(providers.Record{
		Ref: Ref("shop", providers.Refund, "rf-1"), Status: Done, Amount: providers.MustMoney("100.00", "RUB"), Created: Clock.Add(-3 * time.Hour), Updated: Clock.Add(-3 * time.Hour),
		Links: []providers.Link{{Rel: "payment", Ref: Ref("shop", providers.Payment, "2d9f-0001")}},
	})
}

// field fills the payout service.
func field(p *Provider) {
	for i := range 5 {
		status := Done
		if i%2 == 1 {
			status = providers.Status{Code: "8", Label: "ошибка", Phase: providers.PhaseFailed}
		}
		at := Clock.Add(-time.Duration(i) * 9 * time.Hour)
		p.Put(
			providers.Record{
				Ref: Ref("field", providers.Payout, fmt.Sprint(700+i)), Status: status, Amount: providers.MustMoney(fmt.Sprintf("%d.00", 2500+i*10), "RUB"), Created: at, Updated: at,
				Party: providers.Party{ID: fmt.Sprint(i), Name: parties[i]}, Method: "card", Links: []providers.Link{{Rel: "contractor", Ref: Ref("field", providers.Contractor, fmt.Sprint(i))}},
			},
			providers.Record{
				Ref: Ref("field", providers.Contractor, fmt.Sprint(i)), Status: providers.Status{Code: "1", Label: "самозанятый", Phase: providers.PhaseDone}, Created: at, Updated: at,
				Party: providers.Party{Name: parties[i], Phone: fmt.Sprintf("+7999123450%d", i)}, Amount: providers.MustMoney("150.00", "RUB"),
			},
		)
	}
}
