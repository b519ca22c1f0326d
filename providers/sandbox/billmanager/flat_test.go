package billmanager

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// flat asks for an answer in the flat dialect.
func (d *desk) flat(params ...string) map[string]any {
	d.Helper()
	_, body := d.send(http.MethodPost, "/billmgr", append(params, "out=bjson", "lang=en")...)
	var out map[string]any
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		d.Fatalf("%v: %s", params, body)
	}
	return out
}

func TestFlatDialect(t *testing.T) {
	d := newDesk(t, Options{}, 60)
	list := d.flat("func=payment", "p_cnt=3", "filter=on", "status=4")
	rows, _ := list["elem"].([]any)
	if len(rows) != 3 || attr(rows[0], "status") != "Credited" || attr(rows[0], "status_orig") != "4" || attr(list, "p_elems") == "" {
		t.Errorf("list %v", list)
	}
	credited, fresh := attr(rows[0], "id"), d.ids("filter=on", "status=1")[0]
	tests := []struct {
		name, call string
		path       []string
		want       string
	}{
		{"done", "func=payment.setpaid&sok=ok&elid=" + fresh, []string{"ok", "v"}, ""},
		{"refused", "func=payment.setpaid&sok=ok&elid=" + credited, []string{"error", "type"}, "access"},
		{"refused, of what", "func=payment.setpaid&sok=ok&elid=" + credited, []string{"error", "object"}, "payment.setpaid"},
		{"a form's value", "func=payment.filter", []string{"model", "createdate"}, "nodate"},
		{"a login", "func=whoami", []string{"user", "name"}, "operator"},
	}
	for _, tt := range tests {
		got := d.flat(strings.Split(tt.call, "&")...)
		if _, there := got[tt.path[0]]; !there || attr(got, tt.path...) != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	form := d.flat("func=payment.filter")
	choices, _ := form["slist"].(map[string]any)["status"].([]any)
	if len(choices) != 10 || attr(choices[0], "k") != "1" || attr(choices[0], "v") != "New" {
		t.Errorf("choices %v", choices)
	}
	if id := attr(d.flat("func=auth", "username=operator", "password=sandbox"), "model", "auth"); id == "" {
		t.Error("a login gives no id")
	}
}

func TestListsAsFiles(t *testing.T) {
	d := newDesk(t, Options{}, 60)
	_, body := d.send(http.MethodPost, "/billmgr", "func=payment", "out=csv", "p_cnt=5", "lang=en")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 6 || rows[0][0] != "id" || rows[1][0] != d.ids()[0] {
		t.Errorf("%v: %s", err, body)
	}
	if _, body := d.send(http.MethodPost, "/billmgr", "func=whoami", "out=csv"); !strings.HasPrefix(body, "<!DOCTYPE html>") {
		t.Errorf("what is no list: %s", body)
	}
}
