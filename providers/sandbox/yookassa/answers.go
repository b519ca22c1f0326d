package yookassa

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"bursar/providers/sandbox/gate"
)

type problem struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	Code        string `json:"code"`
	Description string `json:"description,omitempty"`
	Parameter   string `json:"parameter,omitempty"`
	RetryAfter  int    `json:"retry_after,omitempty"`
}

// fail is the error document.
func fail(status int, code, description, parameter string) gate.Answer {
	return gate.JSON(status, problem{Type: "error", ID: uuid.NewString(), Code: code, Description: description, Parameter: parameter})
}

func invalid(description, parameter string) gate.Answer {
	return fail(http.StatusBadRequest, "invalid_request", description, parameter)
}

func missing(what string) gate.Answer {
	return fail(http.StatusNotFound, "not_found", what+" doesn't exist or belongs to another shop", "")
}

func unauthorized(why string) gate.Answer {
	a := fail(http.StatusUnauthorized, "invalid_credentials", why, "Authorization")
	a.Header.Set("Www-Authenticate", `Basic realm="YooKassa API"`)
	return a
}

// limited asks to wait, in milliseconds.
func limited(seconds int) gate.Answer {
	return gate.JSON(http.StatusTooManyRequests, problem{
		Type: "error", ID: uuid.NewString(), Code: "too_many_requests", Description: "Too many requests, slow down", RetryAfter: 1000 * seconds,
	})
}

// The logins.
const (
	secretKey  = "sandbox"
	oauthToken = "sandbox"
	payoutsID  = "500500"
)

// login checks who asks. The payout gateway's own pair is good, but not for
// payments; the store's own page wants a token.
func (s *Simulator) login(c *call) (gate.Answer, bool) {
	header := c.Header.Get("Authorization")
	if token, ok := strings.CutPrefix(header, "Bearer "); ok {
		if token != oauthToken {
			return unauthorized("The token is unknown or has expired"), false
		}
		return gate.Answer{}, true
	}
	user, password, ok := c.BasicAuth()
	switch {
	case !ok:
		return unauthorized("The request carries no login"), false
	case password != secretKey || user != shopID && user != payoutsID:
		return unauthorized("The shop id or the secret key is wrong"), false
	case user == payoutsID:
		return fail(http.StatusForbidden, "forbidden", "A payout gateway has no payments", ""), false
	case c.name == "GET /me":
		return fail(http.StatusForbidden, "forbidden", "This method takes an OAuth token only", ""), false
	}
	return gate.Answer{}, true
}

// parse reads one JSON value; numbers stay as they were written.
func parse(body []byte, v any) error {
	if !utf8.Valid(body) {
		return errors.New("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is more after the value")
	}
	return nil
}

// me is the store's own page.
func (s *Simulator) me(*call) gate.Answer {
	type fiscal struct {
		Enabled  bool   `json:"enabled"`
		Provider string `json:"provider"`
	}
	return gate.JSON(0, struct {
		Account string   `json:"account_id"`
		Status  string   `json:"status"`
		Test    bool     `json:"test"`
		Old     bool     `json:"fiscalization_enabled"`
		Fiscal  fiscal   `json:"fiscalization"`
		Methods []string `json:"payment_methods"`
		ITN     string   `json:"itn"`
	}{shopID, "enabled", false, true, fiscal{true, "atol"}, []string{"bank_card", "yoo_money", "sberbank", "sbp", "tinkoff_bank"}, "7701234567"})
}
