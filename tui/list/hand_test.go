package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/keymap"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/list"
	"bursar/tui/tuitest"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// hand works a list without its frame. Commands wait until they are answered,
// one by one, so that a test decides when and in what order.
type hand struct {
	t     testing.TB
	m     *list.Model
	env   *view.Env
	store *cache.Store
	src   *source
	cmds  []tea.Cmd
	said  []string
	does  []string
}

// take is a list of payments n-1 … 0, newest first, in a room of 120x26: 23 rows.
func take(t testing.TB, n int) *hand {
	t.Helper()
	theme, err := themes.ByName("dark")
	if err != nil {
		t.Fatal(err)
	}
	store, err := cache.Open(cache.Options{Now: tuitest.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	h := &hand{t: t, store: store, src: &source{Source: list.Cached(store), clock: tuitest.Clock}}
	h.env = &view.Env{
		Keys: keymap.Default(), Look: view.NewLook(themes.Build(tuitest.Renderer(termenv.Ascii), theme)), Now: tuitest.Clock,
		Tick: func(time.Duration, tea.Msg) tea.Cmd { return nil },
	}
	recs := make([]providers.Record, n)
	for i := range recs {
		recs[i] = payment(i)
	}
	h.put(recs...)
	prov := tuitest.NewProvider(providers.Info{Account: "hosting"}, tuitest.Now, []providers.Kind{providers.Payment}, tuitest.HostingActions()...)
	h.m = list.New(t.Context(), h.env, h.src, one{prov}, providers.Payment, func() time.Time { return h.src.clock })
	h.later(h.m.SetSize(view.Size{W: 120, H: 26}))
	h.later(h.m.Show())
	h.settle()
	return h
}

type one struct{ p providers.Provider }

func (o one) Provider(string) (providers.Provider, bool) { return o.p, true }

// payment i costs i roubles; every tenth one is done.
func payment(i int) providers.Record {
	status := tuitest.New
	if i%10 == 0 {
		status = tuitest.Done
	}
	return providers.Record{
		Ref: ref(i), Number: fmt.Sprintf("P-%05d", i), Status: status, Amount: providers.MustMoney(fmt.Sprintf("%d.00", i), "RUB"),
		Created: tuitest.Clock.Add(time.Duration(i) * time.Second), Updated: tuitest.Clock, Party: providers.Party{Name: "Party " + string(rune('A'+i%26))},
	}
}

func ref(i int) providers.Ref {
	return tuitest.Ref("hosting", providers.Payment, fmt.Sprintf("%05d", i))
}

func (h *hand) put(recs ...providers.Record) {
	h.t.Helper()
	if _, err := h.store.Put(tuitest.Clock, recs...); err != nil {
		h.t.Fatal(err)
	}
}

// later keeps a command, and takes in what was posted.
func (h *hand) later(cmd tea.Cmd) {
	if cmd != nil {
		h.cmds = append(h.cmds, cmd)
	}
	for msg := h.env.Take(); msg != nil; msg = h.env.Take() {
		switch msg := msg.(type) {
		case view.Said:
			h.said = append(h.said, msg.Text)
		case view.Failed:
			h.said = append(h.said, msg.Text)
		case view.Do:
			h.does = append(h.does, msg.ID)
		}
	}
}

// run runs the i-th command that waits and gives its answer; gathered commands
// are opened, so that each is one question.
func (h *hand) run(i int) tea.Msg {
	cmd := h.cmds[i]
	h.cmds = append(h.cmds[:i:i], h.cmds[i+1:]...)
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			if cmd != nil {
				h.cmds = append(h.cmds, cmd)
			}
		}
		return nil
	}
	return msg
}

// answer answers the i-th question.
func (h *hand) answer(i int) { h.later(h.m.Update(h.run(i))) }

// settle answers until nobody asks.
func (h *hand) settle() {
	for len(h.cmds) > 0 {
		h.answer(0)
	}
}

// do presses the keys of actions and answers nothing.
func (h *hand) do(acts ...keymap.ID) {
	for _, act := range acts {
		cmd, _ := h.m.Do(act)
		h.later(cmd)
	}
}

// write types a filter and answers nothing.
func (h *hand) write(text string) {
	for _, r := range text {
		cmd, _ := h.m.Key(view.Key{Name: string(r), Text: string(r)})
		h.later(cmd)
	}
}

func (h *hand) press(name string) {
	cmd, _ := h.m.Key(view.Key{Name: name})
	h.later(cmd)
}

func (h *hand) changed() { h.later(h.m.Changed(true)) }

// frame is what is drawn, without a row of it being read.
func (h *hand) frame() string {
	h.t.Helper()
	before := len(h.src.read)
	out := ansi.Strip(strings.Join(h.m.Draw(true), "\n"))
	if len(h.src.read) != before {
		h.t.Fatal("drawing asked the source")
	}
	return out
}

func (h *hand) cursor() int {
	h.t.Helper()
	e, ok := h.m.Cursor()
	if !ok {
		h.t.Fatalf("no row under the cursor:\n%s", h.frame())
	}
	var n int
	if _, err := fmt.Sscanf(e.Ref.ID, "%d", &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *hand) isAt(want int) {
	h.t.Helper()
	if got := h.cursor(); got != want {
		h.t.Fatalf("the cursor is on %d, not %d:\n%s", got, want, h.frame())
	}
	for _, line := range strings.Split(h.frame(), "\n") {
		if strings.HasPrefix(line, "▌") && !strings.Contains(line, fmt.Sprintf("P-%05d", want)) {
			h.t.Fatalf("the sign stands at %q, not at %d", line, want)
		}
	}
}

func (h *hand) shows(text string) {
	h.t.Helper()
	if !strings.Contains(h.frame(), text) {
		h.t.Fatalf("the list does not show %q:\n%s", text, h.frame())
	}
}

func (h *hand) waits(want bool) {
	h.t.Helper()
	if h.m.Waiting() != want {
		h.t.Fatalf("waiting is %v", !want)
	}
}
