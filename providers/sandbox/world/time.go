package world

import "time"

// DealTime is when the row-th deal was made, without the cost of the whole
// deal.
func (w *World) DealTime(row int) time.Time { return w.deals.time(row) }
