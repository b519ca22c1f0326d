package billmanager

// failure is an error document.
type failure struct {
	kind, object string
	value        string // param "value"
	desc         string // param "desc"
	say          text
}

// node writes the failure as the panel does.
func (f failure) node(fn, lang, user string, level string) node {
	e := node{name: "error"}.with("type", f.kind)
	if f.object != "" {
		e = e.with("object", f.object)
		e.add(leaf("param", f.object).with("name", "object").with("type", "msg").with("msg", f.object))
	}
	e = e.with("lang", lang)
	if f.value != "" {
		e.add(leaf("param", f.value).with("name", "value"))
	}
	if f.desc != "" {
		e.add(leaf("param", f.desc).with("name", "desc"))
	}
	if user != "" {
		e.add(node{name: "stack", kids: []node{leaf("action", fn).with("level", level).with("user", user)}})
	}
	e.add(leaf("group", f.say.in(lang)), leaf("msg", f.say.in(lang)+f.value))
	return e
}

func (s *Simulator) expired() *failure { return &failure{kind: s.opt.ExpiredType, say: sayNoSession} }

func (s *Simulator) notAllowed(fn, id string) *failure {
	return &failure{kind: s.opt.StateType, object: fn, value: id, say: sayNotAllowed}
}

func noRight(fn string) *failure { return &failure{kind: "access", object: fn, say: sayNoRight} }

func noElement(id string) *failure {
	return &failure{kind: "missed", object: "payment", value: id, say: sayNoElement}
}

func missed(kind, id string) *failure {
	return &failure{kind: "missed", object: kind, value: id, say: sayMissed}
}

func noParam(name string) *failure {
	return &failure{kind: "missed", object: name, say: text{sayNoParam.en + name, sayNoParam.ru + name}}
}

func badValue(name, value string) *failure {
	if value == "" {
		value = " "
	}
	return &failure{kind: "value", object: name, value: value, desc: name, say: text{sayBadValue.en + name + ": ", sayBadValue.ru + name + ": "}}
}
