package billmanager

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
)

// node is an element of the panel's document, before it becomes XML or JSON.
type node struct {
	name  string
	attrs [][2]string
	text  string
	kids  []node
}

func leaf(name, text string) node { return node{name: name, text: text} }

func (n node) with(attr, value string) node {
	n.attrs = append(slices.Clone(n.attrs), [2]string{attr, value})
	return n
}

func (n *node) add(kids ...node) { n.kids = append(n.kids, kids...) }

// attr is an attribute's value, "" when there is none.
func (n node) attr(name string) string {
	for k, v := range n.each() {
		if k == name {
			return v
		}
	}
	return ""
}

// kid is the first child of that name, empty when there is none.
func (n node) kid(name string) node {
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return node{}
}

// xml writes the element.
func (n node) xml(b *bytes.Buffer) {
	escape := func(s string) { _ = xml.EscapeText(b, []byte(s)) }
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a[0] + `="`)
		escape(a[1])
		b.WriteString(`"`)
	}
	if n.text == "" && len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	escape(n.text)
	for _, k := range n.kids {
		k.xml(b)
	}
	b.WriteString("</" + n.name + ">")
}

// json writes the element as the panel maps it: attributes get a $, the text
// is "$", a repeated child is an array, an empty one {}. arrays names children
// that are arrays even when alone.
func (n node) json(b *bytes.Buffer, arrays []string) {
	b.WriteByte('{')
	first := true
	key := func(name string) {
		if !first {
			b.WriteByte(',')
		}
		first = false
		quote(b, name)
		b.WriteByte(':')
	}
	for _, a := range n.attrs {
		key("$" + a[0])
		quote(b, a[1])
	}
	if n.text != "" {
		key("$")
		quote(b, n.text)
	}
	done := map[string]bool{}
	for i, k := range n.kids {
		if done[k.name] {
			continue
		}
		done[k.name] = true
		same := []node{k}
		for _, o := range n.kids[i+1:] {
			if o.name == k.name {
				same = append(same, o)
			}
		}
		key(k.name)
		if len(same) == 1 && !slices.Contains(arrays, k.name) {
			k.json(b, arrays)
			continue
		}
		for j, o := range same {
			b.WriteByte("[,"[min(j, 1)])
			o.json(b, arrays)
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
}

func quote(b *bytes.Buffer, s string) {
	text, err := json.Marshal(s)
	if err != nil {
		text = []byte(`""`)
	}
	b.Write(text)
}
