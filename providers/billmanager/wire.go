package billmanager

import (
	"bytes"
	"encoding/json"
	"strings"

	"bursar/providers"
	"bursar/providers/transport"
)

// document is an answer: the panel's XML turned to JSON, where an attribute is
// "$name", a text "$", a repeated child an array, an empty child {}.
type document struct {
	fields map[string]json.RawMessage
}

// parseDocument reads an answer. It judges its form alone.
func parseDocument(body []byte) (document, *providers.Error) {
	body = bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf"))
	if transport.LooksLikeHTML(body) || bytes.HasPrefix(body, []byte("<")) {
		return document{}, &providers.Error{
			Fault:   providers.FaultProtocol,
			Message: "the panel answered with a web page instead of data; check that url is the panel's address and that the login may use the API",
		}
	}
	var outer struct {
		Doc map[string]json.RawMessage `json:"doc"`
	}
	if err := json.Unmarshal(body, &outer); err != nil || outer.Doc == nil {
		return document{}, &providers.Error{Fault: providers.FaultProtocol, Message: "the panel's answer is not the document that its API promises"}
	}
	return document{outer.Doc}, nil
}

func (d document) has(name string) bool {
	_, ok := d.fields[name]
	return ok
}

func (d document) text(name string) string { return cellOf(d.value(name)).Text }

func (d document) attr(name, attr string) string {
	if m, ok := first(d.value(name)).(map[string]any); ok {
		return cellOf(m["$"+attr]).Text
	}
	return ""
}

func (d document) value(name string) any {
	raw, ok := d.fields[name]
	if !ok {
		return nil
	}
	return decodeAny(raw)
}

// rows are the list's elements. One row may come as an object instead of an
// array; an empty list has none.
func (d document) rows() []row {
	raw := bytes.TrimSpace(d.fields["elem"])
	if len(raw) == 0 {
		return nil
	}
	elems := []json.RawMessage{raw}
	if raw[0] == '[' {
		if err := json.Unmarshal(raw, &elems); err != nil {
			return nil
		}
	}
	out := make([]row, 0, len(elems))
	for _, e := range elems {
		m, ok := decodeAny(e).(map[string]any)
		if !ok {
			continue
		}
		r := row{cells: make(map[string]cell, len(m)), raw: e}
		for name, v := range m {
			r.cells[name] = cellOf(v)
		}
		out = append(out, r)
	}
	return out
}

// row is one element of a list. Panels show columns of their own, so it keeps
// all of them.
type row struct {
	cells map[string]cell
	raw   json.RawMessage
}

func (r row) text(name string) string { return r.cells[name].Text }

// cell is a scalar: its text and, where the text is for people only, the
// original value.
type cell struct{ Text, Orig string }

// cellOf reads a scalar in any of the forms that panels use: {"$":"v"},
// {"$orig":"4","$":"Credited"}, {}, a bare value, or an array of those.
func cellOf(v any) cell {
	switch v := first(v).(type) {
	case string:
		return cell{Text: trim(v)}
	case json.Number:
		return cell{Text: v.String()}
	case bool:
		if v {
			return cell{Text: "on"}
		}
		return cell{Text: "off"}
	case map[string]any:
		return cell{Text: plain(v["$"]), Orig: plain(v["$orig"])}
	default:
		return cell{}
	}
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return trim(v)
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

func first(v any) any {
	for {
		list, ok := v.([]any)
		if !ok {
			return v
		}
		if len(list) == 0 {
			return nil
		}
		v = list[0]
	}
}

func trim(s string) string { return strings.Trim(s, " \t\r\n\u00a0") }

func decodeAny(raw []byte) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}
