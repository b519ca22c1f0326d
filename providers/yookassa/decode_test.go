package yookassa

import (
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

func TestAnswersAndWhatTheyMean(t *testing.T) {
	doc := func(code, description, parameter string) string {
		return `{"type":"error","id":"e-1","code":"` + code + `","description":"` + description + `","parameter":"` + parameter + `"}`
	}
	tests := []struct {
		name    string
		status  int
		body    string
		fault   providers.Fault
		outcome providers.Outcome
		field   string
		wait    time.Duration
		says    string
	}{
		{"a refused amount", 400, doc("invalid_request", "Too much", "amount.value"), providers.FaultInput, providers.Refused, "amount", 0, "Too much"},
		{"a refused reason", 400, doc("invalid_request", "Too long", "description"), providers.FaultInput, providers.Refused, "description", 0, "Too long"},
		{"a record in another state", 400, doc("invalid_request", "Wrong status", "payment_id"), providers.FaultState, providers.Refused, "", 0, "Wrong status"},
		{"a state without a parameter", 400, `{"type":"error","code":"invalid_request","description":"Wrong status"}`, providers.FaultState, providers.Refused, "", 0, "Wrong status"},
		{"a key used for something else", 400, doc("invalid_request", "Idempotence key duplicated", "Idempotence-Key"), providers.FaultInput, providers.Refused, "Idempotence-Key", 0, "used before for a different request"},
		{"a business rule", 400, `{"type":"error","code":"refusal","description":"No","reason":"limit"}`, providers.FaultState, providers.Refused, "", 0, "No (limit)"},
		{"a wrong key", 401, doc("invalid_credentials", "Bad key", ""), providers.FaultAuth, providers.Refused, "", 0, "check username and secret"},
		{"a missing right", 403, doc("forbidden", "Ask support", ""), providers.FaultForbidden, providers.Refused, "", 0, "Ask support"},
		{"not there", 404, doc("not_found", "None", ""), providers.FaultNotFound, providers.Refused, "", 0, "None"},
		{"taken away", 410, doc("gone", "Removed", ""), providers.FaultNotFound, providers.Refused, "", 0, "Removed"},
		{"a wrong method without a document", 405, "", providers.FaultInput, providers.Refused, "", 0, "405"},
		{"too many, in milliseconds", 429, `{"type":"error","code":"too_many_requests","retry_after":2500}`, providers.FaultLimited, providers.Refused, "", 2500 * time.Millisecond, ""},
		{"an internal error", 500, doc("internal_server_error", "Sorry", ""), providers.FaultServer, providers.Unknown, "", 0, "Sorry"},
		{"a web page", 502, "<html><body>Bad Gateway</body></html>", providers.FaultServer, providers.Unknown, "", 0, "502"},
		{"accepted, not done", 202, `{"type":"processing","description":"Wait","retry_after":1500}`, providers.FaultServer, providers.Unknown, "", 1500 * time.Millisecond, "has not finished"},
		{"accepted without a body", 202, "", providers.FaultServer, providers.Unknown, "", defaultRetry, "has not finished"},
		{"processing under status 200", 200, `{"type":"processing"}`, providers.FaultServer, providers.Unknown, "", defaultRetry, "has not finished"},
		{"an error under status 200", 200, doc("invalid_request", "Odd", "amount"), providers.FaultProtocol, providers.Unknown, "", 0, "Odd"},
		{"a redirect", 302, "", providers.FaultProtocol, providers.Unknown, "", 0, "redirects"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := decode(transport.Request{Changes: true}, transport.Response{Status: tt.status, Body: []byte(tt.body)})
			if e == nil {
				t.Fatal("taken for good")
			}
			if e.Fault != tt.fault || providers.OutcomeOf(e) != tt.outcome || e.Field != tt.field || e.RetryAfter != tt.wait {
				t.Errorf("fault %v, outcome %v, field %q, wait %v", e.Fault, providers.OutcomeOf(e), e.Field, e.RetryAfter)
			}
			if !strings.Contains(e.Message, tt.says) {
				t.Errorf("message %q", e.Message)
			}
			if strings.Contains(tt.body, "e-1") && e.RequestID != "e-1" {
				t.Errorf("the request id is lost: %+v", e)
			}
		})
	}
}
