package billmanager

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"bursar/providers/sandbox/gate"
)

// bjson is an answer in the panel's flat dialect: no doc around it, plain texts,
// an attribute as a field of its own (status_orig), the values of a form under
// model and its choices under slist.
func bjson(kids []node) gate.Answer {
	out, model, slist := map[string]any{}, map[string]any{}, map[string]any{}
	var rows []map[string]string
	list := false
	for _, k := range kids {
		switch k.name {
		case "error":
			out["error"] = map[string]string{"msg": k.kid("msg").text, "type": k.attr("type"), "object": k.attr("object")}
		case "ok":
			out["ok"] = map[string]string{"v": k.text}
		case "elem":
			rows, list = append(rows, k.flat()), true
		case "p_num", "p_cnt", "p_elems":
			out[k.name], list = k.text, true
		case "slist":
			var choices []map[string]string
			for _, v := range k.kids {
				choices = append(choices, map[string]string{"k": v.attr("key"), "v": v.text})
			}
			slist[k.attr("name")] = choices
		case "user":
			out["user"] = maps.Collect(k.each())
		case "metadata": // of the other dialects
		default:
			if _, told := model[k.name]; told {
				continue // a repeated element: the first counts
			}
			model[k.name] = k.text
		}
	}
	if list && len(rows) > 0 {
		out["elem"] = rows
	}
	if len(model) > 0 {
		out["model"] = model
	}
	if len(slist) > 0 {
		out["slist"] = slist
	}
	body, err := json.Marshal(out)
	if err != nil {
		return page(http.StatusInternalServerError, "500 Internal Server Error")
	}
	return gate.Answer{Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, Body: append(body, '\n')}
}

// table is a list as a file to download: a line of names, a line a row. What is
// no list is a web page.
func table(fn string, kids []node) gate.Answer {
	var names []string
	var rows []map[string]string
	list := false
	for _, k := range kids {
		list = list || k.name == "p_elems"
		if k.name != "elem" {
			continue
		}
		for _, c := range k.kids {
			if !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		}
		rows = append(rows, k.flat())
	}
	if !list {
		return page(http.StatusOK, "BILLmanager 6")
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(names) // a buffer takes everything
	for _, row := range rows {
		line := make([]string, len(names))
		for i, name := range names {
			line[i] = row[name]
		}
		_ = w.Write(line)
	}
	w.Flush()
	return gate.Answer{Body: b.Bytes(), Header: http.Header{
		"Content-Type": {"text/csv; charset=UTF-8"}, "Content-Disposition": {`attachment; filename="` + fn + `.csv"`},
	}}
}

// flat is the element's children by name, an attribute behind an underscore.
func (n node) flat() map[string]string {
	out := map[string]string{}
	for _, k := range n.kids {
		out[k.name] = k.text
		for name, value := range k.each() {
			out[k.name+"_"+name] = value
		}
	}
	return out
}

// each walks the attributes.
func (n node) each() func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for _, a := range n.attrs {
			if !yield(a[0], a[1]) {
				return
			}
		}
	}
}
