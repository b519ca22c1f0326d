package billmanager

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

func FuzzRequest(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", []byte("func=payment.edit&elid=1001,%201003&sok=ok"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"func\"\r\n\r\nwhoami\r\n--x--\r\n"))
	f.Add("multipart/form-data", []byte("--"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/billmgr?lang=en", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		q, err := readRequest(httptest.NewRecorder(), r)
		if err == nil && q.fn != q.get("func") {
			t.Errorf("%q calls %q", body, q.fn)
		}
		for _, id := range q.ids() {
			if id == "" {
				t.Errorf("%q names an empty id", body)
			}
		}
	})
}

// What a field takes, it shows so that it takes it again.
func FuzzEditField(f *testing.F) {
	d := newDesk(f, Options{}, 60)
	for i, v := range []string{"A-1", "2026-11-22 10:00:00", "", "4", "2026-11-22", "текст", "40001", "1", "-5.00", "0.1", "9", "6", "on", "x", "y"} {
		f.Add(uint8(i), v)
	}
	f.Fuzz(func(t *testing.T, which uint8, v string) {
		name := editNames[int(which)%len(editNames)]
		p := makePayment(d.opt.World, 3)
		if !d.write(&p, name, v) {
			return
		}
		again, shown := p, p.field(name)
		if !d.write(&again, name, shown) || again.field(name) != shown {
			t.Errorf("%s takes %q, shows %q and then %q", name, v, shown, again.field(name))
		}
	})
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{"1": "1", "0.10": "0.1", "-5.25": "-5.25", "007": "7"} {
		if got, ok := amountIn(text); !ok || !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-", ".", ".5", "1.005", "1e3", "+1", "1,5", "1 000", "1.0.0", "--1", "1000000000000000"} {
		if got, ok := amountIn(text); ok {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

func TestDamagedEntriesAreNotMadeAgain(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	before := len(d.ids())
	for _, e := range []gate.Entry{
		{Call: "payment.edit", ID: "1001", Detail: json.RawMessage(`{"edit":{"status":"8"}}`)},
		{Call: "payment.add.pay", ID: "50000001", Amount: "1.00"},
		{Call: "payment.add.pay", ID: "50000001", Amount: "much", Detail: json.RawMessage(`{"order":{"account":"20001","method":"6"}}`)},
		{Call: "payment.add.pay", ID: "50000001", Amount: "1.00", Detail: json.RawMessage(`{"order":{"account":"20001","method":"x"}}`)},
		{Call: "payment.add.pay", ID: "50000001", Amount: "1.00", Detail: json.RawMessage(`{"order":{"account":"1","method":"6"}}`)},
	} {
		if d.Replay(e) == nil {
			t.Errorf("%+v passes", e)
		}
	}
	if after := len(d.ids()); after != before {
		t.Errorf("%d rows, were %d", after, before)
	}
}
