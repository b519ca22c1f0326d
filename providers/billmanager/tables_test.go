package billmanager

import (
	"strings"
	"testing"
	"time"

	"bursar/providers"
)

func groupOf(t *testing.T, r providers.Record, title string) []providers.Row {
	t.Helper()
	for _, g := range r.Details {
		if g.Title == title {
			return g.Rows
		}
	}
	return nil
}

func TestBM9GetShowsWhatIsPaidFor(t *testing.T) {
	p := newPanel(t, setup{})
	p.set(map[string]string{"id": "90001", "number": "B-1", "status": "1", "subaccountamount_iso": "1000.00 RUB", "billorder": "77", "info": "VPS"})
	rows := groupOf(t, p.get(providers.Payment, "90001"), "Pays for")
	if len(rows) != 2 || rows[0].Label != "VPS" || rows[0].Value != "700.00 RUB" || rows[1].Value != "300.00 RUB" {
		t.Errorf("%+v", rows)
	}
}

func TestBM10GetShowsWhatWasSpent(t *testing.T) {
	p := newPanel(t, setup{})
	for id, status := range map[string]string{"90001": statusNew, "90003": statusPromised, "90004": statusCredited, "90006": statusRefunded} {
		p.set(map[string]string{
			"id": id, "number": "B-" + id, "status": status, "subaccountamount_iso": "1000.00 RUB", "expense": "400.00 RUB", "info": "VPS",
			"create_date": noon.Format(time.DateOnly), "pay_date": noon.Format(time.DateOnly),
		})
		rows := groupOf(t, p.get(providers.Payment, id), "Spent on")
		if status == statusPromised || status == statusCredited {
			if len(rows) != 1 || rows[0].Label != "VPS" || rows[0].Value != "400.00 RUB" || rows[0].Time.Format(time.DateOnly) != noon.Format(time.DateOnly) {
				t.Errorf("status %s: %+v", status, rows)
			}
		} else if len(rows) > 0 || p.requests(fnSpent) > 2 {
			t.Errorf("status %s: %+v, the panel was asked %d times", status, rows, p.requests(fnSpent))
		}
	}
}

// TestTablesOfAPanelOfItsOwn has columns that nobody knows, a row in place of a
// list, and a login that may not read one of the tables.
func TestTablesOfAPanelOfItsOwn(t *testing.T) {
	c := newClient(t, answers(map[string]string{
		fnList:    `{"doc":{"elem":{"id":{"$":"17"},"status":{"$orig":"4"}},"p_elems":{"$":"1"}}}`,
		fnItems:   `{"doc":{"elem":{"id":{"$":"1"},"info":{"$":" VPS "},"cost":{"$":"5.00 EUR"},"tax_rate":{"$":"20"}}}}`,
		fnSpent:   `{"doc":{"error":{"$type":"access","$object":"payment.expense","msg":{"$":"no"}}}}`,
		fnHistory: `{"doc":{"elem":[]}}`,
	}), nil)
	rec, err := c.Get(t.Context(), c.ref(providers.Payment, "17"))
	if err != nil {
		t.Fatal(err)
	}
	if rows := groupOf(t, rec, "Pays for"); len(rows) != 1 || rows[0].Label != "VPS" || rows[0].Value != "5.00 EUR (tax rate 20)" {
		t.Errorf("items %+v", rows)
	}
	if rows := groupOf(t, rec, "Spent on"); len(rows) != 1 || rows[0].Label != "Not shown" || !strings.Contains(rows[0].Value, "no") {
		t.Errorf("expenses %+v", rows)
	}
	if rows := groupOf(t, rec, "History"); rows != nil {
		t.Errorf("history %+v", rows)
	}
}
