package yookassa

import (
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Payer says what becomes of payments that wait for somebody to pay.
type Payer int

// The payers.
const (
	// NobodyPays leaves payments pending until they run out.
	NobodyPays Payer = iota
	// PayerPays pays every payment, PayerAfter its making.
	PayerPays
	// PayerDeclined is a payer whose bank refuses every payment, also those by
	// a saved method or a token, which it refuses at once.
	PayerDeclined
)

// Options sets a simulator up. The zero switches are today's dialect at its
// most usual.
type Options struct {
	World *world.World
	Gate  *gate.Gate
	// PendingRefunds makes a new refund pending; it settles when it has been
	// read so many times. 0: refunds succeed at once.
	PendingRefunds int
	// ProcessingOnce answers 202 to the first send of every key, after the
	// change was made, as the older edition may.
	ProcessingOnce bool
	// OldDialect speaks the 2019 edition: yandex_money, yandex_checkout, no
	// metadata on refunds, under /api/v3 too.
	OldDialect bool
	// Payer is who comes to payments that wait for a payer.
	Payer Payer
	// PayerAfter is how long a payer takes, by the sandbox's clock. 0: half a
	// minute.
	PayerAfter time.Duration
	// RawCards lets the shop send card numbers itself, as one with a PCI DSS
	// certificate may. Off: 403.
	RawCards bool
	// Platform makes the shop a platform of split payments: GET /me takes its
	// key too, with on_behalf_of.
	Platform bool
	// PayoutAfter is how long a payout stays pending, by the sandbox's clock.
	// 0: cards and wallets are paid at once, SBP after a minute.
	PayoutAfter time.Duration
	// PayoutReason is why every new payout fails. "": they succeed.
	PayoutReason string
	// NoPayoutList is a server from before the autumn of 2025: payouts can be
	// neither listed nor searched.
	NoPayoutList bool
}
