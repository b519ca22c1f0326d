package cache

import (
	"testing"
	"time"

	"bursar/providers"
)

func TestSummariesComeBack(t *testing.T) {
	big := payment("shop", "big", time.Time{})
	big.Amount = providers.MustMoney("123456789012345678901234567890.12345", "RUB")
	big.Remaining = providers.MustMoney("-0.01", "")
	big.Updated, big.Deadline = time.Time{}, noon.In(time.FixedZone("", -9*3600-30*60))
	big.Links = []providers.Link{{Rel: "payer", Ref: providers.Ref{Account: "other", Kind: "coin", ID: ""}}}
	big.Flags = nil
	zero := payment("shop", "zero", noon)
	zero.Amount, zero.Remaining = providers.MustMoney("0", "RUB"), providers.Money{}
	for _, want := range []providers.Record{payment("shop", "1", noon.In(msk)), big, zero, {Ref: providers.Ref{Account: "a", Kind: "k", ID: "i"}}} {
		want.Details, want.Raw = nil, nil
		want = clean(want)
		b := appendSummary(nil, &want, noon)
		var got providers.Record
		fetched, err := decodeSummary(string(b), segOf(want.Ref), &got)
		if err != nil || !fetched.Equal(noon) {
			t.Fatal(err, fetched)
		}
		equal(t, got, want)
		if keyTime(summaryCreated(b), b[atZone]) != got.Created {
			t.Error("the parts differ from the whole")
		}
		for n := range b {
			if _, err := decodeSummary(string(b[:n]), segOf(want.Ref), &got); err == nil {
				t.Fatalf("a summary cut at %d reads", n)
			}
		}
	}
}

func TestASummaryIsSmall(t *testing.T) {
	r := bare("shop", "100200300", noon)
	r.Party, r.Flags, r.Links = providers.Party{ID: "7", Name: "ООО Ромашка"}, []string{"test"}, nil
	if n := len(appendSummary(nil, &r, noon)); n > 160 {
		t.Errorf("%d bytes", n)
	}
}

func TestTimesOutsideReasonAreUnknown(t *testing.T) {
	for _, y := range []int{-5, 1, 1677, 1899, 2263, 9999, 200000} {
		r := clean(providers.Record{Created: time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)})
		if !r.Created.IsZero() {
			t.Error(y, r.Created)
		}
	}
}

func FuzzSummary(f *testing.F) {
	r := payment("shop", "1", noon)
	f.Add(appendSummary(nil, &r, noon))
	f.Add(appendSummary(nil, &providers.Record{}, noon))
	r.Amount = providers.MustMoney("123456789012345678901234567890.5", "RUB")
	f.Add(appendSummary(nil, &r, noon))
	id := segID{Account: "shop", Kind: providers.Payment}
	f.Fuzz(func(t *testing.T, b []byte) {
		var rec, again providers.Record
		fetched, err := decodeSummary(string(b), id, &rec)
		if err != nil {
			return
		}
		_ = summaryCreated(b)
		// Whatever reads can be written and reads the same.
		c := appendSummary(nil, &rec, fetched)
		at, err := decodeSummary(string(c), id, &again)
		if err != nil || !at.Equal(fetched) {
			t.Fatal(err, at, fetched)
		}
		equal(t, again, rec)
	})
}

func FuzzHead(f *testing.F) {
	f.Add(head{created: 1, fetched: noon, rich: true}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := decodeHead(b)
		if err != nil {
			return
		}
		if again, err := decodeHead(h.encode()); err != nil || again != h {
			t.Fatal(again, h, err)
		}
	})
}
