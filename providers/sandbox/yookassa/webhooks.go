package yookassa

import (
	"net/url"
	"slices"

	"bursar/providers/sandbox/gate"
)

const webhookSpace = "webhook"

// webhook says where notices of an event go.
type webhook struct {
	ID    string `json:"id"`
	Event string `json:"event"`
	URL   string `json:"url"`
}

// events are those that a token may ask to be told of. Events of payouts and
// deals are set in the merchant's profile only.
var events = []string{"payment.waiting_for_capture", "payment.succeeded", "payment.canceled", "refund.succeeded", "payment_method.active"}

const maxURL = 2048

// listWebhooks gives all that the token has; the list has no pages.
func (s *Simulator) listWebhooks(*call) gate.Answer {
	out := page{Type: "list", Items: []any{}}
	for _, w := range s.webhooks {
		out.Items = append(out.Items, w)
	}
	return gate.JSON(0, out)
}

// createWebhook asks for notices of an event. An event has one webhook.
func (s *Simulator) createWebhook(c *call) gate.Answer {
	in := c.whole()
	w := &webhook{Event: in.must("event", maxURL), URL: in.must("url", maxURL)}
	if in.bad() == nil && !slices.Contains(s.events(), w.Event) {
		in.refuse("There is no such event", "event")
	}
	if in.bad() == nil && !secureURL(w.URL) {
		in.refuse("The address must be https", "url")
	}
	if in.bad() == nil && s.hooked(w.Event) {
		in.refuse("The event has a webhook already", "event")
	}
	if bad := in.bad(); bad != nil {
		return *bad
	}
	w.ID = "wh-" + s.mint(webhookSpace)
	s.webhooks = append(s.webhooks, w)
	s.record(c, w.ID, amount{}, made{Webhook: w})
	return gate.JSON(0, w)
}

func (s *Simulator) events() []string {
	if s.opt.OldDialect {
		return events[:4]
	}
	return events
}

func (s *Simulator) hooked(event string) bool {
	return slices.ContainsFunc(s.webhooks, func(w *webhook) bool { return w.Event == event })
}

func secureURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != ""
}

// deleteWebhook ends the notices. Its answer is an empty object.
func (s *Simulator) deleteWebhook(c *call) gate.Answer {
	i := s.webhookAt(c.id)
	if i < 0 {
		return missing("Webhook")
	}
	s.webhooks = slices.Delete(s.webhooks, i, i+1)
	s.record(c, c.id, amount{}, made{})
	return gate.JSON(0, struct{}{})
}

func (s *Simulator) webhookAt(id string) int {
	return slices.IndexFunc(s.webhooks, func(w *webhook) bool { return w.ID == id })
}

func (s *Simulator) showWebhook(id string) gate.Answer {
	i := s.webhookAt(id)
	if i < 0 {
		return missing("Webhook")
	}
	return gate.JSON(0, s.webhooks[i])
}
