package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	measure "bursar/cli/bench"
)

const benchLong = `Measure what docs/performance.md promises, on this machine, and print a table: the
goal, what it is about, the figure, the peer or limit that it is held against,
the ratio, what is allowed, and whether it is met.

It makes its own data with the sandbox's simulators in a scratch directory: a
million payments take some minutes and 3 GB. With --keep --dir DIR they stay, and
--data DIR measures over them again. Peers are ripgrep (rg), sqlite3, fzf,
visidata (vd) and htop where they are installed, and tables of stock Bubble Tea
that are built from cli/bench/stock and stock2 where Go and bursar's source are
there. Nothing else should run on the machine meanwhile.

Exit codes: 0 every row that was measured is met, 3 one is not; a row that could
not be measured says why and does not count.`

func (a *app) benchCommand() *cobra.Command {
	o := measure.Options{Log: a.Err}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure bursar beside its peers and the limits of this machine",
		Long:  benchLong,
		Args:  exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkBench(cmd, o); err != nil {
				return err
			}
			return a.bench(cmd.Context(), o, asJSON)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Rows, "rows", 1_000_000, "cache `N` payments")
	f.Uint64Var(&o.Seed, "seed", 1, "another world; the same seed gives the same world")
	f.StringVar(&o.Dir, "dir", "", "make the data in `DIR` (default: a directory that is removed)")
	f.BoolVar(&o.Keep, "keep", false, "leave the data in --dir for --data")
	f.StringVar(&o.Data, "data", "", "use the data that an earlier run kept in `DIR`")
	f.IntSliceVar(&o.Goals, "goals", nil, "only these `GOALS`, for example 1,2,5")
	f.StringVar(&o.Source, "source", "", "bursar's source in `DIR`, for the stock peers (default: the one around the current directory)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	cmd.AddCommand(a.benchSimulateCommand(), a.benchProgressCommand())
	return cmd
}

// bench measures and prints. Progress goes to standard error.
func (a *app) bench(ctx context.Context, o measure.Options, asJSON bool) error {
	var err error
	if o.Program, err = os.Executable(); err != nil {
		return err
	}
	table, err := measure.Run(ctx, o)
	if err != nil {
		return err
	}
	write := table.WriteText
	if asJSON {
		write = table.WriteJSON
	}
	if err := write(a.Out); err != nil {
		return err
	}
	if n := table.NotMet(); n > 0 {
		return exit{code: exitPartly, err: fmt.Errorf("%d of %d rows are not met", n, len(table.Goals))}
	}
	return nil
}

func checkBench(cmd *cobra.Command, o measure.Options) error {
	switch {
	case o.Rows < 1000:
		return usagef("--rows cannot be less than 1000")
	case o.Keep && o.Dir == "":
		return usagef("--keep needs --dir, so that you know where the data is")
	case o.Data != "" && (o.Dir != "" || o.Keep || cmd.Flags().Changed("rows") || cmd.Flags().Changed("seed")):
		return usagef("--data takes what is there; leave out --dir, --keep, --rows and --seed")
	}
	for _, goal := range o.Goals {
		if !slices.Contains(measure.Goals(), goal) {
			return usagef("--goals: there is %v, and not %d", measure.Goals(), goal)
		}
	}
	return nil
}

// benchSimulateCommand is a child process of bench: the simulators, until their
// input ends.
func (a *app) benchSimulateCommand() *cobra.Command {
	var w measure.World
	var made string
	cmd := &cobra.Command{
		Use: "simulate", Hidden: true, Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if w.Made, err = time.Parse(time.RFC3339Nano, made); err != nil {
				return usagef("--made: %w", err)
			}
			return measure.Simulate(cmd.Context(), w, a.input(), a.Out)
		},
	}
	f := cmd.Flags()
	f.IntVar(&w.Payments, "payments", 0, "")
	f.Uint64Var(&w.Seed, "seed", 0, "")
	f.StringVar(&made, "made", "", "")
	f.BoolVar(&w.OnlyPayments, "only-payments", false, "")
	return cmd
}

// benchProgressCommand is a child process of bench: a batch in memory.
func (a *app) benchProgressCommand() *cobra.Command {
	var n int
	var dir string
	cmd := &cobra.Command{
		Use: "progress", Hidden: true, Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return measure.Progress(cmd.Context(), n, a.In, a.Out, dir)
		},
	}
	cmd.Flags().IntVar(&n, "actions", 1000, "")
	cmd.Flags().StringVar(&dir, "screen", "", "")
	return cmd
}

// input is standard input as a reader; an empty one when there is none.
func (a *app) input() io.Reader {
	if a.In == nil {
		return eof{}
	}
	return a.In
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }
