package filter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"bursar/providers"
)

// field says how one name is read.
type field struct {
	name    string
	example string
	parse   func(p *parser, f field, op string, v value) (test, *Error)
	ordered bool // takes < and >
}

var fieldList = []field{
	{"status", "status:new", exactField(status), false},
	{"phase", "phase:held", phaseField, false},
	{"is", "is:held", phaseField, false},
	{"amount", "amount>1000", amountField(Amount), true},
	{"remaining", "remaining>0", amountField(Remaining), true},
	{"currency", "currency:rub", currencyField, false},
	{"created", "created:today", dateField, true},
	{"updated", "updated:today", dateField, true},
	{"deadline", "deadline<3d", dateField, true},
	{"account", "account:shop", exactField(traitTexts(func(t *Traits) []byte { return t.Account })), false},
	{"method", "method:sbp", textField(traitTexts(func(t *Traits) []byte { return t.Method })), false},
	{"card", "card:4444", cardField, false},
	{"party", `party:"ООО Ромашка"`, textField(ownTexts(PartyName, PartyID, Phone, Email, Card)), false},
	{"id", "id:42", exactField(ownTexts(ID)), false},
	{"number", "number:A-17", exactField(ownTexts(Number)), false},
	{"note", "note:возврат", textField(ownTexts(Note)), false},
	{"flag", "flag:test", exactField(flags), false},
	{"kind", "kind:refund", kindField, false},
	{"has", "has:receipt", hasField, false},
}

var fields = func() map[string]field {
	out := make(map[string]field, len(fieldList))
	for _, f := range fieldList {
		out[f.name] = f
	}
	return out
}()

// Fields lists the names of the fields.
func Fields() []string { return fieldNames() }

func fieldNames() []string {
	out := make([]string, len(fieldList))
	for i, f := range fieldList {
		out[i] = f.name
	}
	return out
}

// exampleOf keeps parse functions from reading the table that they stand in.
var exampleOf = map[string]string{}

func init() {
	for _, f := range fieldList {
		exampleOf[f.name] = f.example
	}
}

func example(name string) string {
	if e := exampleOf[strings.ToLower(name)]; e != "" {
		return "for example " + e
	}
	return ""
}

// field makes the test of a field term: any of the values may hold.
func (p *parser) field(f field, op string, values []value) (test, *Error) {
	tests := make([]test, 0, len(values))
	for _, v := range values {
		op, v := op, v
		if op == ":" && !v.quoted && f.ordered {
			op, v = innerOp(v)
			if v.text == "" {
				return nil, v.wrong("for example "+f.example, "%s needs a value", f.name)
			}
		}
		if op != ":" && !f.ordered {
			return nil, v.wrong("write "+f.example, "%s cannot be compared with %s", f.name, op)
		}
		t, err := f.parse(p, f, op, v)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	if len(tests) == 1 {
		return tests[0], nil
	}
	return func(row Row) bool {
		for _, t := range tests {
			if t(row) {
				return true
			}
		}
		return false
	}, nil
}

// innerOp takes the comparison off amount:>100.
func innerOp(v value) (string, value) {
	for _, op := range [...]string{">=", "<=", ">", "<"} {
		if rest, ok := strings.CutPrefix(v.text, op); ok {
			v.text, v.pos, v.len = rest, v.pos+len(op), v.len-len(op)
			return op, v
		}
	}
	return ":", v
}

// bare takes a word that may stand anywhere.
func (p *parser) bare(not bool, text string) {
	w := word(text)
	if not {
		p.add(true, func(row Row) bool { return row.Has(w) })
		return
	}
	p.out.words = append(p.out.words, w)
}

// word is a word in its spellings: people write 1 234,50 for 1234.50.
func word(text string) Word {
	folded := AppendFold(nil, text)
	w := Word{Spellings: [][]byte{folded}}
	if plain := plainNumber(folded); !bytes.Equal(plain, folded) {
		w.Spellings = append(w.Spellings, plain)
	}
	return w
}

// plainNumber is a text that consists of digits with a point, a comma and
// spaces between them in plain writing. Other texts come back as they are.
func plainNumber(text []byte) []byte {
	if len(bytes.Trim(text, "0123456789., ")) > 0 {
		return text
	}
	plain := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(" "), nil), []byte(","), []byte("."))
	if len(plain) == 0 {
		return text
	}
	return plain
}

// texts are some of a row's texts, folded, by number; false behind the last.
type texts func(row Row, i int) ([]byte, bool)

func ownTexts(which ...Text) texts {
	return func(row Row, i int) ([]byte, bool) {
		if i == len(which) {
			return nil, false
		}
		return row.Text(which[i]), true
	}
}

// traitTexts are texts among the traits.
func traitTexts(of func(t *Traits) []byte) texts {
	return func(row Row, i int) ([]byte, bool) { return of(row.Traits()), i == 0 }
}

func flags(row Row, i int) ([]byte, bool) {
	t := row.Traits()
	if i >= len(t.Flags) {
		return nil, false
	}
	return t.Flags[i], true
}

func status(row Row, i int) ([]byte, bool) {
	t := row.Traits()
	switch i {
	case 0:
		return t.Code, true
	case 1:
		return t.Label, true
	default:
		return t.phase, i == 2
	}
}

// textField finds the value anywhere in the field's texts.
func textField(of texts) func(*parser, field, string, value) (test, *Error) {
	return func(_ *parser, _ field, _ string, v value) (test, *Error) {
		folded := AppendFold(nil, v.text)
		return anyOf(of, func(text []byte) bool { return bytes.Contains(text, folded) }), nil
	}
}

// exactField compares whole values; a star that is not quoted stands for
// anything.
func exactField(of texts) func(*parser, field, string, value) (test, *Error) {
	return func(_ *parser, _ field, _ string, v value) (test, *Error) {
		parts := [][]byte{AppendFold(nil, v.text)}
		if !v.quoted {
			parts = bytes.Split(parts[0], []byte("*"))
		}
		return anyOf(of, func(text []byte) bool { return wild(text, parts) }), nil
	}
}

// anyOf holds when one of the texts that are there does.
func anyOf(of texts, holds func(text []byte) bool) test {
	return func(row Row) bool {
		for i := 0; ; i++ {
			text, ok := of(row, i)
			if !ok {
				return false
			}
			if len(text) > 0 && holds(text) {
				return true
			}
		}
	}
}

// wild matches a text with the parts between stars.
func wild(text []byte, parts [][]byte) bool {
	if len(parts) == 1 {
		return bytes.Equal(text, parts[0])
	}
	last := len(parts) - 1
	if !bytes.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, p := range parts[1:last] {
		i := bytes.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return bytes.HasSuffix(text, parts[last])
}

func phaseField(_ *parser, f field, _ string, v value) (test, *Error) {
	phase, err := providers.ParsePhase(v.text)
	if err != nil {
		names := phaseNames()
		hint := "use one of " + strings.Join(names, ", ")
		if near := providers.Nearest(strings.ToLower(v.text), names); near != "" {
			hint = fmt.Sprintf("did you mean %s:%s?", f.name, near)
		}
		return nil, v.wrong(hint, "there is no phase %q", v.text)
	}
	return func(row Row) bool { return row.Traits().Phase == phase }, nil
}

func phaseNames() []string {
	var out []string
	for p := providers.PhaseUnknown; p <= providers.PhaseFailed; p++ {
		out = append(out, p.String())
	}
	return out
}

func kindNames() []string {
	var out []string
	for _, k := range providers.Kinds() {
		out = append(out, string(k))
	}
	return out
}

func kindField(_ *parser, f field, _ string, v value) (test, *Error) {
	kind, err := parseKind(f, v)
	if err != nil {
		return nil, err
	}
	return func(row Row) bool { return row.Traits().Kind == kind }, nil
}

func parseKind(f field, v value, more ...string) (providers.Kind, *Error) {
	kind, err := providers.ParseKind(v.text)
	if err == nil {
		return kind, nil
	}
	names := append(kindNames(), more...)
	hint := "use one of " + strings.Join(names, ", ")
	if near := providers.Nearest(strings.ToLower(v.text), names); near != "" {
		hint = fmt.Sprintf("did you mean %s:%s?", f.name, near)
	}
	return "", v.wrong(hint, "there is no kind %q", v.text)
}

// hasValues are the things besides linked records that a record can have.
var hasValues = map[string]test{
	"note":     hasText(Note),
	"deadline": func(row Row) bool { _, ok := row.Time(Deadline); return ok },
	"remaining": func(row Row) bool {
		sign, some := row.Compare(Remaining, zero)
		return some && sign > 0
	},
	"number": hasText(Number),
	"party":  hasText(PartyName, PartyID, Phone, Email, Card),
	"phone":  hasText(Phone),
	"email":  hasText(Email),
	"card":   hasText(Card),
}

func hasText(which ...Text) test {
	return anyOf(ownTexts(which...), func([]byte) bool { return true })
}

func hasNames() []string {
	out := make([]string, 0, len(hasValues))
	for name := range hasValues {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func hasField(p *parser, f field, _ string, v value) (test, *Error) {
	if t, ok := hasValues[strings.ToLower(v.text)]; ok {
		return t, nil
	}
	kind, err := parseKind(f, v, hasNames()...)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.out.links, kind) {
		p.out.links = append(p.out.links, kind)
	}
	return func(row Row) bool { return row.Traits().LinksTo(kind) || row.LinkedFrom(kind) }, nil
}

func cardField(_ *parser, f field, _ string, v value) (test, *Error) {
	digits := strings.TrimLeft(v.text, "•* ")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return nil, v.wrong("for example "+f.example, "a card is found by its last digits")
	}
	if len(digits) > 4 {
		return nil, v.wrong("write the last four", "only the last four digits of a card are kept")
	}
	suffix := []byte(digits)
	return func(row Row) bool { return bytes.HasSuffix(row.Text(Card), suffix) }, nil
}
