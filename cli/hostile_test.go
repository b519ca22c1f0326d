package cli

import (
	"context"
	"encoding/csv"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/providers"
	"bursar/providers/sandbox"
)

// hostileTexts stand in every field of a record.
var hostileTexts = []string{
	"evil\x1b[31mred\x1b]52;c;QQ==\x07\x1b[2J", "c1 \u009b31m \u0090q\u009c", "nul \x00 del \x7f", "two\nlines\r\nand\ttabs", "unit\x1fsep", "\u202eevil\u2066", "zero\u200bwidth\u200d", "\xff\xfe broken \xc3", strings.Repeat("long ", 400_000),
}

// keepHostile puts records with such texts into the store of the data directory.
func (b *bench) keepHostile() (refs []providers.Ref) {
	b.t.Helper()
	a := &app{Terminal: Terminal{Out: b.t.Output(), Err: b.t.Output()}, now: time.Now, wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, configFile: b.config, dataDir: b.data}
	d, err := a.open(b.t.Context(), need{store: true, kept: true})
	if err != nil {
		b.t.Fatal(err)
	}
	defer d.Close()
	for i, s := range hostileTexts {
		ref := providers.Ref{Account: "hosting", Kind: providers.Payment, ID: "evil-" + string(rune('a'+i))}
		rec := providers.Record{
			Ref: ref, Number: s, Status: providers.Status{Code: "1", Label: s, Phase: providers.PhaseNew}, Amount: providers.MustMoney(strings.Repeat("9", 40), "R\x1b[1mU"), Remaining: providers.MustMoney("1", "RUB"),
			Created: time.Now(), Party: providers.Party{ID: s, Name: s, Phone: s, Email: s, Card: s}, Method: s, Note: s, Flags: []string{s},
			Links: []providers.Link{{Rel: s, Ref: providers.Ref{Account: "shop", Kind: providers.Payment, ID: s}}}, Raw: []byte(`{"a":"\u001b[31m` + "\u009b" + `"}`),
			Details: []providers.Group{{Title: s, Rows: []providers.Row{{Label: s, Value: s, Time: time.Now()}, {Label: s, Value: s}}}},
		}
		if _, err := d.store.Put(time.Now(), rec); err != nil {
			b.t.Fatal(err)
		}
		refs = append(refs, ref)
	}
	return refs
}

// What the command line prints may go to a terminal: nothing that a payment
// system sent steers it.
func TestPrintsNoControlCharacters(t *testing.T) {
	b := newBench(t, sandbox.Options{Payments: 300}, "10s")
	refs := b.keepHostile()
	plan := filepath.Join(t.TempDir(), "evil.plan")
	b.run("batch", "plan", "--action", "payment.credit", "--account", "hosting", "--filter", "id:evil-a,evil-b,evil-c", "--offline", "--out", plan)
	for _, args := range [][]string{
		{"list", "payments", "--offline"},
		{"list", "payments", "--offline", "--format", "json"},
		{"list", "payments", "--offline", "--format", "csv"},
		{"show", refs[0].String(), "--offline"},
		{"show", refs[1].String(), "--offline", "--format", "json"},
		{"show", refs[7].String(), "--offline", "--format", "json"},
		{"show", "hosting/payment/\x1b[31m\u009b", "--offline"},
		{"list", "payments", "--offline", "--filter", "\x1b[31m:\u009b"},
		{"batch", "check", plan, "--offline"},
		{"batch", "check", plan, "--offline", "--format", "json"},
	} {
		got := b.run(args...)
		for _, text := range []string{got.out, got.err} {
			steers := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
			if at := strings.IndexFunc(text, steers); at >= 0 || !utf8.ValidString(text) {
				t.Errorf("bursar %q prints %q", args, text[max(0, at-40):min(len(text), max(0, at)+40)])
			}
		}
		if args[0] == "list" && len(args) != 5 && strings.Count(got.out, "evil-") < len(refs) {
			t.Errorf("bursar %q: %d of %d hostile records\n%s", args, strings.Count(got.out, "evil-"), len(refs), got.err)
		}
		if args[len(args)-1] == "csv" {
			if rows, err := csv.NewReader(strings.NewReader(got.out)).ReadAll(); err != nil || len(rows) != len(refs)+1 {
				t.Errorf("%d lines of CSV: %v", len(rows), err)
			}
		}
	}
	if check := b.run("batch", "check", plan, "--offline").out; !strings.Contains(check, "evil") {
		t.Errorf("the preview does not name the records:\n%s", check)
	}
}
