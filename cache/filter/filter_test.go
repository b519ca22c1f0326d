package filter

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

var (
	msk = time.FixedZone("MSK", 3*60*60)
	// now is a Sunday.
	now = time.Date(2026, 11, 22, 15, 30, 0, 0, msk)
)

func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, msk) }

func sample() *providers.Record {
	return &providers.Record{
		Ref:       providers.Ref{Account: "shop-main", Kind: providers.Payment, ID: "2d9c8f4a-000f"},
		Number:    "A-1042",
		Status:    providers.Status{Code: "waiting_for_capture", Label: "Ждёт списания", Phase: providers.PhaseHeld},
		Amount:    providers.MustMoney("1234.50", "RUB"),
		Remaining: providers.MustMoney("200", "RUB"),
		Created:   at(21, 23), Updated: at(22, 10), Deadline: at(24, 12),
		Party:  providers.Party{ID: "77", Name: "ООО «Ромашка и Ёжик»", Phone: "+79991234567", Email: "Info@Romashka.example", Card: "•• 4444"},
		Method: "sbp",
		Note:   "за Хостинг, ноябрь",
		Flags:  []string{"test", "stop list"},
		Links:  []providers.Link{{Rel: "receipt", Ref: providers.Ref{Account: "x", Kind: providers.Receipt, ID: "9"}}},
	}
}

func linked(providers.Ref) []providers.Kind { return []providers.Kind{providers.Refund} }

func TestMatch(t *testing.T) {
	rec := sample()
	for text, want := range map[string]bool{
		"":   true,
		"  ": true,
		"-":  true,
		`""`: true,

		"ромашка": true, "РОМАШКА": true, "ежик": true, "ЁЖИК": true, "лютик": false,
		`"ромашка и ёжик"`: true, `"ромашка ёжик"`: false, "ромашка sbp": true, "ромашка лютик": false,
		"-ромашка": false, "-лютик": true, `-"stop list"`: false,
		"2d9c": true, "1042": true, "4444": true, "9123": true, "romashka": true, "хостинг,": true,
		"ждет": true, "capture": true, "rub": true, "1234.50": true, "1234,5": true, `"1 234.50"`: true, "200.00": true, "888": false,
		"10:30": false, "payment": false,

		"status:waiting_for_capture": true, "status:held": true, `status:"ждет списания"`: true, "status:ждёт": false, "status:ждёт*": true,
		"status:new,held": true, "status:new": false, "-status:new": true, "status!=new": true, "status=held": true, "STATUS:HELD": true,
		"phase:held": true, "is:held": true, "is:new,done": false, "-is:held": false,

		"amount>1000": true, "amount>1234.50": false, "amount>=1234.5": true, "amount<1234.50": false, "amount<=1234.50": true,
		"amount:1234.5": true, "amount=1234.50": true, "amount:100..2000": true, "amount:..1000": false, "amount:1000..": true,
		"amount:>1000": true, "amount:1_234.50": true, "remaining>100": true, "remaining<100": false, "amount:5,1234.5": true,
		"currency:rub": true, "currency:₽": true, "currency:usd,eur": false, "currency:?": false,

		"created:yesterday": true, "created:today": false, "created:вчера": true, "updated:today": true, "deadline:tomorrow": false,
		"created:2026-11-21": true, "created:21.11.2026": true, "created:21.11": true, "created:2026-11": true, "created:11.2026": true, "created:2026": true,
		"created:2026-11-01..2026-11-21": true, "created:2026-11-01..2026-11-20": false, "created:2026-11-21..": true, "created:..2026-11-20": false,
		"created:yesterday..today": true, "created>2026-11-21": false, "created>=2026-11-21": true, "created<2026-11-22": true, "created<=2026-11-21": true,
		"created<2026-11-21": false, "created>2026-11-20": true, "created:week": true, "created:lastweek": false, "created:month": true, "created:lastmonth": false,
		"created:1d": true, "created:1h": false, "created>2d": true, "created<2d": false, "created:7d": true,
		"deadline<3d": true, "deadline<1d": false, "deadline:2d": true, "deadline>now": true, "updated<now": true, "deadline:nextweek": true,
		"created:2026-11-21T23:00": true, `created:"2026-11-21 23:00"`: true, "created>=2026-11-21T20:00:00Z": true, "created:year": true, "created:lastyear": false,

		"account:shop-main": true, "account:shop": false, "account:shop*": true, "account:SHOP-MAIN": true, `account:"shop*"`: false,
		"method:sbp": true, "method:sb": true, "card:4444": true, "card:444": true, "card:5555": false,
		`party:"ооо «ромашка"`: true, "party:+7999": true, "party:info@": true, "party:sbp": false,
		"id:2d9c8f4a-000f": true, "id:2d9c": false, "id:2d9c*": true, "id:*000f": true, "id:2d*4a*0f": true, "number:a-1042": true, "number:1042": false,
		"note:хостинг": true, "note:ромашка": false, "flag:test": true, `flag:"stop list"`: true, "flag:stop": false,
		"kind:payment": true, "kind:payments": true, "kind:refund": false, "kind:refund,payment": true,
		"has:receipt": true, "has:refund": true, "has:certificate": false, "-has:refund": false, "has:note": true, "has:deadline": true, "has:remaining": true,
	} {
		f, err := Parse(text, now)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := f.Match(rec, linked); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if f.String() != text {
			t.Errorf("String is %q", f.String())
		}
	}
}

func TestARecordThatHasNothing(t *testing.T) {
	rec := &providers.Record{Amount: providers.Money{Decimal: providers.MustMoney("5", "").Decimal}}
	for text, want := range map[string]bool{
		"created<2030": false, "-created<2030": true, "created:..2030": false, "amount<10": true, "remaining<10": false, "remaining:..10": false,
		"currency:?": true, "currency:unknown": true, "currency:rub": false, "has:receipt": false, "has:note": false, "party:x": false, "number:*": false,
	} {
		f, err := Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Match(rec, nil); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestLettersOfTwoCharacters(t *testing.T) {
	rec := &providers.Record{Note: "Йод е\u0308ж и\u0306од"}
	for _, text := range []string{"йод", "и\u0306од", "ёж", "еж"} {
		f, err := Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Match(rec, nil) {
			t.Errorf("%q is not found", text)
		}
	}
}

func TestTheShortWayOfFoldingIsTheLongOne(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if got, want := Fold(string(r)), string(appendRune(nil, r)); utf8.ValidRune(r) && got != want {
			t.Errorf("%q folds to %q, not %q", r, got, want)
		}
	}
}

// plain folds a text by characters, in the slowest way there is.
func plain(s string) string {
	var out []rune
	for _, r := range s {
		last := len(out) - 1
		switch {
		case r == diaeresis && last >= 0 && out[last] == 'е':
		case r == breve && last >= 0 && out[last] == 'и':
			out[last] = 'й'
		case unicode.IsSpace(r), unicode.IsControl(r) && r != 0x7f:
			out = append(out, ' ')
		default:
			if r = unicode.ToLower(r); r == 'ё' {
				r = 'е'
			}
			out = append(out, r)
		}
	}
	return string(out)
}

// FuzzFold compares the code with plain characters: the same texts are alike,
// and the same ones stand inside others.
func FuzzFold(f *testing.F) {
	for _, s := range [][2]string{
		{"ООО Ромашка", "РОМ"},
		{"Ёлка е\u0308лка", "елка"},
		{"и\u0306од", "йод"},
		{"日本語 テスト", "本語"},
		{"ґ Ї є", "ї"},
		{"\x1f\n\x00\xff\u0085", " "},
		{"K \u212a", "k"},
		{"🙂‍↔️", "\u200d"},
		{"Ā\u0480\u7fff\u8000", "\u0480"},
		{"İi\u0307", "i"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, part string) {
		a, b, pa, pb := Fold(text), Fold(part), plain(text), plain(part)
		if strings.Contains(a, b) != strings.Contains(pa, pb) {
			t.Fatalf("%q in %q: %v in code, %v in characters", part, text, strings.Contains(a, b), strings.Contains(pa, pb))
		}
		if (a == b) != (pa == pb) {
			t.Fatalf("%q and %q", text, part)
		}
		if strings.ContainsFunc(a, func(r rune) bool { return r < ' ' }) {
			t.Fatalf("%q: a separator came through", a)
		}
	})
}

func TestWhatAFilterNeeds(t *testing.T) {
	for text, want := range map[string]struct {
		words, spellings, links int
		plain                   bool
	}{
		"ромашка": {1, 1, 0, true}, "ромашка 12": {2, 2, 0, true}, "12,5": {1, 2, 0, true}, `"1 000"`: {1, 2, 0, true}, "-12": {0, 0, 0, false},
		"amount>1 a": {1, 1, 0, false}, "has:receipt,refund has:receipt": {0, 0, 2, false}, "has:remaining": {0, 0, 0, false},
	} {
		f, err := Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		spellings := 0
		for _, w := range f.Words() {
			spellings += len(w.Spellings)
		}
		if len(f.Words()) != want.words || spellings != want.spellings || len(f.Links()) != want.links || f.Plain() != want.plain {
			t.Errorf("%q: %d words in %d spellings, %v, plain %v", text, len(f.Words()), spellings, f.Links(), f.Plain())
		}
	}
	var none *Filter
	if !none.Empty() || none.String() != "" || none.Links() != nil || none.Words() != nil || !none.Plain() || !none.Match(sample(), nil) {
		t.Error("nil is not the empty filter")
	}
}

func TestErrorsSayWhereAndWhy(t *testing.T) {
	for text, want := range map[string]struct {
		pos, len int
		sentence string
	}{
		"stats:new":                 {0, 5, `filter, character 1: there is no field "stats": did you mean status?`},
		"ромашка amout>1":           {15, 5, `filter, character 9: there is no field "amout": did you mean amount?`},
		"http://x":                  {0, 4, `filter, character 1: there is no field "http": to search for the text itself, put it in quotes; fields are `},
		"status:":                   {7, 1, `filter, character 8: status needs a value: for example status:new`},
		"status:new,":               {11, 1, `filter, character 12: status needs a value`},
		"amount:>":                  {8, 0, `filter, character 9: amount needs a value: for example amount>1000`},
		`party:"Ромашка`:            {6, 15, `filter, character 7: the quote is not closed: write a second "`},
		"is:hold":                   {3, 4, `filter, character 4: there is no phase "hold": did you mean is:held?`},
		"amount>1e9":                {7, 3, `filter, character 8: "1e9" is not an amount: write digits with a dot, such as amount>1000.50`},
		"amount:5..2":               {7, 4, `filter, character 8: the range is the wrong way round: write amount:2..5`},
		"amount:..":                 {7, 2, `filter, character 8: the range has no bounds`},
		"amount>1..2":               {7, 4, `filter, character 8: a range takes no >`},
		"created:yesteday":          {8, 8, `filter, character 9: "yesteday" is no date: did you mean created:yesterday?`},
		"created:2026-13-01":        {8, 10, `filter, character 9: "2026-13-01" is no date: write 2026-11-01`},
		"created:31.02":             {8, 5, `filter, character 9: "31.02" is no date`},
		"created:today..yesterday":  {8, 16, `filter, character 9: the range is the wrong way round: write created:yesterday..today`},
		"has:recipt":                {4, 6, `filter, character 5: there is no kind "recipt": did you mean has:receipt?`},
		"kind:coin":                 {5, 4, `filter, character 6: there is no kind "coin": use one of payment`},
		"card:4111111111111111":     {5, 16, `filter, character 6: only the last four digits of a card are kept: write the last four`},
		"card:visa":                 {5, 4, `filter, character 6: a card is found by its last digits`},
		"currency:rubles":           {9, 6, `filter, character 10: "rubles" is no currency`},
		"party>5":                   {6, 1, `filter, character 7: party cannot be compared with >`},
		strings.Repeat("x", 10_000): {8192, 1808, `filter, character 8193: a filter has at most 8192 bytes`},
	} {
		_, err := Parse(text, now)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if e.Pos != want.pos || e.Len != want.len || !strings.HasPrefix(e.Error(), want.sentence) {
			t.Errorf("%q: %d+%d %s", text, e.Pos, e.Len, e)
		}
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string][]string{
		"st": {"status:"}, "foo -re": {"-remaining:"}, "is:h": {"is:held"}, "is:new,w": {"is:new,waiting"}, "created:last": {"created:lastweek", "created:lastmonth", "created:lastyear"},
		"-has:ref": {"-has:refund"}, `party:"o`: nil, "": nil, "zz": nil,
	} {
		if got := Complete(text, len(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
	Complete("ромашка", 3)
	Complete("x", 99)
	Complete("x", -1)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`status:new amount>1000 currency:rub created:yesterday`, `created:2026-11-01..2026-11-15 account:shop-main method:sbp card:4444`,
		`party:"ООО Ромашка" has:receipt -has:refund`, `a "b c" -d "\"" -"e`, `amount:>1,2..3,..4`, `deadline<3d id:*a*`, "x\x00\xff:",
	} {
		f.Add(s)
	}
	rec := sample()
	f.Fuzz(func(t *testing.T, text string) {
		flt, err := Parse(text, now)
		Complete(text, len(text)/2)
		var e *Error
		if errors.As(err, &e) {
			if e.Pos < 0 || e.Len < 0 || e.Pos > len(text) || e.Pos+e.Len > len(text)+1 || e.Msg == "" {
				t.Fatalf("%q: place %d+%d", text, e.Pos, e.Len)
			}
			if strings.ContainsAny(e.Error(), "\n") && !strings.Contains(text, "\n") || utf8.ValidString(text) && !utf8.ValidString(e.Error()) {
				t.Fatalf("%q: %q", text, e.Error())
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %T", text, err)
		}
		flt.Match(rec, linked)
		flt.Match(&providers.Record{}, nil)
		if again, err := Parse(flt.String(), now); err != nil || again.Match(rec, linked) != flt.Match(rec, linked) {
			t.Fatalf("%q does not come back", text)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	rec := sample()
	for _, text := range []string{"ромашка", "лютик", "1234", "amount>1000", "status:held created:month", "has:refund"} {
		f, err := Parse(text, now)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Match(rec, linked)
			}
		})
	}
}

func FuzzAppendCents(f *testing.F) {
	f.Add(int64(123450), int32(-2), "RUB")
	f.Add(int64(-5), int32(-2), "RUB")
	f.Add(int64(7), int32(0), "JPY")
	f.Add(int64(3141), int32(-3), "KWD")
	f.Add(int64(1)<<53, int32(-1), "USD")
	f.Fuzz(func(t *testing.T, coef int64, exp int32, currency string) {
		if exp < -1000 || exp > 1000 {
			return
		}
		m := providers.Money{Decimal: decimal.New(coef, exp), Currency: currency}
		if got, ok := AppendCents([]byte("x"), coef, exp, currency); ok && string(got) != "x"+m.Text()+string(rune(Part)) {
			t.Fatalf("%d e%d %s: %q, not %q", coef, exp, currency, got, m.Text())
		}
	})
}
