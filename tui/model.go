package tui

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"bursar/batch"
	"bursar/cache"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/batchrun"
	"bursar/tui/detail"
	"bursar/tui/dialog"
	"bursar/tui/journal"
	"bursar/tui/list"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// screen is what fills the body of the frame.
type screen uint8

const (
	onList screen = iota
	onJournal
	onRun
)

// Model is the root: it knows which part has the keys and carries answers to
// the part that asked.
type Model struct {
	ctx   context.Context
	core  Core
	term  Terminal
	env   *view.Env
	theme string
	size  view.Size
	feed  *feed

	opening *opening

	infos    []providers.Info // every account, as configured
	accounts []string         // shown; nil is all
	states   []cache.SyncState
	offline  bool

	screen   screen
	lists    map[providers.Kind]*list.Model
	kind     providers.Kind
	extra    providers.Kind // the list beyond the four tabs that was opened last
	detail   *detail.Model
	inDetail bool // the keys go to the detail pane
	journal  *journal.Model
	runs     []*batchrun.Model
	runID    string

	ahead      []view.Key // typed while the list they are meant for was on its way
	dialogs    []dialog.Dialog
	dialogSeq  int
	said       string
	errors     []string
	unfinished []batch.Summary
}

// stamped is a message with the time of its arrival: Update reads no clock.
type stamped struct {
	msg tea.Msg
	at  time.Time
}

// New is a screen over a core. It subscribes to the store; the end of ctx ends
// what it waits for.
func New(ctx context.Context, core Core, term Terminal) *Model {
	if term.Tick == nil {
		term.Tick = view.RealTick
	}
	m := &Model{
		ctx: ctx, core: core, term: term, opening: newOpening(core), lists: map[providers.Kind]*list.Model{}, kind: providers.Payment,
		env: &view.Env{Keys: core.Keys, Now: core.Now(), Tick: term.Tick},
	}
	for _, p := range core.Accounts.All() {
		m.infos = append(m.infos, p.Info())
	}
	if core.Account != "" {
		m.accounts = []string{core.Account}
	}
	if k, err := providers.ParseKind(core.Kind); err == nil {
		m.kind = k
	}
	if m.core.Life == nil {
		m.core.Life = ctx
	}
	m.setTheme(core.Theme)
	m.offline = core.Sync == nil || core.Sync.Offline()
	m.detail = detail.New(m.env, core.Store, fetcher{m})
	m.journal = journal.New(m.env, batches{ctx, m.opening, errors.New(core.noEngine())})
	m.feed = newFeed(core.Store)
	context.AfterFunc(ctx, m.feed.stop)
	return m
}

// setTheme builds the styles anew; an unknown name is the first theme.
func (m *Model) setTheme(name string) {
	theme, err := themes.ByName(name)
	if err != nil {
		theme, _ = themes.ByName(themes.Names()[0])
	}
	m.theme = theme.Name
	m.env.Look = view.NewLook(themes.Build(m.term.Renderer, theme))
	for _, l := range m.lists {
		l.SetLook()
	}
	if m.detail != nil {
		m.detail.SetLook()
	}
}

// Init loads the first list and whatever was left open.
func (m *Model) Init() tea.Cmd {
	m.errors = append(m.errors, m.core.Notices...)
	m.said = m.core.SandboxNotice
	return tea.Batch(m.feed.wait(m.ctx, m.core.Store, m.env.Tick), m.readStates(), m.showList(m.kind), m.readUnfinished())
}

// Update routes a message. It does no input or output.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if s, ok := msg.(stamped); ok {
		m.env.Now = s.at
		msg = s.msg
	}
	return m, tea.Batch(m.settle(m.route(msg)), m.typedAhead())
}

// settle takes in what the parts posted meanwhile, and gives the list its room:
// a wish may have opened the pane beside it.
func (m *Model) settle(cmds ...tea.Cmd) tea.Cmd {
	for msg := m.env.Take(); msg != nil; msg = m.env.Take() {
		cmds = append(cmds, m.route(msg))
	}
	return tea.Batch(append(cmds, m.fit())...)
}

func (m *Model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.size = view.Size{W: max(0, msg.Width), H: max(0, msg.Height)}
		return nil
	case tea.KeyMsg:
		return m.keys(msg)
	case storeChanged:
		return m.storeChanged(msg)
	case dialog.Armed:
		return m.toDialogs(msg)
	case batchrun.Changed:
		return m.runChanged(msg)
	case view.Result:
		return m.deliver(msg)
	case view.Said:
		m.said = msg.Text
		return nil
	case view.Failed:
		m.fail(msg.Text)
		return nil
	}
	return m.wish(msg)
}

// deliver carries an answer to the part that asked, shown or not.
func (m *Model) deliver(msg view.Result) tea.Cmd {
	to := msg.To()
	switch to {
	case detail.Addr:
		return m.detail.Update(msg)
	case journal.Addr:
		return m.journal.Update(msg)
	}
	for _, l := range m.lists {
		if l.ID() == to {
			return tea.Batch(l.Update(msg), m.followCursor(), m.openRest())
		}
	}
	for _, r := range m.runs {
		if batchrun.Addr(r.ID()) == to {
			return r.Update(msg)
		}
	}
	return m.toDialogs(msg)
}

// toDialogs gives a message to every open dialog; each knows its own.
func (m *Model) toDialogs(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	kept := m.dialogs[:0:0]
	for _, d := range m.dialogs {
		if r, ok := msg.(view.Result); ok {
			if a, ok := d.(*dialog.Action); ok && a.ID() != r.To() {
				kept = append(kept, d)
				continue
			}
		}
		cmd, done := d.Update(msg)
		cmds = append(cmds, cmd)
		if !done {
			kept = append(kept, d)
		}
	}
	m.dialogs = kept
	return tea.Batch(cmds...)
}

// push puts a dialog on top; it takes every key until it closes.
func (m *Model) push(d dialog.Dialog) tea.Cmd {
	m.dialogs = append(m.dialogs, d)
	return d.Init()
}

func (m *Model) nextDialog() view.ID {
	m.dialogSeq++
	return view.ID("dialog/" + strconv.Itoa(m.dialogSeq))
}

// top is the dialog that has the keys; nil when there is none.
func (m *Model) top() dialog.Dialog {
	if len(m.dialogs) == 0 {
		return nil
	}
	return m.dialogs[len(m.dialogs)-1]
}

// maxErrors bounds the errors that wait to be read.
const maxErrors = 50

// fail tells of something that went wrong. What was typed ahead is dropped: it was
// meant for what did not come.
func (m *Model) fail(text string) {
	m.ahead = nil
	m.notice(text)
}

// notice keeps an error on screen until it was read. The same one twice is one.
func (m *Model) notice(text string) {
	if len(m.errors) < maxErrors && !slices.Contains(m.errors, text) {
		m.errors = append(m.errors, text)
	}
}

// list is the list of a kind, made at first use.
func (m *Model) list(kind providers.Kind) *list.Model {
	l, ok := m.lists[kind]
	if !ok {
		l = list.New(m.ctx, m.env, list.Cached(m.core.Store), m.core.Accounts, kind, m.core.Now)
		l.SetAccounts(m.accounts)
		m.lists[kind] = l
	}
	return l
}

// current is the list that is shown, or would be.
func (m *Model) current() *list.Model { return m.list(m.kind) }

// showList brings a kind's list to the screen.
func (m *Model) showList(kind providers.Kind) tea.Cmd {
	m.screen, m.kind = onList, kind
	if !isTab(kind) {
		m.extra = kind
	}
	m.leaveDetail()
	return m.current().Show()
}

func isTab(kind providers.Kind) bool {
	for _, k := range providers.Tabs() {
		if k == kind {
			return true
		}
	}
	return false
}
