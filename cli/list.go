package cli

import (
	"fmt"
	"io"
	"iter"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"bursar/cache"
	"bursar/cache/export"
	"bursar/cache/filter"
	"bursar/providers"
)

func (a *app) listCommand() *cobra.Command {
	var filterText, format string
	var limit int
	cmd := &cobra.Command{
		Use:   "list KIND",
		Short: "Print a list: payments, payouts, contractors, receipts, refunds …",
		Long: `Print the records of one kind, newest first. The lists are brought up to date
first, unless --offline is given. The filter language is that of the screen:
  bursar list payments --filter 'status:new created:yesterday amount>1000'`,
		Args: exactArgs("KIND"),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := providers.ParseKind(args[0])
			if err != nil {
				return usagef("%w", err)
			}
			if limit < 0 {
				return usagef("--limit cannot be less than zero")
			}
			f, err := filter.Parse(filterText, a.now())
			if err != nil {
				return usagef("--filter: %w", err)
			}
			write, err := a.writer(format)
			if err != nil {
				return err
			}
			d, err := a.open(cmd.Context(), need{store: true})
			if err != nil {
				return err
			}
			defer d.Close()
			if err := a.bring(cmd, d, kind); err != nil {
				return err
			}
			snap, err := d.store.List(cmd.Context(), cache.ListQuery{Kind: kind, Accounts: d.accounts.names(), Filter: f})
			if err != nil {
				return err
			}
			return write(a.Out, upTo(snap, limit), d)
		},
	}
	cmd.Flags().StringVar(&filterText, "filter", "", "print what matches `FILTER` only")
	cmd.Flags().StringVar(&format, "format", "table", "table, json or csv")
	cmd.Flags().IntVar(&limit, "limit", 0, "print at most `N` records; 0: all")
	return cmd
}

// bring brings a list up to date. When that fails but the cache holds
// something, the list is printed with a word about its age.
func (a *app) bring(cmd *cobra.Command, d *desk, kind providers.Kind) error {
	if a.offline {
		return nil
	}
	err := a.syncAll(cmd.Context(), d, []providers.Kind{kind}, false)
	if err == nil {
		return nil
	}
	held := 0
	for _, name := range d.accounts.names() {
		held += d.store.State(name, kind).Count
	}
	if held == 0 {
		return err
	}
	if text := oneLine(err.Error()); text != "" {
		_, _ = fmt.Fprintf(a.Err, "bursar: shown from the cache: %s\n", text)
	}
	return nil
}

// upTo is the first rows of a list, 0: all.
func upTo(s *cache.Snapshot, limit int) iter.Seq2[cache.Entry, error] {
	return func(yield func(cache.Entry, error) bool) {
		n := 0
		for e, err := range s.All() {
			if !yield(e, err) {
				return
			}
			if n++; n == limit {
				return
			}
		}
	}
}

type listWriter func(io.Writer, iter.Seq2[cache.Entry, error], *desk) error

func (a *app) writer(format string) (listWriter, error) {
	switch format {
	case "json":
		return func(w io.Writer, each iter.Seq2[cache.Entry, error], d *desk) error {
			return export.JSON(w, each, d.accounts.system)
		}, nil
	case "csv":
		return func(w io.Writer, each iter.Seq2[cache.Entry, error], d *desk) error {
			return export.CSV(w, each, d.accounts.system)
		}, nil
	case "table":
		return writeTable, nil
	default:
		return nil, usagef("--format %q is none of table, json, csv", format)
	}
}

func writeTable(w io.Writer, each iter.Seq2[cache.Entry, error], _ *desk) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(tw, "RECORD\tCREATED\tNUMBER\tSTATUS\tAMOUNT\tREMAINING\tPARTY\tNOTE")
	for e, err := range each {
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			plain(e.Ref.String()), moment(e.Created), plain(e.Number), plain(e.Status.Label), plain(e.Amount.String()), plain(e.Remaining.String()), plain(e.Party.Name), plain(e.Note))
	}
	return tw.Flush()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
