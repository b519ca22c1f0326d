package billmanager

import (
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a panel up. Only World and Gate are required.
type Options struct {
	World *world.World
	Gate  *gate.Gate

	// Username and Password are the one login; empty: operator, sandbox.
	Username, Password string
	// Level is the login's level; 0: 29, staff. Below 29 nothing may be changed.
	Level int
	// Lang is the login's own language, for requests that name none; empty: ru.
	Lang string

	// LenientSok carries payment.delete, payment.setpaid and
	// ticket.write.payment out without sok=ok.
	LenientSok bool
	// FilterOnSaves makes filter=on of the list save the filter for the login.
	FilterOnSaves bool
	// FilterEchoes makes payment.filter save only what a browser posts; a call
	// with a format is shown the form.
	FilterEchoes bool
	// RedirectByID makes payment.add.redirect do without amount_currency.
	RedirectByID bool
	// IgnoreNumberFilter is set on a panel that ignores the number filter.
	IgnoreNumberFilter bool
	// Group is what happens to several ids of one call when one is refused.
	Group GroupMode
	// DeleteLeaves100 keeps a deleted payment in the list, as being deleted.
	DeleteLeaves100 bool
	// RefundsWait leaves a whole refund awaiting the gateway (5), not refunded.
	RefundsWait bool
	// RefundNumbers is what the number of a refund names.
	RefundNumbers RefundNumbers

	// StatusForm is how a list tells a status.
	StatusForm StatusForm
	// OneRowAsArray keeps a list of one an array; by default it is an object.
	OneRowAsArray bool
	// Blanks pads every text with blanks.
	Blanks bool
	// Money is how amounts are printed.
	Money MoneyForm
	// PlainLabel calls JSON text/plain.
	PlainLabel bool
	// DefaultPage is the page length without p_cnt; 0: 50.
	DefaultPage int
	// Toolbar tells with the list which buttons the login may use.
	Toolbar bool
	// NoExternalID leaves the gateway's id out of the list.
	NoExternalID bool

	// IdleExpiry is how long a session lives without a call; 0: one hour.
	IdleExpiry time.Duration
	// ExpiredType is the error type for a session that has gone; empty: auth.
	ExpiredType string
	// StateType is the error type for a status that forbids it; empty: access.
	StateType string
	// TwoFactorCode lets a login wait for this code.
	TwoFactorCode string
	// ExtraConfirm makes a login that waits for its code meet an error, as
	// older panels do.
	ExtraConfirm bool
	// Busy answers changes with an error that asks to wait.
	Busy Busy
	// Captcha stands before func=auth.
	Captcha bool
	// Blocked refuses the caller's address.
	Blocked Blocked
	// SecretInURL is told about a secret parameter in an address.
	SecretInURL func(param string)
}

// GroupMode is one of three readings of a call with several ids.
type GroupMode uint8

// The modes.
const (
	StopAtFirst GroupMode = iota
	Atomic
	Continue
)

// RefundNumbers is what stands behind "return/".
type RefundNumbers uint8

// The ways.
const (
	ByNumber RefundNumbers = iota // the payment's number
	ByID                          // the payment's id
	Serial                        // a count of its own, which names nothing
)

// StatusForm is how a list tells a status.
type StatusForm uint8

// The forms.
const (
	WordWithOrig StatusForm = iota // the word, the code beside it
	CodeOnly
	WordOnly
)

// MoneyForm is how amounts are printed.
type MoneyForm uint8

// The forms.
const (
	ISOMoney    MoneyForm = iota // 100.00 RUB
	SymbolMoney                  // 100.00 ₽, 5.00 $, €5.00
	CommaMoney                   // 100,00 RUB
)

// Blocked is how an address is refused.
type Blocked uint8

// The ways.
const (
	NotBlocked Blocked = iota
	BlockedByPanel
	BlockedByServer
)

// Busy is what becomes of a change that a panel says it is still at work on.
type Busy uint8

// The ways.
const (
	NotBusy    Busy = iota
	BusyUndone      // it is never made
	BusyDone        // it is made
)

func (o Options) withDefaults() Options {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	set(&o.Username, "operator")
	set(&o.Password, "sandbox")
	set(&o.Lang, "ru")
	set(&o.ExpiredType, "auth")
	set(&o.StateType, "access")
	if o.Level == 0 {
		o.Level = staff
	}
	if o.DefaultPage == 0 {
		o.DefaultPage = 50
	}
	if o.IdleExpiry == 0 {
		o.IdleExpiry = time.Hour
	}
	return o
}
