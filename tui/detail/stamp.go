package detail

import (
	"time"

	"bursar/tui/view"
)

// stampFull is a time to the second, in the operator's zone; a day alone when the
// system keeps no hour.
func stampFull(m *Model, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(m.env.Now.Location())
	if view.DayOnly(t) {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04:05")
}
