package billmanager

import (
	"encoding/xml"
	"net/http"
	"testing"
)

// errorDoc is an error document as the vendor describes it.
type errorDoc struct {
	Func  string `xml:"func,attr"`
	Error struct {
		Type   string `xml:"type,attr"`
		Object string `xml:"object,attr"`
		Lang   string `xml:"lang,attr"`
		Params []struct {
			Name string `xml:"name,attr"`
			Text string `xml:",chardata"`
		} `xml:"param"`
		Action struct {
			Level string `xml:"level,attr"`
			User  string `xml:"user,attr"`
			Name  string `xml:",chardata"`
		} `xml:"stack>action"`
		Group string `xml:"group"`
		Msg   string `xml:"msg"`
	} `xml:"error"`
}

func TestErrorDocuments(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"4"}`)
	client := attr(d.json("func=payment.su", "elid=20003"), "auth", "$id")
	tests := []struct {
		name, call, auth          string
		kind, object, value, desc string
		user, level               string
	}{
		{"status", "payment.setpaid", d.auth, "access", "payment.setpaid", "90001", "", "operator", "29"},
		{"value", "payment.edit", d.auth, "value", "status", "8", "status", "operator", "29"},
		{"level", "payment.setpaid", client, "access", "payment.setpaid", "", "", d.person(2).Email, "16"},
		{"function", "payment.fly", d.auth, "missed", "func", "payment.fly", "", "operator", "29"},
		{"login", "payment", "gone", "auth", "", "", "", "", ""},
	}
	for _, tt := range tests {
		_, body := d.send(http.MethodPost, "/billmgr", "func="+tt.call, "elid=90001", "status=8", "sok=ok", "out=xml", "lang=en", "auth="+tt.auth)
		var doc errorDoc
		if err := xml.Unmarshal([]byte(body), &doc); err != nil {
			t.Fatalf("%s: %v: %s", tt.name, err, body)
		}
		params := map[string]string{}
		for _, p := range doc.Error.Params {
			params[p.Name] = p.Text
		}
		e := doc.Error
		if e.Type != tt.kind || e.Object != tt.object || params["object"] != tt.object || params["value"] != tt.value || params["desc"] != tt.desc {
			t.Errorf("%s: %s", tt.name, body)
		}
		if doc.Func != tt.call || e.Lang != "en" || e.Msg == "" || e.Group == "" {
			t.Errorf("%s lacks its words: %s", tt.name, body)
		}
		if e.Action.User != tt.user || e.Action.Level != tt.level || tt.user != "" && e.Action.Name != tt.call {
			t.Errorf("%s: who asked: %+v", tt.name, e.Action)
		}
	}
}
