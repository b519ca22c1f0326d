package tui

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"os"
	"strings"

	"bursar/cache"
	"bursar/cache/export"
	"bursar/cache/views"
	"bursar/keymap"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/detail"
	"bursar/tui/dialog"
	"bursar/tui/list"
	"bursar/tui/palette"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// The wishes of menus and palette.
type (
	follow      struct{ ref providers.Ref }
	linksRead   struct{ links []detail.Link }
	copyText    struct{ text string }
	exportTo    struct{ format string }
	openView    struct{ v views.View }
	saveView    struct{}
	saveViewAs  struct{ name string }
	dropView    struct{ name string }
	showAccount struct{ accounts []string }
	showTheme   struct{ name string }
	showRun     struct{ id string }
	syncSheet   struct{}
	viewsDone   struct{ text, name string }
)

// linkMenu shows the records linked to the one that is meant; the pane opens
// first when it is closed.
func (m *Model) linkMenu() tea.Cmd {
	rec, ok := m.record()
	if !ok {
		return nil
	}
	if !m.detail.Open() || m.detail.Ref() != rec.Ref {
		links := detail.LinksOf(m.core.Store, rec.Ref)
		return func() tea.Msg { return linksRead{links()} }
	}
	return m.showLinks(m.detail.Links())
}

func (m *Model) showLinks(links []detail.Link) tea.Cmd {
	if len(links) == 0 {
		return m.env.Post(view.Said{Text: "no linked records are known"})
	}
	items := make([]dialog.Item, len(links))
	for i, l := range links {
		items[i] = dialog.Item{Label: l.Label, Detail: l.Detail, Msg: follow{l.Ref}}
	}
	return m.push(dialog.NewMenu(m.env, "Linked records", "", items))
}

// copyMenu chooses what of the record goes to the clipboard.
func (m *Model) copyMenu() tea.Cmd {
	rec, ok := m.record()
	if !ok {
		return nil
	}
	items := []dialog.Item{{Label: "id", Detail: rec.Ref.ID, Key: "y", Msg: copyText{rec.Ref.ID}}}
	add := func(label, key, text string) {
		if text != "" {
			items = append(items, dialog.Item{Label: label, Detail: view.Clean(text), Key: key, Msg: copyText{text}})
		}
	}
	add("number", "n", rec.Number)
	if !rec.Amount.IsNone() {
		add("amount", "a", rec.Amount.Text())
	}
	add("party", "p", list.Party(rec.Party))
	add("address", "r", rec.Ref.String())
	return m.push(dialog.NewMenu(m.env, "Copy", "through the terminal", items))
}

// copy sends a text to the operator's clipboard through the terminal.
func (m *Model) copy(text string) tea.Cmd {
	out := m.term.Out
	return func() tea.Msg {
		if out == nil {
			return view.Failed{Text: "this terminal has no way to the clipboard"}
		}
		if _, err := out.Write([]byte(ansi.SetSystemClipboard(text))); err != nil {
			return view.FailedWith("not copied", err)
		}
		return view.Said{Text: "copied " + text}
	}
}

// exportMenu chooses the format of what is shown.
func (m *Model) exportMenu() tea.Cmd {
	n := m.current().Count()
	if n == 0 {
		return m.env.Post(view.Said{Text: "there is nothing to export"})
	}
	return m.push(dialog.NewMenu(m.env, "Export "+view.Count(n)+" "+m.kind.Plural(), "as shown", []dialog.Item{
		{Label: "CSV", Key: "c", Detail: "for a spreadsheet", Msg: exportTo{"csv"}},
		{Label: "JSON", Key: "s", Detail: "for scripts", Msg: exportTo{"json"}},
	}))
}

// export writes what is shown into a file.
func (m *Model) export(format string) tea.Cmd {
	snap, kind, dir, now := m.current().Snapshot(), m.kind, m.core.ExportDir, m.core.Now
	systems := map[string]string{}
	for _, i := range m.infos {
		systems[i.Account] = i.System
	}
	ctx := m.ctx
	return func() tea.Msg {
		system := func(account string) string { return systems[account] }
		name := kind.Plural() + now().Format("-20060102-150405") + "." + format
		n := 0
		rows := counted(ctx, snap.All(), &n)
		path, err := create(dir, name, func(f *os.File) error {
			if format == "csv" {
				return export.CSV(f, rows, system)
			}
			return export.JSON(f, rows, system)
		})
		if err != nil {
			return view.FailedWith("nothing was exported", err)
		}
		return view.Said{Text: view.Count(n) + " " + kind.Plural() + " exported: " + path}
	}
}

// counted passes rows on until ctx ends, and counts them.
func counted(ctx context.Context, rows iter.Seq2[cache.Entry, error], n *int) iter.Seq2[cache.Entry, error] {
	return func(yield func(cache.Entry, error) bool) {
		for e, err := range rows {
			if err == nil {
				err = ctx.Err()
				*n++
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// viewsMenu shows the saved views; the shown one can be saved from there.
func (m *Model) viewsMenu() tea.Cmd {
	if m.core.Views == nil {
		return m.env.Post(view.Said{Text: "views cannot be saved here"})
	}
	var items []dialog.Item
	for _, v := range m.core.Views.All() {
		items = append(items, dialog.Item{Label: v.Name, Detail: strings.TrimSpace(v.Kind.Plural() + "  " + v.Filter), Msg: openView{v}, Delete: dropView{v.Name}})
	}
	note := m.env.Keys.Key(keymap.ViewsSave) + " saves what is shown"
	return m.push(dialog.NewViews(m.env, "Saved views", note, items, saveView{}))
}

// askViewName asks under what name the shown list is saved.
func (m *Model) askViewName() tea.Cmd {
	help := title(m.kind) + ": " + m.current().View("").Filter
	check := func(s string) error {
		if s == "" {
			return errors.New("a view needs a name")
		}
		return nil
	}
	return m.push(dialog.NewPrompt(m.env, "Save the view as", help, "", check, func(s string) tea.Msg { return saveViewAs{s} }))
}

func (m *Model) saveViewAs(name string) tea.Cmd {
	file, v := m.core.Views, m.current().View(name)
	return func() tea.Msg {
		if err := file.Save(v); err != nil {
			return view.FailedWith("the view was not saved", err)
		}
		return viewsDone{text: "view “" + name + "” saved", name: name}
	}
}

func (m *Model) dropView(name string) tea.Cmd {
	file := m.core.Views
	return func() tea.Msg {
		if err := file.Delete(name); err != nil {
			return view.FailedWith("the view was not deleted", err)
		}
		return viewsDone{text: "view “" + name + "” deleted"}
	}
}

// openView shows a saved view, on whichever list it is.
func (m *Model) openView(v views.View) tea.Cmd {
	return tea.Batch(m.showList(v.Kind), m.list(v.Kind).SetView(v))
}

// paletteItems is everything that has a name: lists, actions, saved views,
// accounts, themes, and every action of the key map.
func (m *Model) paletteItems() []palette.Item {
	var out []palette.Item
	for _, k := range providers.Kinds() {
		out = append(out, palette.Item{Name: strings.ToLower(title(k)), Group: "list", Key: m.tabKey(k), Msg: view.OpenKind{Kind: k}})
	}
	out = append(out, palette.Item{Name: "sync state of every list", Group: "list", Msg: syncSheet{}})
	for _, r := range m.runs {
		out = append(out, palette.Item{Name: "batch: " + r.Title(), Group: "batch", Msg: showRun{r.ID()}})
	}
	targets := m.targets()
	for _, o := range m.offers(targets) {
		out = append(out, palette.Item{
			Name:  strings.ToLower(view.Heading(o.action.Title, o.action.Kind, len(targets))),
			Group: strings.TrimSpace("action " + o.detail(len(targets))), Key: m.actionKey(o.action.Verb()), Reason: o.why(), Msg: startAction{id: o.action.ID, targets: targets},
		})
	}
	for _, k := range providers.Kinds() {
		for _, it := range m.createItems(k) {
			out = append(out, palette.Item{Name: strings.ToLower(it.Label) + " " + it.Detail, Group: "new " + string(k), Msg: it.Msg})
		}
	}
	out = append(out, m.paletteChoices()...)
	for _, scope := range m.helpScopes() {
		for _, e := range m.env.Keys.Entries(scope) {
			if strings.HasPrefix(string(e.ID), "move.") || strings.HasPrefix(string(e.ID), "action.") || e.ID == keymap.Palette {
				continue
			}
			out = append(out, palette.Item{Name: strings.TrimSuffix(e.Long, "."), Group: "key", Key: e.Key(), Msg: view.Do{ID: string(e.ID)}})
		}
	}
	return out
}

// paletteChoices are saved views, accounts and themes.
func (m *Model) paletteChoices() []palette.Item {
	var out []palette.Item
	if m.core.Views != nil {
		for _, v := range m.core.Views.All() {
			out = append(out, palette.Item{Name: "view " + v.Name, Group: v.Kind.Plural(), Msg: openView{v}})
		}
	}
	out = append(out, palette.Item{Name: "account: all", Group: "account", Msg: showAccount{}})
	for _, i := range m.infos {
		out = append(out, palette.Item{Name: "account: " + i.Account, Group: i.Title, Msg: showAccount{[]string{i.Account}}})
	}
	for _, t := range themes.Names() {
		out = append(out, palette.Item{Name: "theme " + t, Group: "theme", Msg: showTheme{t}})
	}
	return out
}

func (m *Model) tabKey(k providers.Kind) string {
	for i, t := range providers.Tabs() {
		if t == k {
			return m.env.Keys.Key([]keymap.ID{keymap.Tab1, keymap.Tab2, keymap.Tab3, keymap.Tab4}[i])
		}
	}
	return ""
}

// syncLines says how every list of every account stands.
func (m *Model) syncLines() []string {
	look := m.env.Look
	out := []string{look.Head.Render(view.Fit("account", 14) + view.Fit("list", 18) + view.FitRight("records", 9) + "  " + view.Fit("complete", 14) + "state")}
	for _, s := range m.states {
		state := look.Muted.Render("idle")
		switch {
		case s.Running:
			state = look.Good.Render("fetching")
		case s.Err+s.LeftOut != "":
			state = look.Bad.Render(view.Cut(view.Clean(cmp.Or(s.Err, s.LeftOut)), max(20, m.size.W-66)))
		}
		done := view.Stamp(s.Finished, m.env.Now)
		if done == "" {
			done = "never"
		}
		out = append(out, look.Text.Render(view.Fit(s.Account, 14)+view.Fit(s.Kind.Plural(), 18)+view.FitRight(view.Count(s.Count), 9))+"  "+look.Stale.Render(view.Fit(done, 14))+state)
	}
	return out
}
