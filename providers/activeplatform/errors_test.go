package activeplatform

import (
	"net/http"
	"testing"

	"bursar/providers"
	"bursar/providers/transport"
)

func TestErrorsInEveryShape(t *testing.T) {
	const page = "<!DOCTYPE html><html><body>Please sign in</body></html>"
	signIn := `<html><form><INPUT TYPE="password"></form></html>`
	tests := []struct {
		name        string
		status      int
		kind, body  string
		op          string
		fault       providers.Fault
		field, says string
	}{
		{"a good answer", 200, "application/json", `[]`, opList, noFault, "", ""},
		{"error as a text", 401, "application/json", `{"error":"Invalid token"}`, opList, providers.FaultAuth, "", "Invalid token"},
		{"error as an object", 403, "application/json; charset=utf-8", `{"error":{"message":"role"}}`, opList, providers.FaultForbidden, "", "role"},
		{"errors as a map of lists", 422, "application/json", `{"errors":{"total":["is too small","is odd"]}}`, opCreate, providers.FaultInput, "total", "total is too small; is odd"},
		{"errors as a list of texts", 422, "application/json", `{"errors":["first","second"]}`, opCreate, providers.FaultInput, "", "first; second"},
		{"errors as JSON:API objects", 422, "application/vnd.api+json", `{"errors":[{"status":"422","title":"Invalid","detail":"too small","source":{"pointer":"/data/attributes/total"}}]}`, opCreate, providers.FaultInput, "total", "Invalid: too small"},
		{"a state that does not allow it", 422, "application/json", `{"errors":{"status":["cannot"]}}`, opComplete, providers.FaultState, "status", "status cannot"},
		{"a state that does not allow it, said of the record", 422, "application/json", `{"errors":{"base":["cannot"]}}`, opComplete, providers.FaultState, "base", "base cannot"},
		{"a bad method is no state", 422, "application/json", `{"errors":{"payment_method_id":["must exist"]}}`, opComplete, providers.FaultInput, "payment_method_id", "payment_method_id must exist"},
		{"not found", 404, "application/json", `{"error":"Record not found"}`, opGet, providers.FaultNotFound, "", "Record not found"},
		{"not found as a page", 404, "text/html", page, opGet, providers.FaultNotFound, "", "the server answered 404 Not Found"},
		{"JSON that claims to be text is not read", 422, "text/plain", `{"errors":["x"]}`, opCreate, providers.FaultInput, "", `the server answered 422 Unprocessable Entity: {"errors":["x"]}`},
		{"JSON that is none", 422, "application/json", `oops`, opCreate, providers.FaultInput, "", "the server answered 422 Unprocessable Entity: oops"},
		{"too many", 429, "application/json", `{"error":"slow down"}`, opCreate, providers.FaultLimited, "", "slow down"},
		{"the panel is being updated", 502, "text/html", page, opCreate, providers.FaultServer, "", "the server answered 502 Bad Gateway"},
		{"a failure with a reason", 500, "application/json", `{"error":"boom"}`, opComplete, providers.FaultServer, "", "boom"},
		{"a page for a list", 200, "text/html; charset=utf-8", page, opList, providers.FaultAuth, "", ""},
		{"a page that claims to be JSON", 200, "application/json", page, opList, providers.FaultAuth, "", ""},
		{"a page for a change proves nothing", 200, "text/html", page, opCreate, providers.FaultProtocol, "", ""},
		{"a page for a change that asks for a password", 200, "text/html", signIn, opCreate, providers.FaultAuth, "", ""},
		{"a redirect to sign in", 302, "/managers/sign_in", "", opCreate, providers.FaultAuth, "", ""},
		{"a redirect to sign in at another host", 302, "https://id.example.net/users/sign_in?back=%2F", "", opComplete, providers.FaultAuth, "", ""},
		{"a redirect to the payment at a host named after logins", 302, "https://login.example.net/payments/17?session=1", "", opComplete, providers.FaultProtocol, "", ""},
		{"a redirect elsewhere", 301, "https://www.example.net/", "", opCreate, providers.FaultProtocol, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {tt.kind}}
			if tt.status/100 == 3 {
				header = http.Header{"Location": {tt.kind}}
			}
			r := transport.Request{Op: tt.op, Changes: tt.op == opCreate || tt.op == opComplete}
			e := decodeError(r, transport.Response{Status: tt.status, Header: header, Body: []byte(tt.body)})
			if e == nil || tt.fault == noFault {
				if e != nil || tt.fault != noFault {
					t.Errorf("error %v", e)
				}
				return
			}
			if e.Fault != tt.fault || e.Field != tt.field || tt.says != "" && e.Message != tt.says {
				t.Errorf("fault %v, field %q, %q; want %v, %q, %q", e.Fault, e.Field, e.Message, tt.fault, tt.field, tt.says)
			}
			if e.Message == "" {
				t.Error("it says nothing")
			}
		})
	}
}

// noFault marks an answer that is good.
const noFault = providers.Fault(200)

func FuzzExplain(f *testing.F) {
	for _, seed := range []string{`{"error":"x"}`, `{"errors":{"a":["b"]}}`, `{"errors":[{"detail":"d","source":{"pointer":"/a"}}]}`, `{"errors":[[[{}]]]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		message, field := explain(body)
		if message == "" && field != "" {
			t.Errorf("a field %q without a message", field)
		}
	})
}
