package tui_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"bursar/providers"
	"bursar/tui/tuitest"
)

// texts are what operators type and paste into filters, palettes and fields.
var texts = []string{
	"status:new", "ромашка", "ООО «", "amount>1000", "amount>lots", "created:yesterday", "-has:refund", "party:\"Север", "foo:bar", "status:", "((", "世界", "e\u0301le\u0300ve",
	"👍🏽", "שלום", "P-399", "journal", "refunds", "theme", "account:shop", "25.50", "+79991234567", "иван-иванов@почта.рф", "zzzz", "currency:eur amount<100",
	"ก็", "क्षि", "한글", "\u1112\u1161\u11ab", "ﬃ", "a\u0300\u0301\u0302\u0303", "ⅷ€₽№", "\u200b\u202e", strings.Repeat("длинный ", 30),
}

// people are names that a terminal has trouble with.
var people = []string{
	"ООО «Ромашка»", "株式会社さくら", "東京支店 経理部 御中 東京支店 経理部 御中", "Zoe\u0308 e\u0301lue", "и\u0306о\u0308ж", "a\u0301\u0302\u0303\u0304\u0305\u0306", "👩‍👩‍👧‍👦 family", "🇷🇺 flag", "👍🏽 ok", "☎ ✈ ✂️",
	"שלום עולם 123.45", "مرحبا 99", "क्षत्रिय", "ประเทศไทย", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글 상점", "ｆｕｌｌ　ｗｉｄｅ", "tab\there\nline", "zero\u200bwidth\u200djoin\ufeff", "\u202eoverride\u2066iso", "\x1b[31mred\x1b]52;c;QQ==\x07",
	"\xff\xfe broken \xc3", "½ ¼ № €", "", "•••• ───", strings.Repeat("Ъ", 200), strings.Repeat("界", 100), "naïve café", "ﷺ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎𠜱",
}

// rareRows are payments with such names in every field that a list shows.
func rareRows() []providers.Record {
	phases := []providers.Status{tuitest.New, tuitest.Done, tuitest.Failed, tuitest.Held, tuitest.Returned, tuitest.Waiting}
	amounts := []string{"0.01", "100", "1234567.89", "-5.00", "99999999999999999999.99", "0.000000001"}
	currencies := []string{"RUB", "EUR", "USD", "JPY", "ZZZ"}
	var out []providers.Record
	for i, name := range people {
		next := func(n int) string { return people[(i+n)%len(people)] }
		at := tuitest.Clock.Add(-time.Duration(i) * 3 * time.Hour)
		r := providers.Record{
			Ref: tuitest.Ref("hosting", providers.Payment, fmt.Sprintf("rare-%02d", i)), Number: next(3), Status: phases[i%len(phases)],
			Amount: providers.MustMoney(amounts[i%len(amounts)], currencies[i%len(currencies)]), Created: at, Updated: at,
			Party: providers.Party{Name: name, Email: next(1), Phone: next(2)}, Method: next(5), Note: next(7), Flags: []string{next(9)},
			Details: []providers.Group{{Title: next(11), Rows: []providers.Row{{Label: next(12), Value: next(13)}, {Label: "when", Value: next(14), Time: at}}}},
		}
		if i%2 == 0 {
			r.Status.Label, r.Remaining = next(17), r.Amount
		}
		if i%5 == 0 {
			r.Links = []providers.Link{{Rel: next(19), Ref: tuitest.Ref("shop", providers.Payment, "2d9f-0001")}}
		}
		out = append(out, r)
	}
	return out
}

// oneOf are keys that may come, with their weight.
var oneOf = []struct {
	weight int
	keys   string
}{
	{34, "j k down up j j k"},
	{14, "pgdown pgup ctrl+d ctrl+u"},
	{9, "g G home end"},
	{12, "space V * - i ] ["},
	{10, "esc"},
	{8, "enter"},
	{6, "s S"},
	{7, "1 2 3 4 tab shift+tab"},
	{6, "left right h l v"},
	{4, "a c u x d n"},
	{4, "y Y f e w A p"},
	{4, "? J : /"},
	{4, "backspace delete ctrl+a ctrl+w"},
	{2, "t o r R"},
	{1, "ctrl+l ctrl+z q ctrl+c ctrl+s"},
}

// chance is what happens next: mostly a key.
func chance(r *rand.Rand, w, h int) []step {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	switch n := r.IntN(100); {
	case n < 62:
		at := r.IntN(125)
		for _, o := range oneOf {
			if at -= o.weight; at < 0 {
				return key(pick(strings.Fields(o.keys)))
			}
		}
		return key("j")
	case n < 70: // into a text field, letter by letter
		out := key(pick([]string{"/", ":", "/", "/", ""}))
		if out[0].text == "" {
			out = nil
		}
		for _, c := range pick(texts) {
			out = append(out, step{do: "key", text: string(c)})
		}
		return append(out, key(pick([]string{"enter", "esc", "tab", "up", "left"}))...)
	case n < 73:
		return []step{{do: pick([]string{"paste", "burst"}), text: pick(texts)}}
	case n < 78:
		return drag(r, w, h)
	case n < 93:
		return background(r, pick)
	default:
		return []step{{do: "wait", n: 1 + r.IntN(400)}}
	}
}

func key(k string) []step { return []step{{do: "key", text: k}} }

// drag drags the window about, now and then to where nothing fits.
func drag(r *rand.Rand, w, h int) []step {
	a, b := w+r.IntN(41)-20, h+r.IntN(15)-7
	back := step{do: "resize", n: w, m: h}
	switch r.IntN(6) {
	case 0:
		small := [][2]int{{20, 5}, {59, 14}, {60, 15}, {1, 1}, {61, 40}, {200, 14}}[r.IntN(6)]
		return []step{{do: "resize", n: small[0], m: small[1]}, key("j")[0], {do: "put", n: r.IntN(50)}, back}
	case 1:
		return []step{{do: "resize unseen", n: a, m: b}, {do: "put", n: r.IntN(50)}, {do: "wait", n: 40}, key("j")[0], {do: "told"}}
	case 2:
		return []step{back}
	}
	return []step{{do: "resize", n: a, m: b}}
}

// background is what happens without the operator.
func background(r *rand.Rand, pick func([]string) string) []step {
	switch n := r.IntN(60); {
	case n < 20:
		return []step{{do: "put", n: r.IntN(100) - 20, m: 1}}
	case n < 24:
		return []step{{do: "put", n: r.IntN(100) - 20, m: 2 + r.IntN(60)}}
	case n < 30:
		return []step{{do: "remove", n: r.IntN(120)}}
	case n < 38:
		return []step{{do: "state", n: r.IntN(2), m: r.IntN(90), text: pick([]string{"", "", "connection refused", pick(people)})}}
	case n < 42:
		return []step{{do: "sync", n: r.IntN(100) - 40, m: r.IntN(30), text: pick([]string{"", "", pick(people)})}}
	case n < 46:
		return []step{{do: pick([]string{"lag", "no lag", "no lag"})}}
	case n < 52:
		return []step{{do: "tick"}}
	case n < 54:
		return []step{{do: pick([]string{"hold", "free", "free"})}}
	case n < 56:
		return []step{{do: "refuse", n: r.IntN(5)}}
	case n < 58:
		return []step{{do: "batch", text: pick([]string{"status:new account:hosting", "created:yesterday account:hosting", "ромашка"})}}
	}
	return []step{{do: "wait", n: 200}, {do: "no lag"}}
}
