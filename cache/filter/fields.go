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
	{"status", "status:new", exactField(func(r *providers.Record, yield func(string) bool) {
		_ = yield(r.Status.Code) && yield(r.Status.Label) && yield(r.Status.Phase.String())
	}), false},
	{"phase", "phase:held", phaseField, false},
	{"is", "is:held", phaseField, false},
	{"amount", "amount>1000", amountField(func(r *providers.Record) *providers.Money { return &r.Amount }), true},
	{"remaining", "remaining>0", amountField(func(r *providers.Record) *providers.Money { return &r.Remaining }), true},
	{"currency", "currency:rub", currencyField, false},
	{"created", "created:today", dateField, true},
	{"updated", "updated:today", dateField, true},
	{"deadline", "deadline<3d", dateField, true},
	{"account", "account:shop", exactField(func(r *providers.Record, yield func(string) bool) { yield(r.Ref.Account) }), false},
	{"method", "method:sbp", textField(func(r *providers.Record, yield func(string) bool) { yield(r.Method) }), false},
	{"card", "card:4444", cardField, false},
	{"party", `party:"ООО Ромашка"`, textField(func(r *providers.Record, yield func(string) bool) {
		p := &r.Party
		_ = yield(p.Name) && yield(p.ID) && yield(p.Phone) && yield(p.Email) && yield(p.Card)
	}), false},
	{"id", "id:42", exactField(func(r *providers.Record, yield func(string) bool) { yield(r.Ref.ID) }), false},
	{"number", "number:A-17", exactField(func(r *providers.Record, yield func(string) bool) { yield(r.Number) }), false},
	{"note", "note:возврат", textField(func(r *providers.Record, yield func(string) bool) { yield(r.Note) }), false},
	{"flag", "flag:test", exactField(func(r *providers.Record, yield func(string) bool) {
		for _, flag := range r.Flags {
			if !yield(flag) {
				return
			}
		}
	}), false},
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
	return func(s *scan) bool {
		for _, t := range tests {
			if t(s) {
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

// bare is the test of a word that may stand anywhere.
func (p *parser) bare(word string) test {
	folded := []byte(Fold(word))
	if !strings.ContainsAny(word, "0123456789.,") {
		return func(s *scan) bool { return bytes.Contains(s.everything(), folded) }
	}
	p.out.amounts = true
	// The decimal comma is as good as the dot.
	sum := bytes.ReplaceAll(folded, []byte(","), []byte("."))
	return func(s *scan) bool {
		return bytes.Contains(s.everything(), folded) || bytes.Contains(s.sums(), sum)
	}
}

type texts func(r *providers.Record, yield func(string) bool)

// textField finds the value anywhere in the field's texts.
func textField(of texts) func(*parser, field, string, value) (test, *Error) {
	return func(_ *parser, _ field, _ string, v value) (test, *Error) {
		folded := []byte(Fold(v.text))
		return func(s *scan) bool {
			found := false
			of(s.rec, func(text string) bool {
				found = text != "" && bytes.Contains(s.fold(text), folded)
				return !found
			})
			return found
		}, nil
	}
}

// exactField compares whole values; a star that is not quoted stands for
// anything.
func exactField(of texts) func(*parser, field, string, value) (test, *Error) {
	return func(_ *parser, _ field, _ string, v value) (test, *Error) {
		parts := [][]byte{[]byte(Fold(v.text))}
		if !v.quoted {
			parts = bytes.Split(parts[0], []byte("*"))
		}
		return func(s *scan) bool {
			found := false
			of(s.rec, func(text string) bool {
				found = text != "" && wild(s.fold(text), parts)
				return !found
			})
			return found
		}, nil
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
	return func(s *scan) bool { return s.rec.Status.Phase == phase }, nil
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
	return func(s *scan) bool { return s.rec.Ref.Kind == kind }, nil
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
	"note":      func(s *scan) bool { return s.rec.Note != "" },
	"deadline":  func(s *scan) bool { return !s.rec.Deadline.IsZero() },
	"remaining": func(s *scan) bool { return s.rec.Remaining.IsPositive() },
	"number":    func(s *scan) bool { return s.rec.Number != "" },
	"party":     func(s *scan) bool { return s.rec.Party != providers.Party{} },
	"phone":     func(s *scan) bool { return s.rec.Party.Phone != "" },
	"email":     func(s *scan) bool { return s.rec.Party.Email != "" },
	"card":      func(s *scan) bool { return s.rec.Party.Card != "" },
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
		if strings.EqualFold(v.text, "remaining") {
			p.out.amounts = true
		}
		return t, nil
	}
	kind, err := parseKind(f, v, hasNames()...)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.out.links, kind) {
		p.out.links = append(p.out.links, kind)
	}
	return func(s *scan) bool {
		for i := range s.rec.Links {
			if s.rec.Links[i].Ref.Kind == kind {
				return true
			}
		}
		return s.linked != nil && slices.Contains(s.linked(s.rec.Ref), kind)
	}, nil
}

func cardField(_ *parser, f field, _ string, v value) (test, *Error) {
	digits := strings.TrimLeft(v.text, "•* ")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return nil, v.wrong("for example "+f.example, "a card is found by its last digits")
	}
	if len(digits) > 4 {
		return nil, v.wrong("write the last four", "only the last four digits of a card are kept")
	}
	return func(s *scan) bool { return strings.HasSuffix(s.rec.Party.Card, digits) }, nil
}
