package yookassa

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

const keyHeader = "Idempotence-Key"

// keyLife is how long a key is remembered from its first request.
const keyLife = 24 * time.Hour

var keyForm = regexp.MustCompile(`^[0-9a-zA-Z+_.-]{1,64}$`)

// bound is what a key stands for: the request, and the object that came of it
// or the error.
type bound struct {
	print  string
	at     time.Time
	object func() gate.Answer // the object as it is now
	error  gate.Answer
}

// keyed carries a POST out under its key: once. The same request again gets the
// object as it is by then, another request is refused.
func (s *Simulator) keyed(c *call, h handler) gate.Answer {
	key := c.Header.Get(keyHeader)
	if !keyForm.MatchString(key) {
		return invalid("The idempotence key is missing or is not 1 to 64 characters long", keyHeader)
	}
	scope, print := accountOf(c.who), fingerprint(c)
	if b, ok := s.keys[scope+key]; ok && s.opt.Gate.Now().Sub(b.at) < keyLife {
		switch {
		case b.print != print:
			return invalid("Idempotence key duplicated", keyHeader)
		case b.object != nil:
			return b.object()
		default:
			return b.error
		}
	}
	answer := h.do(s, c)
	if answer.Status == 0 || answer.Status == http.StatusOK {
		if s.opt.ProcessingOnce {
			return processing()
		}
		return answer
	}
	if answer.Status != http.StatusForbidden {
		s.keys[scope+key] = &bound{print: print, at: s.opt.Gate.Now(), error: answer}
	}
	return answer
}

// accountOf is what a key belongs to: the shop, however it logged in, or the
// payout gateway.
func accountOf(w who) string {
	if w == byGateway {
		return payoutsID + " "
	}
	return shopID + " "
}

// bind ties the call's key to the object that it made or changed.
func (s *Simulator) bind(key, print, kind, id string) {
	b, asker := &bound{print: print, at: s.opt.Gate.Now()}, byShop
	switch kind {
	case "refund":
		b.object = func() gate.Answer { return s.showRefund(id) }
	case "receipt":
		b.object = func() gate.Answer { return s.showReceipt(id) }
	case "payout":
		asker = byGateway
		b.object = func() gate.Answer { return s.showPayout(id) }
	case "webhook":
		b.object = func() gate.Answer { return s.showWebhook(id) }
	default:
		b.object = func() gate.Answer { return s.showPayment(id) }
	}
	s.keys[accountOf(asker)+key] = b
}

// fingerprint is the same for requests that ask for the same: call, record and
// body, whatever the order of its fields.
func fingerprint(c *call) string {
	body, err := json.Marshal(masked(c.fields))
	if err != nil {
		body = c.body
	}
	sum := sha256.Sum256([]byte(c.name + " " + c.id + "\n" + string(body)))
	return hex.EncodeToString(sum[:])
}

// masked is a body without card numbers: prints stand in the ledger, and a
// number could be found again from the print of it.
func masked(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, in := range v {
			if text, ok := in.(string); ok && (k == "number" || k == "csc") {
				in = maskNumber(k, text)
			}
			out[k] = masked(in)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, in := range v {
			out = append(out, masked(in))
		}
		return out
	default:
		return v
	}
}

func maskNumber(name, text string) string {
	if name == "csc" || len(text) < 13 {
		return "***"
	}
	return text[:6] + strings.Repeat("*", len(text)-10) + text[len(text)-4:]
}

// processing is the older edition's "not yet".
func processing() gate.Answer {
	return gate.JSON(http.StatusAccepted, struct {
		Type        string `json:"type"`
		Description string `json:"description"`
		RetryAfter  int    `json:"retry_after"`
	}{"processing", "The request is accepted and still being carried out. Repeat it with the same key", 1800})
}
