package tuitest

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"github.com/shopspring/decimal"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/batch/journal"
	"bursar/cache"
	"bursar/cache/sync"
	"bursar/cache/views"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui"
)

// Desk is a workstation without a terminal: the real cache, sync and engine
// over payment systems in memory.
type Desk struct {
	Hosting, Shop, Field *Provider
	Store                *cache.Store
	Sync                 *sync.Manager
	Engine               *batch.Engine
	Journal              *batchtest.Journal
	Core                 tui.Core
	Ctx                  context.Context
}

// Options say how a desk differs from the usual one.
type Options struct {
	Payments int  // of the hosting panel; 0 is 60
	Workers  int  // requests at once; 0 is 2
	Empty    bool // nothing was synced yet
	Offline  bool
	Live     bool // the accounts move real money
	Journal  *batchtest.Journal
	Dir      string           // the store and the journal are kept there; "": in memory
	Now      func() time.Time // nil: the tests' clock stands still
	Sweep    time.Duration    // how often a sync reads whole lists; 0: as usual
}

// accounts finds the desk's providers.
type accounts []providers.Provider

func (a accounts) All() []providers.Provider { return a }

func (a accounts) Provider(name string) (providers.Provider, bool) {
	for _, p := range a {
		if p.Info().Account == name {
			return p, true
		}
	}
	return nil, false
}

// NewDesk makes a desk; the end of the test closes it.
func NewDesk(t testing.TB, o Options) *Desk {
	t.Helper()
	if o.Payments == 0 {
		o.Payments = 60
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Now == nil {
		o.Now = Now
	}
	info := func(account, system, title, host string) providers.Info {
		return providers.Info{Account: account, System: system, Title: title, Host: host, Sandbox: !o.Live, Workers: o.Workers}
	}
	d := &Desk{
		Hosting: NewProvider(info("hosting", "billmanager", "BILLmanager", "billing.example.com:1500"), Now, []providers.Kind{providers.Payment}, HostingActions()...),
		Shop:    NewProvider(info("shop", "yookassa", "YooKassa", "api.yookassa.ru"), Now, []providers.Kind{providers.Payment, providers.Refund, providers.Receipt}, ShopActions()...),
		Field:   NewProvider(info("field", "jumpfinance", "Jump.Finance", "api.jump.finance"), Now, []providers.Kind{providers.Payout, providers.Contractor}, FieldActions()...),
		Journal: o.Journal,
	}
	hosting(d.Hosting, o.Payments)
	shop(d.Shop)
	field(d.Field)
	d.build(t, o)
	return d
}

func (d *Desk) build(t testing.TB, o Options) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	d.Ctx = ctx
	list := accounts{d.Hosting, d.Shop, d.Field}
	store, err := cache.Open(cache.Options{Dir: o.place("cache"), Now: o.Now})
	if err != nil {
		t.Fatal(err)
	}
	d.Store = store
	d.Sync = sync.New(sync.Options{Store: store, Providers: list, Now: o.Now, Sweep: o.Sweep, Tick: func(time.Duration) <-chan time.Time { return nil }})
	events, closeJournal := d.journal(t, o)
	d.Engine, err = batch.NewEngine(batch.EngineOptions{
		Accounts: list, Journal: events, Now: o.Now,
		Wait:    func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Changed: func(r providers.Record) { _, _ = store.Put(o.Now(), r) },
		Removed: func(ref providers.Ref) { _ = store.Remove(ref) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !o.Empty {
		d.SyncAll(t)
	}
	d.Sync.SetOffline(o.Offline)
	file, err := views.Load(t.TempDir() + "/views.json")
	if err != nil {
		t.Fatal(err)
	}
	d.Core = tui.Core{
		Store: store, Sync: d.Sync, Engine: d.Engine, Accounts: list, Keys: keymap.Default(), Theme: "dark", Views: file,
		ExportDir: t.TempDir(), ConfirmSumAbove: decimal.NewFromInt(100_000), Now: o.Now, By: "operator", Host: "desk",
	}
	t.Cleanup(func() {
		stop()
		d.Engine.Close()
		d.Sync.Close()
		_ = store.Close()
		closeJournal()
	})
}

// place is a directory of the desk, "" when it is in memory.
func (o Options) place(name string) string {
	if o.Dir == "" {
		return ""
	}
	return filepath.Join(o.Dir, name)
}

// journal is the desk's journal: the real one on the disk, or one in memory that
// tests can break.
func (d *Desk) journal(t testing.TB, o Options) (events batch.Journal, shut func()) {
	t.Helper()
	if o.Dir == "" {
		if d.Journal == nil {
			d.Journal = batchtest.NewJournal()
		}
		return d.Journal, func() {}
	}
	j, err := journal.Open(journal.Options{Dir: o.place("journal")})
	if err != nil {
		t.Fatal(err)
	}
	return j, func() { _ = j.Close() }
}

// SyncAll copies every list into the cache.
func (d *Desk) SyncAll(t testing.TB) {
	t.Helper()
	for _, p := range d.Providers() {
		for _, kind := range p.Kinds() {
			_ = d.Sync.RunOnce(d.Ctx, p.Info().Account, kind) // a failure is a state that the screen shows
		}
	}
}

// Providers are the desk's providers.
func (d *Desk) Providers() []providers.Provider { return accounts{d.Hosting, d.Shop, d.Field} }

// Renderer draws without colours, so that golden frames are plain text.
func Renderer(profile termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	return r
}

// Revive is the journal that a killed process left on its disk.
func Revive(j *batchtest.Journal) *batchtest.Journal { return batchtest.NewJournal(j.Disk()...) }
