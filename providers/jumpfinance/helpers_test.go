package jumpfinance_test

import (
	"encoding/json"
	"errors"
	"net/http"

	"bursar/providers"
)

// everything is all that a record holds, as text.
func everything(r providers.Record) string {
	b, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// dropQuery makes a service that ignores a parameter.
func dropQuery(name string) func(*http.Request) {
	return func(req *http.Request) {
		q := req.URL.Query()
		q.Del(name)
		req.URL.RawQuery = q.Encode()
	}
}

func asError(err error, into **providers.Error) bool { return errors.As(err, into) }
