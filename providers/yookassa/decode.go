package yookassa

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// idempotenceHeader is what an error names when the key is at fault.
const idempotenceHeader = "Idempotence-Key"

// defaultRetry is how long the older edition asks to wait when a 202 does not
// say.
const defaultRetry = 1800 * time.Millisecond

// maxRetry bounds what an answer may ask to wait.
const maxRetry = time.Hour

// decode judges an answer: nil when it is good.
func decode(r transport.Request, resp transport.Response) *providers.Error {
	if resp.Status == http.StatusOK && transport.FirstIs(resp.Body, "type", "list") {
		return nil // a page is long, and whoever asked for it reads it anyway
	}
	var p problem
	readable := isObject(resp.Body) && json.Unmarshal(resp.Body, &p) == nil
	if resp.Status >= 200 && resp.Status < 300 {
		return decodeGood(r, resp, p, readable)
	}
	e := transport.DecodeStatus(r, resp)
	if readable && (p.Type == "error" || p.Code != "" || p.Description != "") {
		describe(e, p, resp.Status)
	}
	if wait := retryAfter(p); wait > 0 {
		e.RetryAfter = wait
	}
	switch e.Fault {
	case providers.FaultAuth:
		e.Message = "the shop id or secret key (or the OAuth token) was refused; check username and secret" + detail(p)
	case providers.FaultForbidden:
		e.Message = "the login may not do this" + detail(p)
	}
	return e
}

// decodeGood looks at an answer of HTTP 2xx: "accepted, not done yet" and an
// error document are no success. An empty or foreign body of a change is left
// to the caller, who has to see the object before believing anything.
func decodeGood(r transport.Request, resp transport.Response, p problem, readable bool) *providers.Error {
	if resp.Status == http.StatusAccepted || readable && p.Type == "processing" {
		wait := retryAfter(p)
		if wait == 0 {
			wait = defaultRetry
		}
		return &providers.Error{
			Fault: providers.FaultServer, Code: "processing", RetryAfter: wait,
			Message: "YooKassa took the request and has not finished it; ask again with the same key",
		}
	}
	if readable && p.Type == "error" {
		e := &providers.Error{Fault: providers.FaultProtocol}
		describe(e, p, resp.Status)
		e.Fault = providers.FaultProtocol // HTTP says done, the body says not: nothing is sure
		return e
	}
	if !r.Changes && len(bytes.TrimSpace(resp.Body)) == 0 {
		return &providers.Error{Fault: providers.FaultProtocol, Message: "the answer is empty"}
	}
	return nil
}

// describe fills the error with what the error document says.
func describe(e *providers.Error, p problem, status int) {
	e.Code, e.RequestID = string(p.Code), string(p.ID)
	if e.Code == "" {
		e.Code = strconv.Itoa(status)
	}
	if p.Description != "" {
		e.Message = string(p.Description)
	}
	if p.Reason != "" {
		e.Message += " (" + string(p.Reason) + ")"
	}
	if e.Fault != providers.FaultInput {
		return
	}
	e.Field = formField(string(p.Parameter))
	switch {
	case p.Parameter == idempotenceHeader && strings.Contains(strings.ToLower(string(p.Description)), "duplicate"):
		e.Message = "this Idempotence-Key was used before for a different request, so this one was not carried out; plan the action anew to get a new key (" + string(p.Description) + ")"
	case p.Code == "refusal", aboutState(string(p.Parameter)):
		e.Fault = providers.FaultState
	}
}

// aboutState tells a refusal of the record from a refusal of a value: the
// system names the record's id, or nothing, when its state is at fault.
func aboutState(parameter string) bool {
	switch parameter {
	case "", "payment_id", "refund_id", "payment", "status":
		return true
	default:
		return false
	}
}

// formField is the action form's name of a refused parameter.
func formField(parameter string) string {
	switch {
	case parameter == "amount", strings.HasPrefix(parameter, "amount."):
		return "amount"
	case aboutState(parameter):
		return ""
	default:
		return parameter
	}
}

func detail(p problem) string {
	if p.Description == "" {
		return ""
	}
	return " (" + string(p.Description) + ")"
}

// retryAfter is the wait that the body asks for, in milliseconds there.
func retryAfter(p problem) time.Duration {
	ms, err := strconv.ParseInt(string(p.RetryAfter), 10, 64)
	if err != nil || ms <= 0 {
		return 0
	}
	if ms > maxRetry.Milliseconds() {
		return maxRetry
	}
	return time.Duration(ms) * time.Millisecond
}
