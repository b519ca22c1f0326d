package filter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"bursar/providers"
)

// span is a stretch of time: from is in it, to is not.
type span struct{ from, to time.Time }

// dateField reads created, updated and deadline. Days are those of now's
// location. A record without the date never matches.
func dateField(p *parser, f field, op string, v value) (test, *Error) {
	of := clockOf(f.name)
	sp, err := p.span(f, op, v)
	if err != nil {
		return nil, err
	}
	var ok func(time.Time) bool
	switch op {
	case ">":
		ok = func(t time.Time) bool { return !t.Before(sp.to) }
	case ">=":
		ok = func(t time.Time) bool { return !t.Before(sp.from) }
	case "<":
		ok = func(t time.Time) bool { return t.Before(sp.from) }
	case "<=":
		ok = func(t time.Time) bool { return t.Before(sp.to) }
	default:
		ok = func(t time.Time) bool {
			return (sp.from.IsZero() || !t.Before(sp.from)) && (sp.to.IsZero() || t.Before(sp.to))
		}
	}
	return func(row Row) bool {
		t, known := row.Time(of)
		return known && ok(t)
	}, nil
}

func clockOf(name string) Clock {
	switch name {
	case "updated":
		return Updated
	case "deadline":
		return Deadline
	default:
		return Created
	}
}

func (p *parser) span(f field, op string, v value) (span, *Error) {
	low, high, isRange := strings.Cut(v.text, "..")
	if !isRange {
		return p.day(f, op, v, v.text)
	}
	if op != ":" {
		return span{}, v.wrong("write "+f.name+":2026-11-01..2026-11-15", "a range takes no %s", op)
	}
	var out span
	if low != "" {
		sp, err := p.day(f, ">=", v, low)
		if err != nil {
			return span{}, err
		}
		out.from = sp.from
	}
	if high != "" {
		sp, err := p.day(f, "<=", v, high)
		if err != nil {
			return span{}, err
		}
		out.to = sp.to
	}
	switch {
	case out.from.IsZero() && out.to.IsZero():
		return span{}, v.wrong("for example "+f.name+":2026-11-01..2026-11-15", "the range has no bounds")
	case !out.to.IsZero() && !out.from.IsZero() && !out.to.After(out.from):
		return span{}, v.wrong(fmt.Sprintf("write %s:%s..%s", f.name, high, low), "the range is the wrong way round")
	}
	return out, nil
}

// dateLayouts are the ways to write a date, each with the stretch that it
// names.
var dateLayouts = []struct {
	layout string
	end    func(time.Time) time.Time
}{
	{"2006-01-02", nextDay},
	{"02.01.2006", nextDay},
	{"2006-01", nextMonth},
	{"01.2006", nextMonth},
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01-02T15:04", nextMinute},
	{"2006-01-02 15:04", nextMinute},
	{"02.01.2006 15:04", nextMinute},
	{"2006-01-02T15:04:05", nextSecond},
	{"2006-01-02 15:04:05", nextSecond},
	{time.RFC3339, nextSecond},
}

func nextDay(t time.Time) time.Time    { return t.AddDate(0, 0, 1) }
func nextMonth(t time.Time) time.Time  { return t.AddDate(0, 1, 0) }
func nextMinute(t time.Time) time.Time { return t.Add(time.Minute) }
func nextSecond(t time.Time) time.Time { return t.Add(time.Second) }

func (p *parser) day(f field, op string, v value, text string) (span, *Error) {
	word := Fold(text)
	if sp, ok := dateWord(word, p.now); ok {
		return sp, nil
	}
	if sp, ok := p.relative(f, op, word); ok {
		return sp, nil
	}
	for _, l := range dateLayouts {
		if t, err := time.ParseInLocation(l.layout, text, p.now.Location()); err == nil {
			return span{t, l.end(t)}, nil
		}
	}
	if t, err := time.ParseInLocation("02.01", text, p.now.Location()); err == nil {
		y := p.now.Year()
		if day := time.Date(y, t.Month(), t.Day(), 0, 0, 0, 0, p.now.Location()); day.Day() == t.Day() {
			return span{day, nextDay(day)}, nil
		}
	}
	hint := "write 2026-11-01, a range 2026-11-01..2026-11-15, today, yesterday, week, month or 7d"
	if near := providers.Nearest(word, DateWords()); near != "" {
		hint = fmt.Sprintf("did you mean %s:%s?", f.name, near)
	}
	return span{}, v.wrong(hint, "%q is no date", text)
}

// relative reads 7d: the last seven days, or for a deadline the next seven. A
// comparison is with that moment.
func (p *parser) relative(f field, op, word string) (span, bool) {
	if len(word) < 2 || len(word) > 6 {
		return span{}, false
	}
	n, err := strconv.Atoi(word[:len(word)-1])
	if err != nil || n < 0 || word[0] == '+' {
		return span{}, false
	}
	sign := -1
	if f.name == "deadline" {
		sign = 1
	}
	var at time.Time
	switch word[len(word)-1] {
	case 'h':
		at = p.now.Add(time.Duration(sign*n) * time.Hour)
	case 'd':
		at = p.now.AddDate(0, 0, sign*n)
	case 'w':
		at = p.now.AddDate(0, 0, sign*n*7)
	case 'm':
		at = p.now.AddDate(0, sign*n, 0)
	case 'y':
		at = p.now.AddDate(sign*n, 0, 0)
	default:
		return span{}, false
	}
	if op != ":" {
		return span{at, at}, true
	}
	if sign > 0 {
		return span{p.now, at}, true
	}
	return span{at, p.now.Add(time.Nanosecond)}, true
}

// DateWords lists the words that name days.
func DateWords() []string {
	return []string{
		"today", "yesterday", "tomorrow", "now",
		"week", "lastweek", "nextweek", "month", "lastmonth", "nextmonth", "year", "lastyear",
	}
}

// russian gives the words of a Russian keyboard their meaning.
var russian = func() map[string]string {
	out := map[string]string{"thisweek": "week", "thismonth": "month", "thisyear": "year"}
	for word, meaning := range map[string]string{
		"сегодня": "today", "вчера": "yesterday", "завтра": "tomorrow", "сейчас": "now",
		"неделя": "week", "месяц": "month", "год": "year",
	} {
		out[Fold(word)] = meaning
	}
	return out
}()

func dateWord(word string, now time.Time) (span, bool) {
	if w, ok := russian[word]; ok {
		word = w
	}
	y, m, d := now.Date()
	date := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	days := func(from, n int) (span, bool) { return span{date(y, m, d+from), date(y, m, d+from+n)}, true }
	months := func(from int) (span, bool) {
		return span{date(y, m+time.Month(from), 1), date(y, m+time.Month(from)+1, 1)}, true
	}
	monday := -((int(now.Weekday()) + 6) % 7)
	switch word {
	case "now":
		return span{now, now}, true
	case "today":
		return days(0, 1)
	case "yesterday":
		return days(-1, 1)
	case "tomorrow":
		return days(1, 1)
	case "week":
		return days(monday, 7)
	case "lastweek":
		return days(monday-7, 7)
	case "nextweek":
		return days(monday+7, 7)
	case "month":
		return months(0)
	case "lastmonth":
		return months(-1)
	case "nextmonth":
		return months(1)
	case "year":
		return span{date(y, 1, 1), date(y+1, 1, 1)}, true
	case "lastyear":
		return span{date(y-1, 1, 1), date(y, 1, 1)}, true
	}
	return span{}, false
}
