package jumpfinance_test

import (
	"encoding/json"

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
