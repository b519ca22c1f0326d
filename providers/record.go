package providers

import (
	"encoding/json"
	"time"
)

// Record is the one envelope for every kind and every payment system: one
// table, one filter, one export and one search work on it.
type Record struct {
	Ref    Ref
	Number string // the number people use, when it is not the id
	Status Status
	Amount Money
	// Remaining is what may still be refunded or captured; none when the
	// system says nothing about it.
	Remaining Money
	Created   time.Time
	Updated   time.Time
	Deadline  time.Time // when the system acts by itself, for example releases a hold
	Party     Party
	Method    string // the system's own method code or name
	Note      string
	Flags     []string // short words such as "test", "refundable", "stop list"
	Links     []Link
	// Details are labelled groups for the detail pane. Lists may come without.
	Details []Group
	// Raw is the system's own JSON, masked before it got here.
	Raw json.RawMessage
}

// HasFlag reports whether the record carries the flag.
func (r Record) HasFlag(flag string) bool {
	for _, f := range r.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// Party is the person or company on the other side, as far as a screen may
// show it: cards are masked to their last four digits.
type Party struct {
	ID    string `json:"id,omitempty"` // the system's id of a contractor, client or account
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	Card  string `json:"card,omitempty"` // masked, such as "•• 4444"
}

// Link points from one record to another.
type Link struct {
	Rel string `json:"rel"` // "payment", "refund", "receipt", "contractor" …: what the target is to this record
	Ref Ref    `json:"ref"`
}

// Group is a titled block of the detail pane.
type Group struct {
	Title string `json:"title"`
	Rows  []Row  `json:"rows"`
}

// Row is one labelled value. A row with a time belongs to a timeline.
type Row struct {
	Label string    `json:"label"`
	Value string    `json:"value"`
	Time  time.Time `json:"time,omitzero"`
}

// Query asks a provider for one page of a kind, newest first. Zero fields ask
// for nothing in particular. Providers send on what their system can filter;
// a caller that needs exactness filters the answer again.
type Query struct {
	Kind   Kind
	Cursor string // Page.Next of the page before
	Limit  int    // wanted rows; a provider may return fewer or round to what its system takes
	Status string // the system's own status code
	// Created bounds, inclusive. Zero: unbounded.
	CreatedFrom, CreatedTo time.Time
	// UpdatedFrom asks for records changed since, where the system can tell.
	UpdatedFrom time.Time
	// Of asks for the records that belong to another, such as a payment's refunds.
	Of Ref
	// IDs asks for these records only, where the system takes a list of ids.
	IDs []string
	// Match holds further filters by the system's own parameter names.
	Match map[string]string
}

// Page is one page of a list.
type Page struct {
	Records []Record
	Next    string // cursor of the next page; empty on the last
	Total   int    // all rows that match, or -1 where the system does not tell
	// Unread says of each row of the page that is no record why it is none, such
	// as one without an id. One such row must not cost the others.
	Unread []error
}
