package world

import "testing"

func TestGatewayStatesAreMixedByAge(t *testing.T) {
	w := newWorld(20_000)
	count := map[bool]map[State]int{true: {}, false: {}}
	for deal := range w.Deals() {
		age := w.DaysBack(deal)
		if at := w.Deal(deal).Time; int(w.deals.anchor.AddDate(0, 0, 1).Sub(at).Hours())/24 != age {
			t.Fatalf("deal %d at %v is said to be %d days old", deal, at, age)
		}
		s := w.GatewayState(deal)
		count[age <= 1][s]++
		if age > holdDays && (s == Held || s == Pending) {
			t.Fatalf("deal %d is %v after %d days", deal, s, age)
		}
		refunded := w.GatewayRefunded(deal)
		if amount := w.Deal(deal).Amount; refunded.IsPositive() != (s == RefundedPart || s == RefundedWhole) ||
			s == RefundedPart && !refunded.LessThan(amount) || s == RefundedWhole && !refunded.Equal(amount) {
			t.Fatalf("deal %d is %v with %v of %v refunded", deal, s, refunded, amount)
		}
	}
	fresh, old := count[true], count[false]
	if fresh[Held] < fresh[Cancelled] || fresh[Pending] == 0 || old[Succeeded] < old[RefundedWhole]*10 || old[RefundedPart] == 0 || old[Cancelled] == 0 {
		t.Errorf("fresh %v, older %v", fresh, old)
	}
}

func TestIDsLeadBackToTheirRows(t *testing.T) {
	for _, row := range []int{0, 1, 999_999} {
		if got, refund, ok := HostingRow(HostingID(row)); got != row || refund || !ok {
			t.Errorf("hosting payment %d leads to %d, %v, %v", row, got, refund, ok)
		}
		if got, refund, ok := HostingRow(HostingRefundID(row)); got != row || !refund || !ok {
			t.Errorf("hosting refund %d leads to %d, %v, %v", row, got, refund, ok)
		}
		for name, back := range map[string]func() (int, bool){
			"payout":     func() (int, bool) { return PayoutRow(PayoutID(row)) },
			"contractor": func() (int, bool) { return ContractorRow(ContractorID(row)) },
			"cloud":      func() (int, bool) { return CloudRow(CloudID(row)) },
		} {
			if got, ok := back(); got != row || !ok {
				t.Errorf("%s %d leads to %d, %v", name, row, got, ok)
			}
		}
	}
	for _, id := range []string{"", "1000", "-1001", "01001", "+1001", "x", "1001.0"} {
		if _, _, ok := HostingRow(id); ok {
			t.Errorf("%q passes for an id", id)
		}
	}
}

func TestShopPaymentIDIsTheGatewaysOwn(t *testing.T) {
	w := newWorld(0)
	if row, ok := SeqOfUUID(w.Seed, "payment", ShopPaymentID(w, 17)); !ok || row != 17 {
		t.Errorf("leads to %d, %v", row, ok)
	}
}
