package detail

import (
	"errors"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// link is a link with what the cache knows about its target.
type link struct {
	rel string
	ref providers.Ref
	rec *providers.Record
}

// got is the answer from the cache.
type got struct {
	req     view.Req
	rec     *providers.Record
	fetched time.Time
	links   []link
	err     error
	fetch   bool // and now ask the payment system
}

// To is the pane's address.
func (got) To() view.ID { return Addr }

// rest tells that the cursor has rested on the record.
type rest struct{ req view.Req }

// To is the pane's address.
func (rest) To() view.ID { return Addr }

// fetchedMsg is the answer of the payment system.
type fetchedMsg struct {
	req view.Req
	err error
}

// To is the pane's address.
func (fetchedMsg) To() view.ID { return Addr }

// read asks the cache for the record and everything linked to it.
func (m *Model) read(fetch bool) tea.Cmd {
	req, ref, src := m.want, m.ref, m.src
	return func() tea.Msg {
		out := got{req: req, fetch: fetch}
		rec, at, err := src.Get(ref)
		if err == nil {
			out.rec, out.fetched = &rec, at
		} else if !errors.Is(err, cache.ErrMiss) {
			out.err = err
		}
		out.links = linksOf(src, ref, out.rec)
		return out
	}
}

// linksOf are the links of a record and those that point to it, each once.
func linksOf(src Source, ref providers.Ref, rec *providers.Record) []link {
	var out []link
	seen := map[providers.Ref]bool{ref: true}
	add := func(rel string, to providers.Ref) {
		if seen[to] {
			return
		}
		seen[to] = true
		l := link{rel: rel, ref: to}
		if r, _, err := src.Get(to); err == nil {
			l.rec = &r
		}
		out = append(out, l)
	}
	if rec != nil {
		for _, l := range rec.Links {
			add(l.Rel, l.Ref)
		}
	}
	from, err := src.LinkedFrom(ref)
	if err != nil {
		return out
	}
	for _, r := range from {
		add(string(r.Kind), r)
	}
	return out
}

// Link is a linked record as the menu of links shows it.
type Link struct {
	Ref    providers.Ref
	Label  string
	Detail string
}

// Links are the linked records, for the menu.
func (m *Model) Links() []Link { return items(m.links) }

func items(links []link) []Link {
	out := make([]Link, len(links))
	for i, l := range links {
		out[i] = Link{Ref: l.ref, Label: l.label(), Detail: l.about()}
	}
	return out
}

// LinksOf reads the linked records of a record that the pane does not show;
// call what it returns in a command.
func LinksOf(src Source, ref providers.Ref) func() []Link {
	return func() []Link {
		rec, _, err := src.Get(ref)
		if err != nil {
			return items(linksOf(src, ref, nil))
		}
		return items(linksOf(src, ref, &rec))
	}
}
