package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"bursar/batch"
	"bursar/cache"
	"bursar/cache/disk"
	"bursar/cache/filter"
	"bursar/providers"
)

// planFlags is what bursar batch plan is asked for.
type planFlags struct {
	action string
	filter string
	ids    []string
	from   string
	set    []string
	out    string

	account string // of CSV rows that name none
}

func (a *app) planCommand() *cobra.Command {
	var p planFlags
	cmd := &cobra.Command{
		Use:   "plan --action ACTION --account A (--filter F | --id ID… | --from FILE.csv) --out PLAN",
		Short: "Write a plan: one action on many records",
		Long: `Write a plan: one action on many records. Nothing is sent. Records come from a
filter, from ids, or from a CSV file whose first row names the columns: id
(absent for creations), the action's form fields, currency (checked against the
record) and account. --set gives a form field to every record.
  bursar batch plan --action payment.credit --account hosting \
    --filter 'status:new created:yesterday' --out credit.plan`,
		Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.plan(cmd.Context(), p) },
	}
	f := cmd.Flags()
	f.StringVar(&p.action, "action", "", "what to do: payment.credit, payment.refund, payout.create …")
	f.StringVar(&p.filter, "filter", "", "act on the records that match `F`")
	f.StringArrayVar(&p.ids, "id", nil, "act on this record; may be given many times")
	f.StringVar(&p.from, "from", "", "act on the rows of a CSV `FILE`")
	f.StringArrayVar(&p.set, "set", nil, "give a form field a value: `NAME=VALUE`")
	f.StringVar(&p.out, "out", "", "write the plan to this `FILE`")
	_ = cmd.MarkFlagRequired("action")
	_ = cmd.MarkFlagRequired("out")
	cmd.MarkFlagsMutuallyExclusive("filter", "id", "from")
	cmd.MarkFlagsOneRequired("filter", "id", "from", "set")
	return cmd
}

func (a *app) plan(ctx context.Context, p planFlags) error {
	common, err := settings(p.set)
	if err != nil {
		return err
	}
	if p.out == "" {
		return usagef("--out is empty: name the file that the plan is written to")
	}
	if p.from != "" {
		// An account column overrides --account: every account is needed.
		p.account, a.account = a.account, ""
	}
	d, err := a.open(ctx, need{store: true})
	if err != nil {
		return err
	}
	defer d.Close()
	if _, ok := d.accounts.Provider(p.account); p.account != "" && !ok {
		return usagef("no account %q%s", p.account, hint(p.account, d.accounts.names()))
	}
	action, err := d.action(p.action)
	if err != nil {
		return err
	}
	if a.account == "" && p.from == "" && len(d.accounts) > 1 {
		return usagef("--account is missing: say at which of %v", d.accounts.names())
	}
	targets, err := a.targets(ctx, d, p, action, common)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return usagef("no record matches: nothing to plan")
	}
	plan, err := batch.NewPlan(batch.Request{Action: p.action, By: d.by, Targets: targets}, d.accounts, a.now())
	if err != nil {
		return usagef("%w", err)
	}
	if err := writePlan(p.out, plan); err != nil {
		return err
	}
	var sums providers.Sums
	for _, item := range plan.Items {
		sums.Add(item.Intent.Amount)
	}
	_, _ = fmt.Fprintf(a.Err, "planned: %s on %d records, %s; look with: bursar batch check %s\n", p.action, len(plan.Items), sumsOrNone(sums), p.out)
	return nil
}

func sumsOrNone(s providers.Sums) string {
	if text := s.String(); text != "" {
		return text
	}
	return "no money"
}

// settings reads name=value pairs.
func settings(pairs []string) (providers.Values, error) {
	v := providers.Values{}
	for _, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		if !found || name == "" {
			return nil, usagef("--set %q must look like name=value", pair)
		}
		v[name] = value
	}
	return v, nil
}

// action finds an action among the accounts.
func (d *desk) action(id string) (providers.Action, error) {
	var known []string
	for _, p := range d.accounts {
		if a, ok := providers.FindAction(p, id); ok {
			return a, nil
		}
		for _, k := range providers.Kinds() {
			for _, a := range p.Actions(k) {
				if !slices.Contains(known, a.ID) {
					known = append(known, a.ID)
				}
			}
		}
	}
	return providers.Action{}, usagef("no action %q at %v%s", id, d.accounts.names(), hint(id, known))
}

func (a *app) targets(ctx context.Context, d *desk, p planFlags, action providers.Action, common providers.Values) ([]batch.Target, error) {
	if p.from != "" {
		return a.targetsFromCSV(ctx, d, p, common)
	}
	if err := checkValues(action, common); err != nil {
		return nil, usagef("--set %w", err)
	}
	switch {
	case action.Creates:
		if p.filter != "" || len(p.ids) > 0 {
			return nil, usagef("%s makes new records: give them with --from FILE.csv, or one with --set", action.ID)
		}
		return []batch.Target{{Account: d.accounts[0].Info().Account, Values: common}}, nil
	case len(p.ids) > 0:
		var targets []batch.Target
		a.prepare(ctx, d, action.Kind, map[string]int{d.accounts[0].Info().Account: len(p.ids)})
		for _, id := range p.ids {
			t, err := a.target(ctx, d, providers.Ref{Account: d.accounts[0].Info().Account, Kind: action.Kind, ID: id}, common)
			if err != nil {
				return nil, err
			}
			targets = append(targets, t)
		}
		return targets, nil
	case p.filter != "":
		return a.targetsFromFilter(ctx, d, p.filter, action, common)
	default:
		return nil, usagef("say on which records: --filter, --id or --from")
	}
}

func (a *app) targetsFromFilter(ctx context.Context, d *desk, text string, action providers.Action, common providers.Values) ([]batch.Target, error) {
	f, err := filter.Parse(text, a.now())
	if err != nil {
		return nil, usagef("--filter: %w", err)
	}
	if !a.offline {
		if err := a.syncAll(ctx, d, []providers.Kind{action.Kind}, false); err != nil {
			return nil, err
		}
	}
	snap, err := d.store.List(ctx, cache.ListQuery{Kind: action.Kind, Accounts: d.accounts.names(), Filter: f})
	if err != nil {
		return nil, err
	}
	var targets []batch.Target
	for e, err := range snap.All() {
		if err != nil {
			return nil, err
		}
		targets = append(targets, batch.Target{Account: e.Ref.Account, Record: &e.Record, Values: common, Fetched: e.Fetched})
	}
	return targets, nil
}

// manyRecords is from where on a plan brings the whole list up to date instead
// of reading record by record.
const manyRecords = 20

// prepare brings the lists of a plan of many records up to date. What it could
// not bring is read record by record. Either way each record is read again
// before it is acted on.
func (a *app) prepare(ctx context.Context, d *desk, kind providers.Kind, records map[string]int) {
	for _, p := range d.accounts {
		name := p.Info().Account
		if a.offline || records[name] < manyRecords {
			continue
		}
		if d.sync.RunOnce(ctx, name, kind) == nil {
			d.current = append(d.current, providers.Ref{Account: name, Kind: kind})
		}
	}
}

// target reads one record, from its system or, offline and when its list was
// just brought up to date, from the cache.
func (a *app) target(ctx context.Context, d *desk, ref providers.Ref, v providers.Values) (batch.Target, error) {
	rec, fetched, err := d.store.Get(ref)
	listed := err == nil && slices.Contains(d.current, providers.Ref{Account: ref.Account, Kind: ref.Kind})
	if !a.offline && !listed {
		if err := d.fetch(ctx, ref); err != nil {
			return batch.Target{}, err
		}
		rec, fetched, err = d.store.Get(ref)
	}
	if err != nil {
		return batch.Target{}, fmt.Errorf("%s: %w", ref, err)
	}
	return batch.Target{Account: ref.Account, Record: &rec, Values: v, Fetched: fetched}, nil
}

// checkValues refuses form fields that the action does not take.
func checkValues(action providers.Action, v providers.Values) error {
	errs := action.Check(v)
	for _, name := range slices.Sorted(maps.Keys(errs)) {
		return fmt.Errorf("%s: %w", name, errs[name])
	}
	return nil
}

func (a *app) targetsFromCSV(ctx context.Context, d *desk, p planFlags, common providers.Values) ([]batch.Target, error) {
	file, err := os.Open(p.from)
	if err != nil {
		return nil, usagef("--from: %w", err)
	}
	defer func() { _ = file.Close() }()
	rows, err := batch.ReadCSV(file)
	if err != nil {
		return nil, usagef("%s: %w", p.from, err)
	}
	// All rows are checked before the first record is asked for.
	records := map[string]int{}
	for i := range rows {
		if err := d.completeRow(&rows[i], p, common); err != nil {
			return nil, usagef("%s: %w", p.from, err)
		}
		if rows[i].ID != "" {
			records[rows[i].Account]++
		}
	}
	if kind, _, _ := strings.Cut(p.action, "."); len(records) > 0 {
		a.prepare(ctx, d, providers.Kind(kind), records)
	}
	var targets []batch.Target
	for _, row := range rows {
		t, err := a.targetOfRow(ctx, d, row, p.action)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", p.from, row.Line, err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// completeRow gives a row its account and the values that all rows share, and
// checks it against the action as that account's system has it.
func (d *desk) completeRow(row *batch.CSVRow, p planFlags, common providers.Values) error {
	if row.Account == "" {
		row.Account = p.account
	}
	if row.Account == "" && len(d.accounts) == 1 {
		row.Account = d.accounts[0].Info().Account
	}
	if row.Account == "" {
		return fmt.Errorf("line %d: no account: add an account column or --account", row.Line)
	}
	prov, ok := d.accounts.Provider(row.Account)
	if !ok {
		return fmt.Errorf("line %d: no account %q%s", row.Line, row.Account, hint(row.Account, d.accounts.names()))
	}
	action, ok := providers.FindAction(prov, p.action)
	if !ok {
		return fmt.Errorf("line %d: account %s (%s) has no action %q", row.Line, row.Account, prov.Info().System, p.action)
	}
	values := maps.Clone(common)
	maps.Copy(values, row.Values)
	row.Values = values
	return batch.CheckRows([]batch.CSVRow{*row}, action)
}

func (a *app) targetOfRow(ctx context.Context, d *desk, row batch.CSVRow, actionID string) (batch.Target, error) {
	prov, _ := d.accounts.Provider(row.Account)
	action, _ := providers.FindAction(prov, actionID)
	t := batch.Target{Account: row.Account, Values: row.Values}
	if !action.Creates {
		var err error
		if t, err = a.target(ctx, d, providers.Ref{Account: row.Account, Kind: action.Kind, ID: row.ID}, row.Values); err != nil {
			return batch.Target{}, err
		}
	}
	t.Currency, t.Line = row.Currency, row.Line
	return t, nil
}

// fetch reads one record alone into the cache.
func (d *desk) fetch(ctx context.Context, ref providers.Ref) error {
	p, ok := d.accounts.Provider(ref.Account)
	if !ok {
		return usagef("no account %q%s", ref.Account, hint(ref.Account, d.accounts.names()))
	}
	rec, err := p.Get(ctx, ref)
	if err != nil {
		return err
	}
	_, err = d.store.Put(d.now(), rec)
	return err
}

// refresh brings the lists that a plan touches up to date. One that cannot be
// brought is no reason to stop: the preview says how old it is, and each record
// is read again before it is acted on.
func (a *app) refresh(ctx context.Context, d *desk, plan batch.Plan) error {
	done := map[providers.Ref]bool{}
	for _, item := range plan.Items {
		ref := providers.Ref{Account: item.Intent.Ref.Account, Kind: item.Intent.Ref.Kind}
		if item.Intent.Ref.ID == "" || done[ref] {
			continue
		}
		done[ref] = true
		if _, ok := d.accounts.Provider(ref.Account); !ok {
			continue // the check says so for each of its records
		}
		if err := d.sync.RunOnce(ctx, ref.Account, ref.Kind); err != nil {
			if errors.Is(err, context.Canceled) {
				return err
			}
			_, _ = fmt.Fprintf(a.Err, "bursar: checked as cached: %s\n", oneLine(err.Error()))
		}
	}
	return nil
}

// readPlan reads a plan file.
func readPlan(path string) (batch.Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return batch.Plan{}, usagef("the plan cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }()
	plan, err := batch.ReadPlan(file)
	if err != nil {
		return batch.Plan{}, usagef("%s: %w", path, err)
	}
	return plan, nil
}

// writePlan writes a plan whole or not at all.
func writePlan(path string, plan batch.Plan) error {
	var b strings.Builder
	if err := batch.WritePlan(&b, plan); err != nil {
		return err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := disk.WriteFile(abs, []byte(b.String())); err != nil {
		return fmt.Errorf("the plan cannot be written: %w", err)
	}
	return nil
}
