package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/providers"
	"bursar/providers/sandbox"
)

// What is planted into the systems and the configuration, and must come out
// nowhere.
const (
	plantedCard     = "4111111111111111"
	plantedPassport = "8000 310477"
	plantedLogin    = "hunter2-correct-horse"
)

// TestNothingSecretIsWritten plants card numbers, a passport and passwords and
// searches every file and every word that comes out, byte by byte.
func TestNothingSecretIsWritten(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	b.plant()
	b.must(exitDone, "sync")
	out := b.speak()
	out += b.refusedLogins(t)

	for _, s := range []string{"Безымянная", "•• 1111"} {
		if !strings.Contains(out, s) {
			t.Errorf("%q did not come out: what was planted was not read", s)
		}
	}
	forbidden := []string{
		plantedCard, "4111 1111 1111 1111", plantedPassport, strings.ReplaceAll(plantedPassport, " ", ""), plantedLogin, "aHVudGVyMi1", // the login in base 64
		"api_token", "operator:sandbox", "100500:sandbox", "MTAwNTAwOnNhbmRib3g",
	}
	for _, s := range forbidden {
		if i := strings.Index(out, s); i >= 0 {
			t.Errorf("%q is in the output: …%s…", s, out[max(0, i-80):min(len(out), i+80)])
		}
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, "account_number") && providers.HasCard(line) {
			t.Errorf("a whole card number is in the output: %.300s", line)
		}
	}
	// On the disk even names are unreadable.
	err := filepath.WalkDir(b.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, s := range append(forbidden, "Безымянная") {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("%q is in %s", s, path)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// plant puts secrets where the systems keep them: a contractor's passport, and
// card numbers in notes, descriptions and requisites (which the payout service
// answers whole by itself).
func (b *bench) plant() {
	b.t.Helper()
	request := func(method, path, body string) {
		req, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, strings.NewReader(body))
		if err != nil {
			b.t.Fatal(err)
		}
		req.Header.Set("Client-Key", "sandbox")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode >= 300 {
			var text bytes.Buffer
			_, _ = text.ReadFrom(resp.Body)
			b.t.Fatalf("planting by %s %s: %s %s", method, path, resp.Status, text.String())
		}
	}
	request(http.MethodPut, "/services/openapi/contractors/10001", `{"phone":"+79990001122","last_name":"Безымянная","first_name":"Анна","legal_form_id":1,"agent_id":1,
		"passport_details":{"document_type":"passport_rf","full_number":"`+plantedPassport+`","issue_date":"2010-01-02","issued_by":"ОВД","division":"770-001","birth_date":"1990-01-02","registration_address":"Москва"}}`)
	rows := decode[[]row](b.t, b.must(exitDone, "list", "payments", "--account", "shop", "--filter", "phase:held", "--limit", "1", "--format", "json").out)
	request(http.MethodPost, "/_sandbox/world", fmt.Sprintf(`[
		{"system":"billmanager","kind":"payment","set":{"id":"90001","number":"X-1","status":"1","sender_name":"на карту %[1]s","note":"%[1]s","subaccountamount_iso":"10.00 RUB"}},
		{"system":"yookassa","kind":"payment","set":{"id":"%[2]s","description":"перевод на 4111 1111 1111 1111"}}]`, plantedCard, rows[0].ID))
}

// speak runs what prints records, plans, reports and events.
func (b *bench) speak() string {
	var out strings.Builder
	say := func(args ...string) answer {
		got := b.run(args...)
		out.WriteString(got.out + got.err)
		return got
	}
	for _, kind := range providers.Kinds() {
		for _, format := range []string{"json", "csv", "table"} {
			say("list", string(kind), "--offline", "--format", format)
		}
	}
	for _, name := range []string{"field/contractor/10001", "field/contractor/10002", "hosting/payment/90001"} {
		say("show", name)
		say("show", name, "--format", "json")
	}
	plan := filepath.Join(b.data, "card.plan")
	say("batch", "plan", "--action", "payout.create", "--account", "field", "--from",
		b.file("rows.csv", "contractor_id,amount,payment_purpose\n10001,10.00,на карту "+plantedCard+"\n"), "--out", plan)
	if say("batch", "check", plan).code == exitDone {
		b.t.Error("a payout with a card number in its purpose may be sent")
	}
	plan = filepath.Join(b.data, "credit.plan")
	b.must(exitDone, "batch", "plan", "--action", "payment.credit", "--account", "hosting", "--id", "90001", "--out", plan)
	say("batch", "check", plan, "--format", "json")
	b.must(exitDone, "batch", "run", plan, "--confirm", "1")
	for _, s := range decode[[]struct{ ID string }](b.t, b.must(exitDone, "batch", "list", "--format", "json").out) {
		say("batch", "report", s.ID)
		say("batch", "report", s.ID, "--format", "json")
	}
	say("journal", "export")
	return out.String()
}

// refusedLogins asks every system with a wrong password or token.
func (b *bench) refusedLogins(t *testing.T) string {
	t.Setenv("BURSAR_TEST_WRONG", plantedLogin)
	text, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	b.config = b.file("wrong.toml", strings.ReplaceAll(string(text), "BURSAR_TEST_LOGIN", "BURSAR_TEST_WRONG"))
	got := b.must(exitError, "config", "check")
	if n := strings.Count(got.out, "login refused"); n != 4 {
		t.Errorf("%d of 4 logins were refused: %s", n, got.out)
	}
	list := b.run("list", "payments")
	return got.out + got.err + list.out + list.err
}
