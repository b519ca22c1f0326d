package dialog

import (
	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/shopspring/decimal"
)

// Job is what the operator wants done: an action, and on what.
type Job struct {
	Action  string // id
	Title   string // "Refund"
	Fields  []providers.Field
	Creates bool
	Kind    providers.Kind
	Moves   bool
	Final   bool // nothing undoes it
	Count   int
	Of      string // the record, when it is one alone
	Sums    providers.Sums
	Hidden  int              // records that the list's filter hides
	LeftOut []string         // marks that the action is not for, and why
	Infos   []providers.Info // the accounts that will be touched
}

// Heading is the job in a few words: "Refund 2 payments", "New payout".
func (j Job) Heading(n int) string {
	if j.Creates {
		return j.Title
	}
	return view.Heading(j.Title, j.Kind, n)
}

// Services are what the dialog needs from the rest of the program. Check and
// Start make commands; their answers come back as Checked and StartFailed.
type Services struct {
	Check func(to view.ID, req view.Req, v providers.Values) tea.Cmd
	Start func(to view.ID, plan batch.Plan, acceptAsk bool) tea.Cmd
	Save  func(plan batch.Plan) tea.Cmd
	// Refusal says why nothing can be sent now: offline or read-only; "" is fine.
	Refusal func(accounts []providers.Info) string
	// SumAbove is the sum per currency above which it must be typed as well;
	// zero never asks.
	SumAbove decimal.Decimal
}

// Checked answers a check: the plan and what it would do.
type Checked struct {
	Addr    view.ID
	Req     view.Req
	Plan    batch.Plan
	Preview batch.Preview
	Err     error
}

// To is the dialog's address.
func (c Checked) To() view.ID { return c.Addr }

// StartFailed tells the dialog that nothing was started.
type StartFailed struct {
	Addr view.ID
	Err  error
}

// To is the dialog's address.
func (s StartFailed) To() view.ID { return s.Addr }

// Started tells the dialog that its batch is under way.
type Started struct{ Addr view.ID }

// To is the dialog's address.
func (s Started) To() view.ID { return s.Addr }

type stage uint8

const (
	filling    stage = iota // the form
	checking                // the preview is being worked out
	previewing              // the preview
	confirming              // the typed confirmation under the preview
	starting                // the batch is being written down
)

// Action leads from the form over the preview to the typed confirmation.
type Action struct {
	guard
	env  *view.Env
	addr view.ID
	job  Job
	srv  Services

	stage   stage
	form    form
	want    view.Req
	plan    batch.Plan
	preview batch.Preview
	accept  bool // what must be asked is included
	top     int
	rows    int
	total   int
	confirm confirm
	said    string
}

// NewAction is the dialog for a job; addr is its address.
func NewAction(env *view.Env, addr view.ID, job Job, srv Services) *Action {
	return &Action{env: env, addr: addr, job: job, srv: srv, form: newForm(job.Fields), rows: 10}
}

// ID is the dialog's address.
func (a *Action) ID() view.ID { return a.addr }

// Init shows the form, or goes straight to the preview when there is none.
func (a *Action) Init() tea.Cmd {
	if len(a.job.Fields) > 0 {
		a.stage = filling
		return a.arm(a.env)
	}
	return a.check()
}

// check works the preview out, with the values of the form.
func (a *Action) check() tea.Cmd {
	a.want++
	a.stage, a.said = checking, ""
	return a.srv.Check(a.addr, a.want, a.form.values())
}

// Update takes the preview in, and learns that the dialog was seen.
func (a *Action) Update(msg tea.Msg) (tea.Cmd, bool) {
	a.take(msg)
	switch msg := msg.(type) {
	case Checked:
		return a.checked(msg)
	case StartFailed:
		a.stage, a.said = previewing, msg.Err.Error()
		return a.arm(a.env), false
	case Started:
		return nil, true
	}
	return nil, false
}

func (a *Action) checked(msg Checked) (tea.Cmd, bool) {
	if msg.Req != a.want || a.stage != checking {
		return nil, false
	}
	if msg.Err != nil {
		if len(a.job.Fields) == 0 {
			return a.env.Post(view.Failed{Text: a.job.Title + ": " + msg.Err.Error()}), true
		}
		a.stage, a.said = filling, msg.Err.Error()
		return nil, false
	}
	if why := a.refused(msg.Preview); why != "" {
		a.stage, a.said = filling, why
		return nil, false
	}
	a.plan, a.preview = msg.Plan, msg.Preview
	a.stage, a.top = previewing, 0
	return a.arm(a.env), false
}

// refused is why what was filled in for a single record cannot be done: the
// operator is still at the field, and mends it there.
func (a *Action) refused(p batch.Preview) string {
	if len(a.form.values()) == 0 || len(p.Items) != 1 || p.Can+p.Ask > 0 {
		return ""
	}
	return p.Items[0].Verdict.Reason
}

// TextFocus reports whether letters are text.
func (a *Action) TextFocus() bool { return a.stage == filling || a.stage == confirming }

// Key takes a key. Those that came before the operator could see the dialog
// are dropped, but for the one that leaves it.
func (a *Action) Key(k view.Key) (tea.Cmd, bool) {
	if a.leaves(k) {
		return a.back()
	}
	switch a.stage {
	case filling:
		a.said = ""
		if a.form.key(a.env, k) && a.seen {
			return a.check(), false
		}
	case previewing:
		if a.seen {
			return a.previewKey(k), false
		}
	case confirming:
		if a.seen {
			return a.confirmKey(k), false
		}
	}
	return nil, false
}

func (a *Action) leaves(k view.Key) bool {
	scope := keymap.ScopePreview
	if a.TextFocus() {
		scope = keymap.ScopeForm
	}
	act := a.env.Act(scope, k)
	return act == keymap.Back || act == keymap.Interrupt
}

// back goes one step back; from the first one it cancels.
func (a *Action) back() (tea.Cmd, bool) {
	switch {
	case a.stage == starting:
		return nil, false // it is being written down: the run view has the way out
	case a.stage == confirming:
		a.stage = previewing
		return a.arm(a.env), false
	case a.stage != filling && len(a.job.Fields) > 0:
		a.want++
		a.stage = filling
		return a.arm(a.env), false
	}
	a.want++
	return a.env.Post(view.Said{Text: a.job.Title + " cancelled: nothing was sent"}), true
}

func (a *Action) previewKey(k view.Key) tea.Cmd {
	act := a.env.Act(keymap.ScopePreview, k)
	if top, ok := view.Scroll(act, a.top, a.total, a.rows); ok {
		a.top = top
		return nil
	}
	switch act {
	case keymap.PreviewAsk:
		if a.preview.Ask > 0 {
			a.accept = !a.accept
		}
	case keymap.PreviewSave:
		return a.srv.Save(a.chosen())
	case keymap.PreviewAccept:
		return a.toConfirm()
	}
	return nil
}

// toConfirm opens the typed confirmation, unless nothing can be sent.
func (a *Action) toConfirm() tea.Cmd {
	n, sums := a.toSend()
	switch why := a.srv.Refusal(a.touched()); {
	case n == 0:
		a.said = "there is nothing that can be done"
		return nil
	case why != "":
		a.said = why
		return nil
	}
	a.stage, a.said = confirming, ""
	a.confirm = newConfirm(n, sums, a.srv.SumAbove, a.job.Moves)
	return a.arm(a.env)
}

func (a *Action) confirmKey(k view.Key) tea.Cmd {
	done, cancelled := a.confirm.key(a.env, k)
	switch {
	case cancelled:
		a.stage = previewing
		a.said = "not confirmed: nothing was sent"
		return a.arm(a.env)
	case !done:
		return nil
	}
	if why := a.srv.Refusal(a.touched()); why != "" { // it may have changed since
		a.stage, a.said = previewing, why
		return a.arm(a.env)
	}
	a.stage = starting
	return a.srv.Start(a.addr, a.chosen(), a.accept)
}

// takes reports whether a verdict is sent now.
func (a *Action) takes(v providers.VerdictAnswer) bool {
	return v == providers.CanDo || v == providers.MustAsk && a.accept
}

// toSend is how many records will be sent, and their sums.
func (a *Action) toSend() (int, providers.Sums) {
	if a.accept {
		return a.preview.Can + a.preview.Ask, a.preview.Sums.Plus(a.preview.AskSums)
	}
	return a.preview.Can, a.preview.Sums
}

// chosen is the plan with only what the operator confirms.
func (a *Action) chosen() batch.Plan {
	plan := a.plan
	plan.Items = nil
	for _, c := range a.preview.Items {
		if a.takes(c.Verdict.Answer) {
			plan.Items = append(plan.Items, c.Item)
		}
	}
	return plan
}

// touched are the accounts of what will be sent.
func (a *Action) touched() []providers.Info {
	used := map[string]bool{}
	for _, c := range a.preview.Items {
		if a.takes(c.Verdict.Answer) {
			used[c.Item.Intent.Ref.Account] = true
		}
	}
	var out []providers.Info
	for _, info := range a.preview.Accounts {
		if used[info.Account] {
			out = append(out, info)
		}
	}
	return out
}

// Hints are the keys of the stage.
func (a *Action) Hints() []view.Hint {
	switch a.stage {
	case filling:
		return a.env.Hints(keymap.FormAccept, keymap.FormNext, keymap.FormSubmit, keymap.Back)
	case previewing:
		ids := []keymap.ID{keymap.Back, keymap.MoveDown, keymap.PageDown, keymap.PreviewSave}
		if n, _ := a.toSend(); n > 0 && a.srv.Refusal(a.touched()) == "" {
			ids = append([]keymap.ID{keymap.PreviewAccept}, ids...)
		}
		if a.preview.Ask > 0 {
			ids = append([]keymap.ID{keymap.PreviewAsk}, ids...)
		}
		return a.env.Hints(ids...)
	case confirming:
		return a.env.Hints(keymap.ConfirmAccept, keymap.Back)
	}
	return a.env.Hints(keymap.Back)
}
