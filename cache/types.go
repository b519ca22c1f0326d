package cache

import (
	"errors"
	"time"

	"bursar/cache/filter"
	"bursar/providers"
)

// ErrMiss says that the cache does not hold the record.
var ErrMiss = errors.New("the record is not in the cache")

// Column names what a list can be sorted by.
type Column string

// The columns. The zero value sorts as Created.
const (
	Created   Column = "created"
	Updated   Column = "updated"
	Deadline  Column = "deadline"
	Amount    Column = "amount"
	Remaining Column = "remaining"
	Status    Column = "status"
	Party     Column = "party"
	Number    Column = "number"
	Account   Column = "account"
	Method    Column = "method"
	ID        Column = "id"
)

// Columns returns every column.
func Columns() []Column {
	return []Column{Created, Updated, Deadline, Amount, Remaining, Status, Party, Number, Account, Method, ID}
}

// ListQuery asks for the records of one kind. The zero Sort is Created; without
// Ascending the newest, largest or last comes first. Records that have nothing
// in the column come last either way.
type ListQuery struct {
	Kind      providers.Kind
	Accounts  []string // nil: all
	Filter    *filter.Filter
	Sort      Column
	Ascending bool
}

// Entry is one row of a list: the record without Details and Raw, and when it
// was read from its payment system.
type Entry struct {
	providers.Record
	Fetched time.Time
}

// SyncState is how far the copying of one account's kind has come.
type SyncState struct {
	Account string         `json:"account"`
	Kind    providers.Kind `json:"kind"`
	// Cursor is the next page of a first sync that was interrupted.
	Cursor string `json:"cursor,omitempty"`
	// Complete: the whole list was read once.
	Complete bool      `json:"complete,omitempty"`
	Started  time.Time `json:"started,omitzero"`  // of the last sync, done or not
	Finished time.Time `json:"finished,omitzero"` // of the last sync that succeeded
	Swept    time.Time `json:"swept,omitzero"`    // the last complete pass over the whole list
	// Mark is the Created of the newest record when a sync last finished: below
	// it nothing is missing.
	Mark time.Time `json:"mark,omitzero"`
	// Count is the number of records held. It is filled in on reading.
	Count   int       `json:"-"`
	Running bool      `json:"-"`             // a sync is under way; never outlives the process
	Err     string    `json:"err,omitempty"` // one sentence; empty after a success
	ErrAt   time.Time `json:"errAt,omitzero"`
	// LeftOut is one sentence about records that the system listed and that
	// cannot be kept; empty when the last pass over the whole list met none.
	LeftOut string `json:"leftOut,omitempty"`
}

// Change says that the records of one account's kind, or its sync state, are
// not what they were.
type Change struct {
	Account string
	Kind    providers.Kind
}
