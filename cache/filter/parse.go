package filter

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/providers"
)

type parser struct {
	text string
	pos  int
	now  time.Time
	out  *Filter
}

// value is one of the values behind a field's operator.
type value struct {
	text     string
	pos, len int // in the filter's text, quotes included
	quoted   bool
}

func (v value) wrong(hint, format string, args ...any) *Error {
	return &Error{Pos: v.pos, Len: v.len, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func (p *parser) run() *Error {
	for {
		p.skipSpace()
		if p.pos >= len(p.text) {
			return nil
		}
		if err := p.term(); err != nil {
			return err
		}
	}
}

func (p *parser) skipSpace() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += n
	}
}

func (p *parser) term() *Error {
	not := false
	if p.text[p.pos] == '-' && p.pos+1 < len(p.text) && !spaceAt(p.text, p.pos+1) {
		not = true
		p.pos++
	}
	start := p.pos
	name, op := p.head()
	if name == "" {
		v, err := p.value(false)
		if err != nil {
			return err
		}
		// A minus or quotes with nothing behind them are a term not yet typed.
		if Fold(v.text) != "" && (v.text != "-" || v.quoted) {
			p.bare(not, v.text)
		}
		return nil
	}
	f, ok := fields[strings.ToLower(name)]
	if !ok {
		return unknownField(name, start)
	}
	if op == "!=" {
		not, op = !not, ":"
	}
	if op == "=" {
		op = ":"
	}
	p.pos = start + len(name) + p.opLen(start+len(name))
	values, err := p.values(name)
	if err != nil {
		return err
	}
	t, err := p.field(f, op, values)
	if err != nil {
		return err
	}
	p.add(not, t)
	return nil
}

func (p *parser) add(not bool, t test) { p.out.terms = append(p.out.terms, term{not: not, test: t}) }

func spaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

// head reads "name" and its operator at the position, without moving. A word
// that is no name, such as 12:30, has none.
func (p *parser) head() (name, op string) {
	rest := p.text[p.pos:]
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end <= 0 {
		return "", ""
	}
	n := p.opLen(p.pos + end)
	if n == 0 {
		return "", ""
	}
	return rest[:end], rest[end : end+n]
}

// opLen is the length of the operator at i, 0 when there is none. The colon may
// stand before a comparison: amount:>100.
func (p *parser) opLen(i int) int {
	rest := p.text[i:]
	for _, op := range [...]string{">=", "<=", "!=", ">", "<", "=", ":"} {
		if strings.HasPrefix(rest, op) {
			return len(op)
		}
	}
	return 0
}

// values reads the comma-parted values behind an operator.
func (p *parser) values(name string) ([]value, *Error) {
	var out []value
	for {
		v, err := p.value(true)
		if err != nil {
			return nil, err
		}
		if v.text == "" && !v.quoted {
			return nil, &Error{Pos: p.pos, Len: 1, Msg: fmt.Sprintf("%s needs a value", name), Hint: example(name)}
		}
		out = append(out, v)
		if p.pos >= len(p.text) || p.text[p.pos] != ',' {
			return out, nil
		}
		p.pos++
	}
}

// value reads up to the next space, or comma in a list; quotes hold both
// together.
func (p *parser) value(list bool) (value, *Error) {
	v := value{pos: p.pos}
	var b strings.Builder
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c == '"' {
			if err := p.quoted(&b); err != nil {
				return v, err
			}
			v.quoted = true
			continue
		}
		if list && c == ',' || spaceAt(p.text, p.pos) {
			break
		}
		b.WriteByte(c)
		p.pos++
	}
	v.text, v.len = b.String(), p.pos-v.pos
	return v, nil
}

func (p *parser) quoted(b *strings.Builder) *Error {
	start := p.pos
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			return nil
		case c == '\\' && p.pos+1 < len(p.text) && (p.text[p.pos+1] == '"' || p.text[p.pos+1] == '\\'):
			p.pos++
			b.WriteByte(p.text[p.pos])
		default:
			b.WriteByte(c)
		}
	}
	return &Error{Pos: start, Len: len(p.text) - start, Msg: "the quote is not closed", Hint: `write a second "`}
}

func unknownField(name string, pos int) *Error {
	hint := fmt.Sprintf("to search for the text itself, put it in quotes; fields are %s", strings.Join(Fields(), ", "))
	if near := providers.Nearest(strings.ToLower(name), fieldNames()); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	return &Error{Pos: pos, Len: len(name), Msg: fmt.Sprintf("there is no field %q", name), Hint: hint}
}
