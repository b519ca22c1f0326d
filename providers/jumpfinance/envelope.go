package jumpfinance

import (
	"bytes"
	"encoding/json"
	"errors"
)

// The service wraps its answers in five ways, and its two descriptions differ
// about which: {"item"}, {"items","meta","links"} with or without meta and
// links, {"data"}, a bare object, a bare list.

var (
	errNoObject = errors.New("the answer holds no object")
	errNoList   = errors.New("the answer holds no list")
)

type pages struct {
	Total   number `json:"total"`
	Current number `json:"current_page"`
	Last    number `json:"last_page"`
}

type envelope struct {
	Item  json.RawMessage `json:"item"`
	Items json.RawMessage `json:"items"`
	Data  json.RawMessage `json:"data"`
	Meta  object[pages]   `json:"meta"`
}

// itemOf takes the one object out of its envelope.
func itemOf(body []byte) (json.RawMessage, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, errNoObject
	}
	for _, raw := range []json.RawMessage{e.Item, e.Data, body} {
		raw = bytes.TrimSpace(raw)
		if len(raw) > 0 && raw[0] == '{' {
			return raw, nil
		}
	}
	return nil, errNoObject
}

// itemsOf takes the list and its page marks out of their envelope. An answer
// without marks is one page.
func itemsOf(body []byte) ([]json.RawMessage, pages, error) {
	body = bytes.TrimSpace(body)
	var e envelope
	if len(body) > 0 && body[0] == '[' {
		e.Items = body
	} else if err := json.Unmarshal(body, &e); err != nil {
		return nil, pages{}, errNoList
	}
	for _, raw := range []json.RawMessage{e.Items, e.Data} {
		raw = bytes.TrimSpace(raw)
		if len(raw) == 0 || raw[0] != '[' {
			continue
		}
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, pages{}, errNoList
		}
		meta := e.Meta.v
		if !e.Meta.known {
			meta = pages{Total: number(len(items)), Current: 1, Last: 1}
		}
		return items, meta, nil
	}
	return nil, pages{}, errNoList
}
