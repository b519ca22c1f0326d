package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"bursar/batch"
	"bursar/providers"
)

func (a *app) batchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "batch",
		Short: "Plan, check, run, resume and report batches",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.planCommand(), a.checkCommand(), a.runCommand(), a.resumeCommand(), a.batchesCommand(), a.reportCommand(), a.reconcileCommand(), a.answerCommand())
	return cmd
}

// format is the --format flag of the batch commands.
type format string

func (f *format) add(cmd *cobra.Command) {
	cmd.Flags().StringVar((*string)(f), "format", "text", "text or json")
}

func (f format) check() error {
	if f != "text" && f != "json" {
		return usagef("--format %q is none of text, json", string(f))
	}
	return nil
}

func (f format) report(w io.Writer, r batch.Report) error {
	if f == "json" {
		return r.WriteJSON(w)
	}
	return r.WriteText(w)
}

// finish prints a report and leaves with its exit code.
func (f format) finish(w io.Writer, r batch.Report) error {
	if err := f.report(w, r); err != nil {
		return err
	}
	if code := batch.ExitCode(r); code != exitDone {
		return exit{code: code}
	}
	return nil
}

func (a *app) checkCommand() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "check PLAN",
		Short: "Preview a plan: what can, cannot or must be asked",
		Args:  exactArgs("PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			plan, err := readPlan(args[0])
			if err != nil {
				return err
			}
			d, err := a.open(cmd.Context(), need{store: true, journal: true, alone: true})
			if err != nil {
				return err
			}
			defer d.Close()
			preview, err := a.preview(cmd.Context(), d, plan)
			if err != nil {
				return err
			}
			if f == "json" {
				err = preview.WriteJSON(a.Out)
			} else {
				err = preview.WriteText(a.Out)
			}
			if err != nil {
				return err
			}
			if preview.Can < preview.Planned {
				return exit{code: exitPartly}
			}
			return nil
		},
	}
	f.add(cmd)
	return cmd
}

// preview reads the plan's records afresh, unless offline, and checks it.
func (a *app) preview(ctx context.Context, d *desk, plan batch.Plan) (batch.Preview, error) {
	if !a.offline {
		if err := a.refresh(ctx, d, plan); err != nil {
			return batch.Preview{}, err
		}
	}
	return d.engine.Check(plan, d.lookup()), nil
}

func (a *app) runCommand() *cobra.Command {
	var f format
	var confirm int
	var dry, ask bool
	cmd := &cobra.Command{
		Use:   "run PLAN --confirm COUNT",
		Short: "Carry out a plan",
		Long: `Carry out a plan. COUNT is the typed confirmation: it must equal the number that
bursar batch check prints under "can" (with --accept-asked: under "can" and "ask"
together). Each record is read again just before it is acted on; one that changed
is held out. A plan is carried out once: what was interrupted goes on with
bursar batch resume.`,
		Args: exactArgs("PLAN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			plan, err := readPlan(args[0])
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("confirm") && !dry {
				return usagef("--confirm COUNT is missing: type the number that bursar batch check prints under \"can\"")
			}
			if a.offline {
				return usagef("a batch cannot be sent offline; leave out --offline")
			}
			d, err := a.open(cmd.Context(), need{store: true, journal: true})
			if err != nil {
				return err
			}
			defer d.Close()
			if err := d.engine.Startable(plan.ID); err != nil {
				return err
			}
			preview, err := a.preview(cmd.Context(), d, plan)
			if err != nil {
				return err
			}
			can := preview.Can
			if ask {
				can += preview.Ask
			}
			if !dry && confirm != can {
				return usagef("--confirm says %d, but %d of the %d records can be acted on now; look with bursar batch check and confirm that number", confirm, can, preview.Planned)
			}
			run, err := d.engine.Start(cmd.Context(), plan, batch.StartOptions{By: d.by, Host: d.host, AcceptAsk: ask, DryRun: dry})
			if err != nil {
				return err
			}
			return f.finish(a.Out, a.await(cmd.Context(), d, run))
		},
	}
	f.add(cmd)
	cmd.Flags().IntVar(&confirm, "confirm", 0, "the `COUNT` of records that can be acted on")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "do everything but send the changes")
	cmd.Flags().BoolVar(&ask, "accept-asked", false, "also act on the records that must be asked about")
	return cmd
}

// await follows a run to its end. An interrupt stops it between records: what
// is in flight finishes, the rest waits for batch resume.
func (a *app) await(ctx context.Context, d *desk, run *batch.Run) batch.Report {
	done := make(chan batch.Report, 1)
	go func() { done <- run.Wait() }()
	changed, told := run.Changed(), map[string]bool{}
	for {
		select {
		case r := <-done:
			if r.Stopped != "" {
				_, _ = fmt.Fprintf(a.Err, "bursar: %d of %d records were not sent: %s; go on with: bursar batch resume %s\n", r.Waiting, r.Planned, oneLine(r.Stopped), r.Batch)
			}
			return r
		case _, more := <-changed:
			if !more {
				changed = nil
			}
			a.tellWaits(run.Progress(), told)
		case <-ctx.Done():
			_, _ = fmt.Fprintln(a.Err, "bursar: stopping: what was sent is waited for, the rest stays planned; go on with: bursar batch resume "+run.ID())
			d.engine.Close()
			return <-done
		}
	}
}

// tellWaits says once why an account waits, so that a long silence explains
// itself.
func (a *app) tellWaits(p batch.Progress, told map[string]bool) {
	for _, acc := range p.Accounts {
		if why := oneLine(acc.Waits); why != "" && !told[acc.Account+why] {
			told[acc.Account+why] = true
			_, _ = fmt.Fprintf(a.Err, "bursar: waiting before %s is asked again: %s\n", acc.Account, why)
		}
	}
}

func (a *app) resumeCommand() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "resume [BATCH]",
		Short: "Go on with an interrupted batch, or with all of them",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if a.offline {
				return usagef("a batch cannot go on offline; leave out --offline")
			}
			d, err := a.open(cmd.Context(), need{store: true, journal: true})
			if err != nil {
				return err
			}
			defer d.Close()
			ids, err := d.unfinished(args)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				_, _ = fmt.Fprintln(a.Err, "bursar: no batch is unfinished")
			}
			worst := exitDone
			for _, id := range ids {
				run, err := d.engine.Resume(cmd.Context(), id)
				if err != nil {
					return err
				}
				r := a.await(cmd.Context(), d, run)
				if err := f.report(a.Out, r); err != nil {
					return err
				}
				worst = max(worst, batch.ExitCode(r))
			}
			if worst != exitDone {
				return exit{code: worst}
			}
			return nil
		},
	}
	f.add(cmd)
	return cmd
}

// unfinished is the batch that was named, or every open one, oldest first.
func (d *desk) unfinished(args []string) ([]string, error) {
	if len(args) == 1 {
		id, err := d.engine.Find(args[0])
		return []string{id}, err
	}
	open, err := d.engine.Unfinished()
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := len(open) - 1; i >= 0; i-- {
		ids = append(ids, open[i].ID)
	}
	return ids, nil
}

func (a *app) batchesCommand() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List every batch, newest first",
		Args:  exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			d, err := a.open(cmd.Context(), need{journal: true})
			if err != nil {
				return err
			}
			defer d.Close()
			all, err := d.engine.Batches()
			if err != nil {
				return err
			}
			if f == "json" {
				enc := json.NewEncoder(providers.InertJSON(a.Out))
				enc.SetIndent("", "  ")
				if all == nil {
					all = []batch.Summary{}
				}
				return enc.Encode(all)
			}
			tw := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(tw, "BATCH\tSTARTED\tACTION\tPLANNED\tAPPLIED\tREFUSED\tHELD\tUNKNOWN\tWAITING\tBY")
			for _, s := range all {
				_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", s.ID, moment(s.Started), s.Action, s.Planned, s.Applied, s.Refused, s.Held, s.Unknown, s.Waiting, plain(s.By))
			}
			return tw.Flush()
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) reportCommand() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "report BATCH",
		Short: "Account for every record of a batch",
		Args:  exactArgs("BATCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onBatch(cmd, f, args[0], func(_ context.Context, d *desk, id string) (batch.Report, error) {
				return d.engine.Report(id)
			})
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) reconcileCommand() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "reconcile BATCH",
		Short: "Ask the payment systems about every unknown outcome of a batch; sends nothing",
		Args:  exactArgs("BATCH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.offline {
				return usagef("reconciling asks the payment systems; leave out --offline")
			}
			return a.onBatch(cmd, f, args[0], func(ctx context.Context, d *desk, id string) (batch.Report, error) {
				return d.engine.Reconcile(ctx, id)
			})
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) answerCommand() *cobra.Command {
	var f format
	var applied, notApplied, again bool
	cmd := &cobra.Command{
		Use:   "answer BATCH ITEM",
		Short: "Settle an unknown outcome by your own knowledge",
		Long: `Settle an unknown outcome by your own knowledge, for example from the payment
system's panel. ITEM is an item's key or record as bursar batch report prints
them. --send-again puts the item back: bursar batch resume sends it once more.`,
		Args: exactArgs("BATCH", "ITEM"),
		RunE: func(cmd *cobra.Command, args []string) error {
			answer := batch.AnswerSendAgain
			switch {
			case applied:
				answer = batch.AnswerApplied
			case notApplied:
				answer = batch.AnswerNotApplied
			}
			return a.onBatch(cmd, f, args[0], func(ctx context.Context, d *desk, id string) (batch.Report, error) {
				r, err := d.engine.Report(id)
				if err != nil {
					return r, err
				}
				item, err := findItem(r, args[1])
				if err != nil {
					return r, err
				}
				if err := d.engine.Answer(ctx, id, item.ID, answer, d.by); err != nil {
					return r, err
				}
				return d.engine.Report(id)
			})
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&applied, "applied", false, "it was done")
	cmd.Flags().BoolVar(&notApplied, "not-applied", false, "it was certainly not done")
	cmd.Flags().BoolVar(&again, "send-again", false, "it was certainly not done; send it again")
	cmd.MarkFlagsMutuallyExclusive("applied", "not-applied", "send-again")
	cmd.MarkFlagsOneRequired("applied", "not-applied", "send-again")
	return cmd
}

func findItem(r batch.Report, name string) (batch.ReportItem, error) {
	var found []batch.ReportItem
	for _, item := range r.Items {
		if item.ID == name || item.Key == name || item.Ref.String() == name {
			found = append(found, item)
		}
	}
	if len(found) != 1 {
		return batch.ReportItem{}, usagef("%d items of batch %s answer to %q; use an item's key as bursar batch report --format json prints it", len(found), r.Batch, name)
	}
	return found[0], nil
}

// onBatch opens the desk, does something with one batch and prints its report.
func (a *app) onBatch(cmd *cobra.Command, f format, name string, do func(context.Context, *desk, string) (batch.Report, error)) error {
	if err := f.check(); err != nil {
		return err
	}
	d, err := a.open(cmd.Context(), need{store: true, journal: true})
	if err != nil {
		return err
	}
	defer d.Close()
	id, err := d.engine.Find(name)
	if err != nil {
		return err
	}
	r, err := do(cmd.Context(), d, id)
	if err != nil {
		return err
	}
	return f.finish(a.Out, r)
}
