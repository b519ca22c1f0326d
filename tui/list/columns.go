package list

import (
	"strings"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/table"
	"bursar/tui/view"
)

// column is one column of a kind's table: its place, what it shows, and what
// the cache sorts by.
type column struct {
	table.Column
	sort cache.Column
	cell func(*view.Env, *cache.Entry) table.Cell
}

func (m *Model) setColumns() {
	m.cols = nil
	for _, c := range columnsOf(m.kind) {
		if c.ID == "account" && len(m.accounts) == 1 {
			continue // the header says it
		}
		m.cols = append(m.cols, c)
	}
	cols := make([]table.Column, len(m.cols))
	for i, c := range m.cols {
		cols[i] = c.Column
	}
	m.tab.SetColumns(cols...)
	if m.rows != nil {
		m.rows.cols = m.cols
	}
	m.showSort()
}

// showSort shows the sign of the order that the rows are in.
func (m *Model) showSort() {
	for _, c := range m.cols {
		if c.sort == m.shown.by {
			m.tab.SetSort(c.ID, m.shown.asc)
			return
		}
	}
	m.tab.SetSort("", m.shown.asc)
}

func (m *Model) sortOf(id string) cache.Column {
	for _, c := range m.cols {
		if c.ID == id {
			return c.sort
		}
	}
	return ""
}

// columnsOf is the one table of columns per kind.
func columnsOf(kind providers.Kind) []column {
	switch kind {
	case providers.Payment:
		return []column{created, number, party, status, method, amount, remaining, account, deadline, note}
	case providers.Payout, providers.Refund, providers.NominalPayout:
		return []column{created, number, party, status, method, amount, account, deadline, note}
	case providers.Contractor:
		return []column{name, phone, status, balance, account, email, created, note}
	case providers.Receipt, providers.NominalReceipt:
		return []column{created, number, party, status, method, amount, account, note}
	case providers.Certificate:
		return []column{created, number, party, status, amount, account, note}
	case providers.Branch, providers.Nomenclature, providers.Webhook, providers.Release:
		return []column{title, status, amount, account, created, flags, wideNote}
	}
	return []column{created, number, party, status, amount, account, note}
}

func col(id, title string, minW, goodW, maxW, flex, priority int, align table.Align, sort cache.Column, cell func(*view.Env, *cache.Entry) table.Cell) column {
	c := table.Column{ID: id, Title: title, Min: minW, Good: goodW, Max: maxW, Flex: flex, Priority: priority, Align: align, Words: id == "status"}
	return column{Column: c, sort: sort, cell: cell}
}

// The columns. Widths and order of importance are chosen so that 80 cells hold
// date, number, party, status, amount and account.
var (
	created = col("created", "created", 12, 12, 12, 0, 0, table.Left, cache.Created, func(env *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: when(e.Created, env.Now), Tone: themes.Muted}
	})
	number = col("number", "number", 9, 12, 38, 1, 0, table.Left, cache.Number, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: Number(e.Record), Tone: themes.Text}
	})
	title = col("number", "name", 16, 24, 60, 3, 0, table.Left, cache.Number, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: Number(e.Record), Tone: themes.Text}
	})
	party = col("party", "party", 12, 24, 40, 4, 2, table.Left, cache.Party, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: Party(e.Party), Tone: themes.Text}
	})
	name = col("party", "name", 16, 24, 48, 4, 0, table.Left, cache.Party, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: Party(e.Party), Tone: themes.Text}
	})
	phone = col("phone", "phone", 12, 12, 16, 0, 1, table.Left, "", func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Party.Phone, Tone: themes.Text}
	})
	email = col("email", "e-mail", 16, 20, 32, 1, 5, table.Left, "", func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Party.Email, Tone: themes.Muted}
	})
	status = col("status", "status", 11, 25, 27, 3, 0, table.Left, cache.Status, func(env *view.Env, e *cache.Entry) table.Cell {
		word := e.Status.Label
		if word == "" {
			word = e.Status.Code
		}
		return table.Cell{Text: env.Look.Styles.Signs.Phase(e.Status.Phase) + " " + view.Capital(word), Tone: themes.Phase(e.Status.Phase)}
	})
	method = col("method", "method", 9, 10, 20, 1, 4, table.Left, cache.Method, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Method, Tone: themes.Muted}
	})
	amount    = col("amount", "amount", 15, 17, 20, 1, 0, table.Amount, cache.Amount, money(func(e *cache.Entry) providers.Money { return e.Amount }, themes.Money))
	balance   = col("amount", "balance", 15, 17, 20, 1, 0, table.Amount, cache.Amount, money(func(e *cache.Entry) providers.Money { return e.Amount }, themes.Money))
	remaining = col("remaining", "remaining", 15, 15, 20, 0, 6, table.Amount, cache.Remaining, money(func(e *cache.Entry) providers.Money { return e.Remaining }, themes.Muted))
	account   = col("account", "account", 7, 8, 16, 1, 3, table.Left, cache.Account, func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Ref.Account, Tone: themes.Muted}
	})
	deadline = col("deadline", "deadline", 12, 12, 12, 0, 7, table.Left, cache.Deadline, func(env *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: when(e.Deadline, env.Now), Tone: themes.Warning}
	})
	note = col("note", "note", 14, 20, 60, 3, 8, table.Left, "", func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Note, Tone: themes.Muted}
	})
	wideNote = col("note", "note", 14, 30, 80, 4, 2, table.Left, "", func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: e.Note, Tone: themes.Muted}
	})
	flags = col("flags", "flags", 10, 12, 24, 1, 9, table.Left, "", func(_ *view.Env, e *cache.Entry) table.Cell {
		return table.Cell{Text: strings.Join(e.Flags, ", "), Tone: themes.Muted}
	})
)

func money(of func(*cache.Entry) providers.Money, tone themes.Tone) func(*view.Env, *cache.Entry) table.Cell {
	return func(_ *view.Env, e *cache.Entry) table.Cell { return table.Cell{Text: of(e).String(), Tone: tone} }
}

// when is a time in twelve cells: day and hour this year, else the date. A
// system that keeps the day alone says midnight; nobody needs to read that.
func when(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	switch {
	case t.Year() != now.Year():
		return t.Format(time.DateOnly)
	case view.DayOnly(t):
		return t.Format("02 Jan")
	default:
		return t.Format("02 Jan 15:04")
	}
}

// Number is what people call a record: its number, or else its id.
func Number(r providers.Record) string {
	if r.Number != "" {
		return r.Number
	}
	return r.Ref.ID
}

// Party is what people call the other side: the name, or the next best.
func Party(p providers.Party) string {
	for _, s := range []string{p.Name, p.Email, p.Phone, p.Card, p.ID} {
		if s != "" {
			return s
		}
	}
	return ""
}
