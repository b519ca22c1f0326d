package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"bursar/cache"
	"bursar/cache/export"
	"bursar/providers"
)

func (a *app) showCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show ACCOUNT/KIND/ID",
		Short: "Print one record with all its details",
		Args:  exactArgs("ACCOUNT/KIND/ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ref, err := providers.ParseRef(args[0])
			if err != nil {
				return usagef("%w", err)
			}
			if format != "text" && format != "json" {
				return usagef("--format %q is none of text, json", format)
			}
			if a.account == "" {
				a.account = ref.Account
			}
			d, err := a.open(cmd.Context(), need{store: true})
			if err != nil {
				return err
			}
			defer d.Close()
			if !a.offline {
				if _, err := d.sync.Fetch(cmd.Context(), ref); err != nil {
					return err
				}
			}
			rec, fetched, err := d.store.Get(ref)
			if errors.Is(err, cache.ErrMiss) {
				return fmt.Errorf("%s is not in the cache; leave out --offline to ask the payment system", ref)
			}
			if err != nil {
				return err
			}
			linked, err := d.store.LinkedFrom(ref)
			if err != nil {
				return err
			}
			if format == "json" {
				return showJSON(a.Out, rec, fetched, linked, d)
			}
			showText(a.Out, rec, fetched, linked)
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// showJSON prints the list's object with the details, what links here and the
// system's own document behind it.
func showJSON(w io.Writer, rec providers.Record, fetched time.Time, linked []providers.Ref, d *desk) error {
	var row strings.Builder
	err := export.JSON(&row, func(yield func(cache.Entry, error) bool) { yield(cache.Entry{Record: rec, Fetched: fetched}, nil) }, d.accounts.system)
	if err != nil {
		return err
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(row.String()), &rows); err != nil {
		return err
	}
	out := rows[0]
	out["details"], out["linked_from"], out["raw"] = rec.Details, linked, rec.Raw
	enc := json.NewEncoder(providers.InertJSON(w))
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func showText(w io.Writer, rec providers.Record, fetched time.Time, linked []providers.Ref) {
	line := func(label, value string) {
		if value != "" {
			_, _ = fmt.Fprintf(w, "  %-18s %s\n", plain(label), plain(value))
		}
	}
	_, _ = fmt.Fprintf(w, "%s\n", plain(rec.Ref.String()))
	line("number", rec.Number)
	line("status", fmt.Sprintf("%s (%s)", rec.Status.Label, rec.Status.Code))
	line("amount", rec.Amount.String())
	line("remaining", rec.Remaining.String())
	line("created", moment(rec.Created))
	line("updated", moment(rec.Updated))
	line("deadline", moment(rec.Deadline))
	line("party", strings.Join(strings.Fields(strings.Join([]string{rec.Party.Name, rec.Party.Phone, rec.Party.Email, rec.Party.Card}, " ")), " "))
	line("method", rec.Method)
	line("note", rec.Note)
	line("flags", strings.Join(rec.Flags, ", "))
	for _, l := range rec.Links {
		line(l.Rel, l.Ref.String())
	}
	for _, ref := range linked {
		line("linked from", ref.String())
	}
	line("read", moment(fetched))
	for _, g := range rec.Details {
		_, _ = fmt.Fprintf(w, "%s\n", plain(g.Title))
		for _, r := range g.Rows {
			value := r.Value
			if !r.Time.IsZero() {
				value = moment(r.Time) + "  " + value
			}
			line(r.Label, value)
		}
	}
}

// plain keeps a payment system's text from steering the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '·'
		}
		return r
	}, s)
}
