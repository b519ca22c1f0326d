package world

import "strconv"

// The ids by which the systems name the world's rows. They are here, and not
// with the systems, because one system's record names another's: a gateway
// payment carries the id of the hosting payment that it paid.

// HostingID is the id of the hosting panel's row-th payment. The number behind
// it is the payment's refund, if it has one (HostingRefundID), so that ids rise
// with time.
func HostingID(row int) string { return strconv.Itoa(firstHostingID + 2*row) }

// HostingRefundID is the id of the refund row of the panel's row-th payment.
func HostingRefundID(row int) string { return strconv.Itoa(firstHostingID + 2*row + 1) }

// HostingRow is the row that HostingID or HostingRefundID named, and whether
// the id is the refund's; false when the id was made by neither.
func HostingRow(id string) (row int, refund, ok bool) {
	n, ok := number(id, firstHostingID)
	return n / 2, n%2 == 1, ok
}

// ShopPaymentID is the id of the gateway's row-th payment; SeqOfUUID with the
// space "payment" leads back.
func ShopPaymentID(w *World, row int) string { return UUID(w.Seed, "payment", row) }

// PayoutID is the id of the row-th payout.
func PayoutID(row int) string { return strconv.Itoa(firstPayoutID + row) }

// PayoutRow is the row that PayoutID named.
func PayoutRow(id string) (row int, ok bool) { return number(id, firstPayoutID) }

// ContractorID is the id of the row-th contractor.
func ContractorID(row int) string { return strconv.Itoa(firstContractorID + row) }

// ContractorRow is the row that ContractorID named.
func ContractorRow(id string) (row int, ok bool) { return number(id, firstContractorID) }

// CloudID is the id of the cloud marketplace's row-th payment.
func CloudID(row int) string { return strconv.Itoa(firstCloudID + row) }

// CloudRow is the row that CloudID named.
func CloudRow(id string) (row int, ok bool) { return number(id, firstCloudID) }

const (
	firstHostingID    = 1001
	firstPayoutID     = 700_001
	firstContractorID = 10_001
	firstCloudID      = 2_000_001
)

// number is how far a decimal id lies behind the first of its sort. A sign or a
// leading zero makes it nobody's id.
func number(id string, first int) (int, bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n < first || strconv.Itoa(n) != id {
		return 0, false
	}
	return n - first, true
}
