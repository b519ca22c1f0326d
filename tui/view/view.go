// Package view holds what the screens share: addresses, sizes, keys, the look
// and the few drawing helpers that every part needs. It imports no sibling.
package view

import (
	"time"

	"bursar/providers"

	tea "github.com/charmbracelet/bubbletea"
)

// ID is the address of a screen part: answers to its requests carry it home.
type ID string

// Req numbers the requests of one part, so that an overtaken answer is dropped.
type Req uint64

// Size is a rectangle in terminal cells.
type Size struct{ W, H int }

// Result is an answer to a request; the root delivers it by address, whether
// the part is on screen or not.
type Result interface{ To() ID }

// Key is one key press, free of the terminal library. Name is what the key map
// knows ("enter", "ctrl+d", "a"), Text what a text field takes.
type Key struct {
	Name  string
	Text  string
	Paste bool
}

// Tick makes a message after a delay; tests make it at once.
type Tick func(d time.Duration, msg tea.Msg) tea.Cmd

// RealTick waits on the wall clock.
func RealTick(d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}

// Said tells the operator what just happened, on the status line.
type Said struct{ Text string }

// Failed tells the operator what went wrong. It stays until it was read.
type Failed struct{ Text string }

// FailedWith is Failed for an error; nil makes no message.
func FailedWith(what string, err error) tea.Msg {
	if err == nil {
		return nil
	}
	if what == "" {
		return Failed{Text: err.Error()}
	}
	return Failed{Text: what + ": " + err.Error()}
}

// OpenKind asks the root for the list of a kind, with a filter when one is
// given.
type OpenKind struct {
	Kind   providers.Kind
	Filter string
}

// OpenBatch asks the root for the report of a batch in the journal.
type OpenBatch struct{ ID string }

// Do asks the root to carry out an action of the key map by its id, as if its
// key had been pressed.
type Do struct{ ID string }
