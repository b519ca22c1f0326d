package yookassa

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
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
