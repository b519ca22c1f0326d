package transport

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bursar/providers"
)

// DecodeStatus judges an answer by its HTTP status alone. Systems' decoders
// start from it and add what their error documents say.
func DecodeStatus(_ Request, r Response) *providers.Error {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	e := &providers.Error{Fault: FaultOfStatus(r.Status), Code: strconv.Itoa(r.Status)}
	if r.Status >= 300 && r.Status < 400 {
		e.Message = "the server redirects elsewhere; check url"
		return e
	}
	e.Message = fmt.Sprintf("the server answered %d %s", r.Status, http.StatusText(r.Status))
	if text := Excerpt(r.Body); text != "" && !LooksLikeHTML(r.Body) {
		e.Message += ": " + text
	}
	return e
}

// FaultOfStatus is the fault that an HTTP status stands for.
func FaultOfStatus(status int) providers.Fault {
	switch {
	case status == http.StatusUnauthorized:
		return providers.FaultAuth
	case status == http.StatusForbidden:
		return providers.FaultForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return providers.FaultNotFound
	case status == http.StatusTooManyRequests:
		return providers.FaultLimited
	case status == http.StatusConflict:
		return providers.FaultState
	case status == http.StatusRequestTimeout:
		return providers.FaultTimeout
	case status >= 500:
		return providers.FaultServer
	case status >= 400:
		return providers.FaultInput
	default:
		return providers.FaultProtocol
	}
}

// retryAfter reads the header of that name: seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if secs, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(secs, 0), 3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(at.Sub(now), 0), time.Hour)
	}
	return 0
}
