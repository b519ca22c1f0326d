// Package tui is the workstation's screen: the root model routes keys, sizes
// and answers to its parts and draws the frame around them. The parts are in
// the folders beside it; docs/architecture.md says which one does what.
package tui

import (
	"context"
	"io"
	"time"

	"bursar/batch"
	"bursar/cache"
	"bursar/cache/sync"
	"bursar/cache/views"
	"bursar/keymap"
	"bursar/tui/view"

	"github.com/charmbracelet/lipgloss"
	"github.com/shopspring/decimal"
)

// Core is what a screen works with. Several screens may share one.
type Core struct {
	Store    *cache.Store
	Sync     *sync.Manager // nil: nothing is fetched, the screen is offline for good
	Engine   *batch.Engine // nil: lists only, and NoEngine says why
	NoEngine string
	// Open opens what no row needs, above all the journal, and gives the engine
	// in Engine's place. It is called in the background once the first rows are
	// there; an error ends the screen. Nil: Engine is all there is. Screens that
	// share a core share what the first call opened.
	Open     func() (Opened, error)
	Accounts batch.Accounts
	Keys     keymap.Map
	Theme    string
	Views    *views.File // nil: views cannot be saved
	// ExportDir is where exports and saved plans are put.
	ExportDir string
	ReadOnly  bool
	// SandboxNotice is said at the start when everything is simulated.
	SandboxNotice string
	// ConfirmSumAbove is the sum per currency from which on it must be typed;
	// zero never asks.
	ConfirmSumAbove decimal.Decimal
	Now             func() time.Time
	// Life bounds the batches that are started here; nil is the screen's own
	// life. Several screens over one core share it, so that a batch goes on when
	// its operator hangs up.
	Life    context.Context
	Notices []string // shown at the start until they were read
	// Log takes what is too long for the screen; nil keeps nothing.
	Log     func(text string)
	By      string // the operator, for the journal
	Host    string // the machine, for the journal
	Account string // the account to begin with; "" is all
	Kind    string // the list to begin with; "" is payments
}

// Terminal is the operator's side of one screen.
type Terminal struct {
	Renderer *lipgloss.Renderer
	// Out takes sequences that are no frame, such as the clipboard's.
	Out io.Writer
	// Tick makes a message after a delay; nil is the wall clock.
	Tick view.Tick
}
