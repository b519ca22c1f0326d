package yookassa

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestCursorsHoldStillAndBelongToTheirFilters(t *testing.T) {
	s := newShop(t, 200, Options{})
	first := s.get("/v3/payments?status=succeeded")
	if n := len(first.body["items"].([]any)); n != 10 {
		t.Fatalf("a page has %d rows", n)
	}
	cursor := url.QueryEscape(first.body["next_cursor"].(string))
	want := s.get("/v3/payments?status=succeeded&limit=3&cursor=" + cursor)
	s.set("payment", `{"amount":{"value":"1.00","currency":"RUB"}}`)
	if got := s.get("/v3/payments?status=succeeded&limit=3&cursor=" + cursor); got.text != want.text {
		t.Errorf("a new payment moved the next page")
	}
	for name, path := range map[string]string{
		"other filters":   "/v3/payments?status=canceled&cursor=" + cursor,
		"no filters":      "/v3/payments?cursor=" + cursor,
		"another list":    "/v3/refunds?status=succeeded&cursor=" + cursor,
		"a made-up one":   "/v3/payments?status=succeeded&cursor=abc",
		"an empty one":    "/v3/payments?status=succeeded&cursor=",
		"a limit of 0":    "/v3/payments?limit=0",
		"a limit of 101":  "/v3/payments?limit=101",
		"a bad date":      "/v3/payments?created_at.gte=yesterday",
		"a bad status":    "/v3/refunds?status=waiting_for_capture",
		"a bad method":    "/v3/payments?payment_method=yandex_money",
		"two receipts of": "/v3/receipts?payment_id=a&refund_id=b",
	} {
		if a := s.get(path); a.status != 400 || a.body["code"] != "invalid_request" || a.body["parameter"] == "" {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	if a := s.get("/v3/payments?colour=red"); a.status != 200 {
		t.Errorf("an unknown name: %d %s", a.status, a.text)
	}
}

// Rows that were added or re-dated stand where their moment puts them.
func TestListsStayInOrder(t *testing.T) {
	s := newShop(t, 300, Options{})
	rows := s.all("/v3/payments")
	moved := rows[20]["id"].(string)
	s.set("payment", `{"id":"`+moved+`","created_at":"2026-11-05T10:00:00.000Z"}`)
	s.set("payment", `{"id":"old","created_at":"2026-11-06T10:00:00.000Z","amount":{"value":"1.00","currency":"RUB"}}`)
	s.set("payment", `{"id":"new","amount":{"value":"1.00","currency":"RUB"}}`)
	s.set("payment", `{"id":"`+rows[30]["id"].(string)+`","description":"только текст"}`)
	got := s.all("/v3/payments")
	if len(got) != len(rows)+2 || got[0]["id"] != "new" {
		t.Fatalf("%d rows of %d, first %v", len(got), len(rows), got[0]["id"])
	}
	if !slices.IsSortedFunc(got, func(a, b map[string]any) int {
		return strings.Compare(b["created_at"].(string), a["created_at"].(string))
	}) {
		t.Error("out of order")
	}
	seen := map[any]bool{}
	for _, o := range got {
		if seen[o["id"]] {
			t.Errorf("%v comes twice", o["id"])
		}
		seen[o["id"]] = true
	}
	for _, bounds := range []string{"created_at.gte=2026-11-05T10:00:00.000Z&created_at.lt=2026-11-06T10:00:00.000Z", "created_at.gt=2026-11-05T10:00:00.000Z&created_at.lte=2026-11-06T10:00:00.000Z"} {
		part := s.all("/v3/payments?" + bounds)
		ids := fmt.Sprint(part)
		if strings.Contains(ids, moved) != strings.Contains(bounds, "gte") || strings.Contains(ids, "id:old") != strings.Contains(bounds, "lte") {
			t.Errorf("%s: %s", bounds, ids)
		}
	}
}
