package billmanager

import "strconv"

// editForm is the form with its choices.
func (s *Simulator) editForm(p payment, lang string) []node {
	kids := []node{leaf("elid", p.id)}
	for _, name := range editNames {
		kids = append(kids, leaf(name, p.field(name)))
	}
	return append(kids, statusChoices(lang, writable...), methodChoices("paymethod"), companyChoices("recipient"))
}

// choices is a list that a form offers.
func choices(name string, pairs ...[2]string) node {
	n := node{name: "slist"}.with("name", name)
	for _, p := range pairs {
		n.add(leaf("val", p[1]).with("key", p[0]))
	}
	return n
}

func statusChoices(lang string, codes ...int) node {
	var pairs [][2]string
	for _, code := range codes {
		pairs = append(pairs, [2]string{strconv.Itoa(code), statusWord(code, lang)})
	}
	return choices("status", pairs...)
}

func methodChoices(name string) node {
	var pairs [][2]string
	for _, m := range methods {
		pairs = append(pairs, [2]string{strconv.Itoa(m.id), m.name})
	}
	return choices(name, pairs...)
}

func companyChoices(name string) node {
	var pairs [][2]string
	for id := 1; id <= len(companies); id++ {
		pairs = append(pairs, [2]string{strconv.Itoa(id), companies[id]})
	}
	return choices(name, pairs...)
}
