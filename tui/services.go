package tui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/batchrun"
	"bursar/tui/dialog"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// services are what the dialog of a job needs.
func (m *Model) services(j job) dialog.Services {
	return dialog.Services{
		Check: func(to view.ID, req view.Req, v providers.Values) tea.Cmd { return m.check(to, req, j, v) },
		Start: func(to view.ID, plan batch.Plan, accept bool) tea.Cmd { return m.start(to, plan, accept, j) },
		Save:  m.savePlan, Refusal: m.refusal, SumAbove: m.core.ConfirmSumAbove,
	}
}

// refusal says why nothing can be sent to the accounts now; "" when it can.
func (m *Model) refusal(infos []providers.Info) string {
	switch {
	case m.core.ReadOnly:
		return "this session is read-only: it was started with --read-only, or another bursar has the journal"
	case m.core.Engine == nil:
		return m.noEngine()
	case m.offline:
		return "offline; " + m.env.Keys.Key(keymap.Offline) + " in the list goes online"
	}
	for _, i := range infos {
		if i.ReadOnly {
			return "account " + i.Account + " is read-only: its configuration says read_only"
		}
	}
	return ""
}

// noEngine says why there are no batches now.
func (m *Model) noEngine() string {
	if m.opening.under() {
		return "the journal is being opened: a moment"
	}
	return m.core.noEngine()
}

func (c Core) noEngine() string {
	if c.NoEngine != "" {
		return c.NoEngine
	}
	return "batches are not available: the journal is not open"
}

// lookup finds records in the cache, for plans and previews.
func (m *Model) lookup() batch.Lookup {
	store := m.core.Store
	return func(ref providers.Ref) (providers.Record, time.Time, bool) {
		rec, fetched, err := store.Get(ref)
		return rec, fetched, err == nil
	}
}

// check makes the plan of a job and what it would do. It asks no network.
func (m *Model) check(to view.ID, req view.Req, j job, v providers.Values) tea.Cmd {
	ctx, core, lookup, opening := m.ctx, m.core, m.lookup(), m.opening
	return func() tea.Msg {
		plan, err := batch.NewPlan(request(core, j, v, lookup), core.Accounts, core.Now())
		if err != nil {
			return dialog.Checked{Addr: to, Req: req, Err: err}
		}
		out := dialog.Checked{Addr: to, Req: req, Plan: plan}
		if engine, _ := opening.wait(ctx); engine != nil {
			out.Preview = engine.Check(plan, lookup)
		} else {
			out.Preview = batch.Check(plan, core.Accounts, lookup, nil)
		}
		return out
	}
}

// request is the job as the batch engine takes it, on the newest readings.
func request(core Core, j job, v providers.Values, lookup batch.Lookup) batch.Request {
	req := batch.Request{Action: j.Action, By: core.By}
	if j.Creates {
		req.Targets = []batch.Target{{Account: j.account, Values: j.values(j.account, v)}}
		return req
	}
	for _, rec := range j.targets {
		t := batch.Target{Record: &rec, Values: j.values(rec.Ref.Account, v)}
		if now, fetched, ok := lookup(rec.Ref); ok {
			t.Record, t.Fetched = &now, fetched
		}
		req.Targets = append(req.Targets, t)
	}
	return req
}

// runStarted brings a batch that is under way.
type runStarted struct {
	dialog view.ID // that asked for it, "" for a resumed batch
	run    batchrun.Run
	title  string
	infos  []providers.Info
	refs   []providers.Ref
}

// start writes the batch into the journal and lets it run. The batch outlives
// every screen: only the program's end stops it, between records.
func (m *Model) start(to view.ID, plan batch.Plan, accept bool, j job) tea.Cmd {
	ctx, core := m.core.Life, m.core
	return func() tea.Msg {
		run, err := core.Engine.Start(ctx, plan, batch.StartOptions{By: core.By, Host: core.Host, AcceptAsk: accept})
		if err != nil {
			return dialog.StartFailed{Addr: to, Err: err}
		}
		out := runStarted{dialog: to, run: run, title: j.Heading(len(plan.Items)), infos: j.Infos}
		for _, it := range plan.Items {
			out.refs = append(out.refs, it.Intent.Ref)
		}
		return out
	}
}

// runStarted shows the batch that began.
func (m *Model) runStarted(msg runStarted) tea.Cmd {
	r := m.run(msg.run.ID())
	var cmds []tea.Cmd
	if r == nil || r.Ended() {
		r = batchrun.New(m.env, msg.run, msg.title, msg.infos)
		m.dropRun(msg.run.ID())
		m.runs = append(m.runs, r)
		m.dropOldRuns()
		cmds = append(cmds, r.Listen())
	}
	if msg.dialog != "" {
		cmds = append(cmds, m.toDialogs(dialog.Started{Addr: msg.dialog}))
		for _, l := range m.lists {
			l.Unmark(msg.refs)
		}
	}
	m.screen, m.runID = onRun, r.ID()
	return tea.Batch(append(cmds, m.readUnfinished())...)
}

// run is the view of a batch at work, or that was; nil when there is none.
func (m *Model) run(id string) *batchrun.Model {
	for _, r := range m.runs {
		if r.ID() == id {
			return r
		}
	}
	return nil
}

func (m *Model) dropRun(id string) {
	for i, r := range m.runs {
		if r.ID() == id {
			m.runs = append(m.runs[:i:i], m.runs[i+1:]...)
			return
		}
	}
}

// keptRuns is how many batches that have ended can be come back to; the journal
// has all.
const keptRuns = 8

// dropOldRuns forgets the views of the batches that ended first.
func (m *Model) dropOldRuns() {
	ended := 0
	for _, r := range m.runs {
		if r.Ended() {
			ended++
		}
	}
	m.runs = slices.DeleteFunc(m.runs, func(r *batchrun.Model) bool {
		if !r.Ended() || ended <= keptRuns {
			return false
		}
		ended--
		return true
	})
}

// runChanged takes progress in; at the end the operator is told what came out,
// wherever they are.
func (m *Model) runChanged(msg batchrun.Changed) tea.Cmd {
	r := m.run(msg.ID)
	if r == nil {
		return nil
	}
	cmds := []tea.Cmd{r.Update(msg)}
	if m.screen == onJournal && msg.Ended {
		cmds = append(cmds, m.journal.Changed(msg.ID))
	} else if m.screen == onJournal {
		cmds = append(cmds, m.journal.Follow(msg.ID))
	}
	if msg.Ended {
		m.said = r.Title() + ": " + outcome(msg.Progress)
		cmds = append(cmds, m.readUnfinished())
	}
	return tea.Batch(cmds...)
}

// outcome is what a batch came to, in one line.
func outcome(p batch.Progress) string {
	parts := []string{view.Count(p.Counts[batch.StateApplied]) + " applied"}
	for _, s := range []struct {
		word string
		n    int
	}{
		{"refused", p.Counts[batch.StateRefused]},
		{"held out", p.Counts[batch.StateHeld] + p.Counts[batch.StateCancelled]},
		{"unknown", p.Counts[batch.StateUnknown]},
		{"not sent", p.Counts[batch.StatePlanned]},
	} {
		if s.n > 0 {
			parts = append(parts, view.Count(s.n)+" "+s.word)
		}
	}
	return strings.Join(parts, ", ")
}

// savePlan writes a plan as a file for the command line.
func (m *Model) savePlan(plan batch.Plan) tea.Cmd {
	dir, now := m.core.ExportDir, m.core.Now
	return func() tea.Msg {
		name := "plan-" + strings.ReplaceAll(plan.Action, ".", "-") + now().Format("-20060102-150405") + ".json"
		path, err := create(dir, name, func(f *os.File) error { return batch.WritePlan(f, plan) })
		if err != nil {
			return view.FailedWith("the plan was not saved", err)
		}
		return view.Said{Text: "plan saved: " + path}
	}
}

// create writes a new file that only the operator can read. It never replaces
// one: a name that is taken gets a number.
func create(dir, name string, write func(*os.File) error) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	base, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	for i := range 1000 {
		path := filepath.Join(dir, name)
		if i > 0 {
			path = filepath.Join(dir, base+"-"+view.Count(i)+ext)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		err = errors.Join(write(f), f.Sync(), f.Close())
		if err != nil {
			return "", errors.Join(err, os.Remove(path))
		}
		return path, nil
	}
	return "", errors.New("too many files of that name in " + dir + ": clear it up")
}
