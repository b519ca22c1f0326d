package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// fieldPayments sizes the second world: a few hundred payouts, contractors and
// receipts, so that every tab has rows.
const fieldPayments = 2600

// data is the scratch directory.
type data struct {
	program
	dir  string
	made made
	say  func(format string, args ...any)
}

// made is how the data was made; it is kept beside it.
type made struct {
	Rows     int       `json:"rows"` // payments asked for
	Seed     uint64    `json:"seed"`
	Made     time.Time `json:"made"`
	Payments int       `json:"payments"` // payments cached
	Sync     float64   `json:"sync_seconds"`
	PeakRSS  float64   `json:"sync_peak_rss_mib"`
	PeakAnon float64   `json:"sync_peak_anon_mib"`
}

func (d *data) path(names ...string) string {
	return filepath.Join(append([]string{d.dir}, names...)...)
}

// csv is every payment as its peers read it.
func (d *data) csv() string { return d.path("rows.csv") }

// payouts are the rows of the peers' second tab.
func (d *data) payouts() string { return d.path("payouts.csv") }

// full and tenth are workstations without a network: one over all rows, one
// over a tenth of them.
func (d *data) full() desk  { return desk{d.program, d.path("full"), d.path("full.toml")} }
func (d *data) tenth() desk { return desk{d.program, d.path("tenth"), d.path("tenth.toml")} }

// load reads what an earlier run kept.
func (d *data) load() error {
	text, err := os.ReadFile(d.path("made.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no data of bursar bench", d.dir)
	}
	if err == nil {
		err = json.Unmarshal(text, &d.made)
	}
	if err != nil {
		return fmt.Errorf("the data in %s cannot be used: %w", d.dir, err)
	}
	return nil
}

// make fills the scratch directory.
func (d *data) make(ctx context.Context, rows int, seed uint64) error {
	d.made = made{Rows: rows, Seed: seed, Made: time.Now().Round(0)}
	if err := os.MkdirAll(d.home, 0o700); err != nil {
		return err
	}
	d.say("copying %s payments from the simulator into a cache", grouped(rows))
	used, err := d.fill(ctx, d.full(), rows)
	if err != nil {
		return err
	}
	d.made.Sync, d.made.PeakRSS, d.made.PeakAnon = used.took.Seconds(), used.peak.Peak, used.peak.Anon
	d.say("copied in %.0f s, at most %.0f MiB in memory; a tenth of it", d.made.Sync, d.made.PeakRSS)
	if _, err := d.fill(ctx, d.tenth(), max(rows/10, 1)); err != nil {
		return err
	}
	d.say("writing the rows for the peers")
	if d.made.Payments, err = d.export(ctx); err != nil {
		return err
	}
	text, err := json.MarshalIndent(d.made, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(d.path("made.json"), text, 0o600)
}

// fill copies the payments of a world of the asked size, and the few rows of
// the other tabs.
func (d *data) fill(ctx context.Context, to desk, payments int) (usage, error) {
	shop, err := d.simulate(ctx, World{Payments: worldOf(payments), Seed: d.made.Seed, Made: d.made.Made})
	if err != nil {
		return usage{}, err
	}
	defer shop.close()
	field, err := d.simulate(ctx, World{Payments: fieldPayments, Seed: d.made.Seed, Made: d.made.Made})
	if err != nil {
		return usage{}, err
	}
	defer field.close()
	if err := configure(to.config, shop.url, field.url, true); err != nil {
		return usage{}, err
	}
	used, err := d.run(ctx, nil, to.args("sync", "--account", "shop", "--kind", "payment")...)
	if err != nil {
		return used, err
	}
	_, err = d.run(ctx, nil, to.args("sync", "--account", "field")...)
	return used, err
}

// configuration leads to two simulators. The rate is high: what is measured is
// bursar, not its patience.
const configuration = `[accounts.shop]
system = "yookassa"
url = %[1]q
username = "100500"
secret = "env:%[3]s"
sandbox = true
read_only = %[4]v
rate = 100000
workers = 16

[accounts.field]
system = "jumpfinance"
url = %[2]q
secret = "env:%[3]s"
sandbox = true
rate = 100000
workers = 16
`

func configure(path, shop, field string, readOnly bool) error {
	text := fmt.Sprintf(configuration, shop+"/v3", field+"/services/openapi", secretName, readOnly)
	return os.WriteFile(path, []byte(text), 0o600)
}
