package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"bursar/tui"
)

// app is one command line at work: its flags and its terminal.
type app struct {
	Terminal
	now  func() time.Time
	wait func(context.Context, time.Duration) error // nil: real time

	configFile string
	dataDir    string
	account    string
	sandbox    bool
	offline    bool
	readOnly   bool
	fresh      bool
	theme      string
}

func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bursar",
		Short: "The workstation for people who look after payments",
		Long: `bursar shows the payments, payouts, contractors and receipts of BILLmanager,
YooKassa, Jump.Finance and ActivePlatform on one screen, keeps them for work
without a network, and carries out batches in which no record is acted on twice
and none is lost.

Without a configuration it opens on its embedded sandbox. Press ? for help.`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return a.workstation(cmd) },
	}
	p := cmd.PersistentFlags()
	p.StringVar(&a.configFile, "config", "", "configuration `FILE` (default: see bursar config path)")
	p.StringVar(&a.dataDir, "data-dir", "", "keep cache, journal and saved views under `DIR`")
	p.StringVar(&a.account, "account", "", "use this account only")
	p.BoolVar(&a.sandbox, "sandbox", false, "use the embedded sandbox, whatever is configured")
	p.BoolVar(&a.offline, "offline", false, "ask no network; show what the cache holds")
	f := cmd.Flags()
	f.BoolVar(&a.readOnly, "read-only", false, "allow no change at any account")
	f.StringVar(&a.theme, "theme", "", "dark, light, contrast or mono")
	p.BoolVar(&a.fresh, "fresh", false, "start the embedded sandbox over")
	cmd.AddCommand(
		a.syncCommand(), a.listCommand(), a.showCommand(), a.batchCommand(), a.journalCommand(),
		a.sandboxCommand(), a.configCommand(), a.benchCommand(),
	)
	return cmd
}

// workstation opens the screen.
func (a *app) workstation(cmd *cobra.Command) error {
	out, ok := a.Out.(*os.File)
	if !ok || a.In == nil || !term.IsTerminal(int(a.In.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return usagef("the workstation needs a terminal; for scripts use bursar list, show, sync or batch")
	}
	ctx := cmd.Context()
	spareProcessors(ctx)
	started := startLazily(ctx)
	n := need{store: true, journal: true, alone: true, screen: true}
	d, err := a.open(ctx, n)
	if err != nil {
		return err
	}
	defer d.Close()
	core, err := a.core(d)
	if err != nil {
		return err
	}
	core.Open = func() (tui.Opened, error) {
		defer func() {
			started()
			paceHeap(ctx)
		}()
		return d.openBatches(ctx, a, n)
	}
	d.sync.SetOffline(a.offline)
	defer d.sync.Close()
	err = tui.Run(ctx, core, a.In, out)
	if failed := d.later.failed(); failed != nil {
		return failed
	}
	if err != nil {
		return fmt.Errorf("the screen stopped: %w", err)
	}
	return nil
}
