package providers

import (
	"strings"
	"testing"
)

var quickRule = MaskRule{Drop: []string{"passport", "token"}, Card: []string{"account_number", "title"}, Keep: []string{"id", "fiscal"}}

// The documents that maskQuick reads itself, and those that it must leave alone.
var quickDocs = map[string]bool{
	`{"b":1,"a":{"d":[],"c":{}},"id":"4111111111111111"}`:             true,
	" [ 1 , -0.5e+10 , \"4111 1111 1111 1111\" , null , true ] \n":    true,
	`{"account_number":"410011758831136","title":"MasterCard *4444"}`: true,
	`{"passport":{"number":"1","x":[4111111111111111]},"token":null}`: true,
	`{"n":4111111111111111,"fiscal":4111111111111111}`:                true,
	`{"t":"card \u0034111111111111111","s":"<&>\/\u2028"}`:            true,
	`{"t":"Ёлка 4111\u20111111\u20111111\u20111111"}`:                 true,
	"{\"t\":\"\u2028\xff\"}":                                          true,
	`"4111111111111111"`:                                              true,
	`{"\u0061":1,"a":2}`:                                              false,
	`{"a":1,"a":2}`:                                                   false,
	`{"b":1,"a":1,"a":2}`:                                             false,
	"{\"\xff\":1}":                                                    false,
	"{\"a\":\"\x01\"}":                                                false,
	`{"a":"\x"}`:                                                      false,
	`{"a":01}`:                                                        false,
	`{"a":1,}`:                                                        false,
	`[1,]`:                                                            false,
	`[1 2]`:                                                           false,
	`{"a" 1}`:                                                         false,
	`{"a":1`:                                                          false,
	`{} {}`:                                                           false,
	`nul`:                                                             false,
	``:                                                                false,
	`-`:                                                               false,
	`1.`:                                                              false,
	`1e`:                                                              false,
	strings.Repeat("[", 200) + strings.Repeat("]", 200): false,
}

func TestTheQuickMaskLeavesWhatIsRareToThePlainOne(t *testing.T) {
	for doc, quick := range quickDocs {
		got, ok := maskQuick([]byte(doc), quickRule)
		if ok != quick {
			t.Errorf("%q: quick %v, want %v", doc, ok, quick)
		}
		want := string(maskPlain([]byte(doc), quickRule))
		if ok && string(got) != want {
			t.Errorf("%q: quick %s, plain %s", doc, got, want)
		}
		if both := string(MaskJSON([]byte(doc), quickRule)); both != want {
			t.Errorf("%q: %s, want %s", doc, both, want)
		}
	}
}

func FuzzMaskJSON(f *testing.F) {
	for doc := range quickDocs {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		in := []byte(doc)
		for _, rule := range []MaskRule{{}, quickRule, {Drop: []string{""}}, {Card: []string{""}}} {
			if got, want := string(MaskJSON(in, rule)), string(maskPlain(in, rule)); got != want {
				t.Errorf("%q: %s, want %s", doc, got, want)
			}
		}
		if doc != string(in) {
			t.Errorf("%q was changed", doc)
		}
	})
}

// FuzzMayHoldCard holds the quick look against the search.
func FuzzMayHoldCard(f *testing.F) {
	for _, s := range []string{"", "4111 1111 1111 1111", "4111.111.111.111.111", "12 4111-1111\u20111111\t1111x", "22e12f66-000f-5000-8000-18db351245c7", "2200 2400 0000-0000 09"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if cardSpans(s) != nil && (!mayHoldCard(s) || !mayHoldCard([]byte(s))) {
			t.Errorf("%q holds a card and is not looked at", s)
		}
	})
}

// BenchmarkMaskJSON masks a payment, as a first sync does twice for each.
func BenchmarkMaskJSON(b *testing.B) {
	doc := []byte(`{"id":"eae5e18c-000f-5000-8331-515c34780528","status":"waiting_for_capture","amount":{"value":"6400.00","currency":"RUB"},"description":"Лицензия ISPmanager, заказ 869369","recipient":{"account_id":"100500","gateway_id":"1705060"},"payment_method":{"type":"bank_card","id":"eae5e18c-000f-5000-8331-515c34780528","saved":false,"status":"inactive","title":"Bank card *5997","card":{"first6":"220220","last4":"5997","expiry_month":"06","expiry_year":"2029","card_type":"Mir","issuer_country":"RU","issuer_name":"Альфа-Банк"}},"created_at":"2026-11-27T09:40:55.079Z","expires_at":"2026-12-04T09:40:55.079Z","test":false,"paid":true,"refundable":false,"receipt_registration":"pending","metadata":{"customer_name":"ИП Зайцев Р.А.","order_id":"869369","payout_id":"1007748"},"authorization_details":{"rrn":"673435402414","auth_code":"111746","three_d_secure":{"applied":true}},"merchant_customer_id":"zaycev26821@example.ru"}`)
	for name, mask := range map[string]func([]byte, MaskRule) string{
		"quick": func(d []byte, r MaskRule) string { return string(MaskJSON(d, r)) },
		"plain": func(d []byte, r MaskRule) string { return string(maskPlain(d, r)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				mask(doc, quickRule)
			}
		})
	}
}
