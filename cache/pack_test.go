package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"bursar/providers"
)

// hosted is a payment as a client gives it, with words that stand in no
// dictionary.
func hosted() providers.Record {
	r := payment("магазин", "f3a9c1d2-77be-4c1e-9f00-5d2e8a6b4c13", noon)
	r.Number, r.Note = "К-48213", "Аренда сервера, договор 2291"
	r.Details = []providers.Group{
		{Title: "Payment", Rows: []providers.Row{{Label: "Id", Value: r.Ref.ID}, {Label: "Status", Value: "Paid"}, {Label: "Description", Value: r.Note}, {Label: "Shop", Value: "771204"}}},
		{Title: "Method", Rows: []providers.Row{{Label: "Method", Value: "bank_card"}, {Label: "Saved", Value: "no"}, {Label: "Valid to", Value: "04/2031"}, {Label: "RRN", Value: "882017734561"}, {Label: "3-D Secure", Value: "yes"}}},
		{Title: "Timeline", Rows: []providers.Row{{Label: "Created", Time: noon}, {Label: "Captured", Value: "1 250.00 RUB", Time: noon}}},
	}
	r.Raw = json.RawMessage(`{"amount":{"currency":"RUB","value":"1250.00"},"captured_at":"2026-11-22T12:00:00.000Z","id":"f3a9c1d2-77be-4c1e-9f00-5d2e8a6b4c13","paid":true,"payment_method":{"card":{"card_type":"Mir","expiry_month":"04","expiry_year":"2031"},"type":"bank_card"},"receipt_registration":"succeeded","refundable":true,"status":"succeeded","test":false}`)
	return r
}

func TestARecordIsKeptPacked(t *testing.T) {
	r := hosted()
	body, err := encodeDoc(r)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := unpack(body)
	if err != nil || !json.Valid(plain) {
		t.Fatalf("%v %s", err, plain)
	}
	if 3*len(body) > len(plain) {
		t.Errorf("%d bytes are kept of %d", len(body), len(plain))
	}
	for name, b := range map[string][]byte{"packed": body, "as JSON": plain} {
		got, err := decodeDoc(b, r.Ref)
		if err != nil || got.Note != r.Note || !bytes.Equal(got.Raw, r.Raw) || len(got.Details) != 3 || got.Details[2].Rows[1].Value != "1 250.00 RUB" {
			t.Errorf("%s: %v %+v", name, err, got)
		}
	}
}

// What was packed with another dictionary does not unpack: whoever changes it
// raises version, then this sum.
func TestTheDictionaryIsTheOneThatStoresWerePackedWith(t *testing.T) {
	sum := sha256.Sum256(docDict)
	if got := hex.EncodeToString(sum[:]); got != "d208f7270c53d4934039e6f05bf5ea4e9e52abf6b855f243808ffd6806c70ce0" {
		t.Error(got)
	}
	if providers.HasCard(string(docDict)) {
		t.Error("the dictionary holds what looks like a card number")
	}
}

func TestWhatDoesNotUnpackIsAnError(t *testing.T) {
	body, err := encodeDoc(hosted())
	if err != nil {
		t.Fatal(err)
	}
	huge := append([]byte{packed}, 0xff, 0xff, 0xff, 0xff, 0x07, 0)
	for name, b := range map[string][]byte{"cut": body[:len(body)/2], "nothing": body[:1], "a length of gigabytes": huge} {
		if got, err := unpack(b); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzPack(f *testing.F) {
	f.Add([]byte(`{"id":"1"}`))
	f.Add([]byte{packed, 4, 0})
	f.Add([]byte(strings.Repeat(`{"label":"Id","value":""}`, 50)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := unpack(pack(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%q came back as %q, %v", b, got, err)
		}
		if got, err := unpack(b); err == nil && len(got) > maxUnpacked {
			t.Errorf("%q unpacked to %d bytes", b, len(got))
		}
	})
}

func BenchmarkDoc(b *testing.B) {
	r := hosted()
	body, err := encodeDoc(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = encodeDoc(r)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = decodeDoc(body, r.Ref)
		}
	})
}
