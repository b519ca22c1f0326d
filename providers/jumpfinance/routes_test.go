package jumpfinance_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/providers"
	"bursar/providers/jumpfinance"
	simulator "bursar/providers/sandbox/jumpfinance"
	"bursar/providers/transport"
)

func TestPathsCanBeOverridden(t *testing.T) {
	r := newRig(t, setup{account: func(a *transport.Account) {
		a.Paths = map[string]string{"certs.list": "/psa", "certs.get": "/psa/{cert_id}/card"}
	}})
	var asked []string
	r.mangle = func(w http.ResponseWriter, req *http.Request) bool {
		asked = append(asked, req.URL.Path)
		_, _ = io.WriteString(w, `{"items":[],"item":{"id":7}}`)
		return true
	}
	if _, err := r.List(t.Context(), providers.Query{Kind: providers.Certificate}); err != nil {
		t.Error(err)
	}
	if _, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Certificate, ID: "7"}); err != nil {
		t.Error(err)
	}
	if got := strings.Join(asked, " "); got != "/services/openapi/psa /services/openapi/psa/7/card" {
		t.Errorf("asked %s", got)
	}
}

func TestWrongConfigurationSaysWhatToDo(t *testing.T) {
	good := transport.Account{Name: "field", System: "jumpfinance", URL: "https://pay.example.com/x", Secret: "key"}
	tests := []struct {
		name   string
		change func(*transport.Account)
		want   string
	}{
		{"an unknown path", func(a *transport.Account) { a.Paths = map[string]string{"payment.list": "/x"} }, `did you mean "payments.list"`},
		{"a path like none", func(a *transport.Account) { a.Paths = map[string]string{"zzz": "/x"} }, "use one of branches.bank_links"},
		{"a path with a host", func(a *transport.Account) { a.Paths = map[string]string{"certs.list": "https://x/y"} }, "without a host"},
		{"a path with a query", func(a *transport.Account) { a.Paths = map[string]string{"certs.list": "/y?z"} }, "without a query"},
		{"a path that climbs", func(a *transport.Account) { a.Paths = map[string]string{"certs.list": "/../y"} }, "certs.list"},
		{"a path without its placeholder", func(a *transport.Account) { a.Paths = map[string]string{"payments.get": "/p"} }, "must hold {payment_id}"},
		{"a path with another placeholder", func(a *transport.Account) { a.Paths = map[string]string{"payments.list": "/p/{id}"} }, "must hold no placeholder"},
		{"an unknown option", func(a *transport.Account) { a.Options = map[string]string{"speed": "fast"} }, `no option "speed"`},
		{"no key", func(a *transport.Account) { a.Secret = " " }, "secret is empty"},
		{"no address", func(a *transport.Account) { a.URL = "pay" }, "url must look like"},
	}
	for _, tc := range tests {
		a := good
		tc.change(&a)
		if _, err := jumpfinance.New(a); err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "field") {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	if c, err := jumpfinance.New(good); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
}

// TestInferredPathThatIsNotThereSaysSo tells a wrong guess from a missing
// record.
func TestInferredPathThatIsNotThereSaysSo(t *testing.T) {
	r := newRig(t, setup{sim: simulator.Options{PublishedOnly: true}})
	_, err := r.List(t.Context(), providers.Query{Kind: providers.Certificate})
	if providers.FaultOf(err) != providers.FaultNotFound || !strings.Contains(err.Error(), "inferred") || !strings.Contains(err.Error(), `paths."certs.list"`) {
		t.Errorf("%v", err)
	}
	_, err = r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Payout, ID: "1"})
	if providers.FaultOf(err) != providers.FaultNotFound || strings.Contains(err.Error(), "inferred") {
		t.Errorf("a published path: %v", err)
	}
}

// TestJF83Errors reads both what the service says and what stands before it.
func TestJF83Errors(t *testing.T) {
	fields := `{"error":{"title":"Ошибка","detail":"The given data was invalid.","fields":[{"field":"requisite.sbp_bank_id","messages":["Банк не найден."]},{"field":"amount","messages":["Мало."]}],"code":422}}`
	tests := []struct {
		name   string
		status int
		body   string
		fault  providers.Fault
		field  string
		want   string
	}{
		{"validation", 422, fields, providers.FaultInput, "sbp_bank_id", "Банк не найден."},
		{"every refused field", 422, fields, providers.FaultInput, "sbp_bank_id", "amount: Мало."},
		{"fields of null", 403, `{"error":{"title":"Доступ ограничен","detail":"This action is unauthorized.","fields":null,"code":403}}`, providers.FaultForbidden, "", "Доступ ограничен"},
		{"login", 401, `{"error":{"title":"Ошибка авторизации","detail":"Требуется авторизация","fields":[],"code":401}}`, providers.FaultAuth, "", "Требуется авторизация"},
		{"limit without a body", 429, "", providers.FaultLimited, "", "too many requests"},
		{"in use", 499, `{"error":{"title":"Ошибка","detail":"Объект используется","fields":[],"code":499}}`, providers.FaultState, "", "Объект используется"},
		{"a web page", 502, "<html><body>nginx</body></html>", providers.FaultServer, "", "502"},
		{"a web page with 200", 200, "<!DOCTYPE html><html></html>", providers.FaultProtocol, "", "web page"},
		{"half a document", 200, `{"items":[{"id":`, providers.FaultProtocol, "", "not whole"},
		{"no list", 200, `{"item":{}}`, providers.FaultProtocol, "", "no list"},
		{"a card in the text", 422, `{"error":{"detail":"Карта 5469550053219652 не найдена","fields":"none","code":"422"}}`, providers.FaultInput, "", "•• 9652"},
		{"a redirect", 302, "", providers.FaultProtocol, "", "redirect"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, setup{})
			r.mangle = func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
				return true
			}
			_, err := r.List(t.Context(), providers.Query{Kind: providers.Payout})
			var e *providers.Error
			if !asError(err, &e) || e.Fault != tc.fault || e.Field != tc.field || !strings.Contains(err.Error(), tc.want) || e.Account != "field" {
				t.Errorf("%v; want %v, field %q, %q", err, tc.fault, tc.field, tc.want)
			}
		})
	}
}

func TestKeyTravelsInTheHeaderOnly(t *testing.T) {
	r := newRig(t, setup{})
	r.seen = func(req *http.Request) {
		if req.Header.Get("Client-Key") != "sandbox" || strings.Contains(req.URL.String(), "sandbox") || req.Header.Get("Accept") != "application/json" || req.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v", req.URL, req.Header)
		}
	}
	r.all(providers.Query{Kind: providers.Branch})
	if _, err := r.Act(t.Context(), r.create("k", values())); err != nil {
		t.Error(err)
	}
}

// TestEnvelopesAreReadHoweverTheyCome covers the service's five envelopes for
// the same list and object.
func TestEnvelopesAreReadHoweverTheyCome(t *testing.T) {
	row := `{"id":7,"name":"Юг","is_active":"1"}`
	for name, body := range map[string]string{
		"with marks":    `{"items":[` + row + `],"meta":{"total":1,"current_page":1,"last_page":1},"links":{"next_page_url":"https://elsewhere/"}}`,
		"without marks": `{"items":[` + row + `]}`,
		"data":          `{"data":[` + row + `]}`,
		"a bare list":   ` [` + row + `]`,
		"odd marks":     `{"items":[` + row + `,null,5,{"id":0}],"meta":{"total":"1","last_page":null}}`,
	} {
		r := newRig(t, setup{})
		r.mangle = func(w http.ResponseWriter, req *http.Request) bool {
			if req.Host == "elsewhere" {
				t.Error("a link was followed")
			}
			_, _ = io.WriteString(w, body)
			return true
		}
		if got := r.all(providers.Query{Kind: providers.Branch}); len(got) != 1 || got[0].Ref.ID != "7" || got[0].Status.Code != "active" {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, body := range map[string]string{"item": `{"item":{"id":7,"number":"A"}}`, "data": `{"data":{"id":7,"number":"A"}}`, "bare": `{"id":7,"number":"A"}`} {
		r := newRig(t, setup{})
		r.mangle = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = io.WriteString(w, body); return true }
		if got, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Certificate, ID: "7"}); err != nil || got.Number != "A" {
			t.Errorf("%s: %v %v", name, got.Ref, err)
		}
	}
}
