package detail

import "time"

// stampFull is a time to the second, in the operator's zone.
func stampFull(m *Model, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(m.env.Now.Location()).Format("2006-01-02 15:04:05")
}
