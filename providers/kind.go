package providers

import (
	"fmt"
	"strings"
)

// Kind is what a record is, in bursar's vocabulary.
type Kind string

// The kinds. The first four have tabs of their own, the rest are views.
const (
	Payment        Kind = "payment"
	Payout         Kind = "payout"
	Contractor     Kind = "contractor"
	Receipt        Kind = "receipt"
	Refund         Kind = "refund"
	Certificate    Kind = "certificate"
	Branch         Kind = "branch"
	Nomenclature   Kind = "nomenclature"
	NominalPayout  Kind = "nominal-payout"
	NominalReceipt Kind = "nominal-receipt"
	Webhook        Kind = "webhook"
	Release        Kind = "release"
)

// Kinds returns every kind, the four tabs first.
func Kinds() []Kind {
	return []Kind{
		Payment, Payout, Contractor, Receipt,
		Refund, Certificate, Branch, Nomenclature, NominalPayout, NominalReceipt, Webhook, Release,
	}
}

// Tabs returns the four kinds that have tabs of their own, in order.
func Tabs() []Kind { return Kinds()[:4] }

// Plural is the kind's name for lists and titles, in lower case.
func (k Kind) Plural() string {
	switch k {
	case "":
		return ""
	case Branch:
		return "branches"
	case Nomenclature:
		return "nomenclature"
	default:
		return string(k) + "s"
	}
}

// ParseKind reads a kind in singular or plural, in any case.
func ParseKind(s string) (Kind, error) {
	name := strings.ToLower(strings.TrimSpace(s))
	for _, k := range Kinds() {
		if name == string(k) || name == k.Plural() {
			return k, nil
		}
	}
	return "", fmt.Errorf("no kind %q: use one of %s", s, strings.Join(kindNames(), ", "))
}

func kindNames() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Plural())
	}
	return names
}

// Ref names one record: the account it was read through, its kind and the
// payment system's own id, which is opaque.
type Ref struct {
	Account string `json:"account"`
	Kind    Kind   `json:"kind"`
	ID      string `json:"id"`
}

// String is the ref as account/kind/id, the form that ParseRef reads.
func (r Ref) String() string { return r.Account + "/" + string(r.Kind) + "/" + r.ID }

// IsZero reports whether the ref names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// ParseRef reads account/kind/id. The id may hold further slashes.
func ParseRef(s string) (Ref, error) {
	parts := strings.SplitN(s, "/", 3)
	if len(parts) != 3 || parts[0] == "" || parts[2] == "" {
		return Ref{}, fmt.Errorf("no record %q: write ACCOUNT/KIND/ID, for example shop/payment/42", s)
	}
	kind, err := ParseKind(parts[1])
	if err != nil {
		return Ref{}, err
	}
	return Ref{Account: parts[0], Kind: kind, ID: parts[2]}, nil
}
