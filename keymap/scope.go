package keymap

// fixed actions cannot be rebound: whatever a configuration says, these two
// keys get the operator out.
var fixed = map[ID]bool{Back: true, Interrupt: true}

// Scopes are all scopes in the order of docs/keys.md.
func Scopes() []Scope {
	return []Scope{
		ScopeGlobal, ScopeRecord, ScopeList, ScopeDetail, ScopeFilter, ScopeViews, ScopeMenu, ScopePalette,
		ScopeForm, ScopePreview, ScopeConfirm, ScopeRun, ScopeJournal, ScopeReport, ScopeDialog, ScopeHelp,
	}
}

// Title is the scope's heading for people.
func (s Scope) Title() string {
	switch s {
	case ScopeGlobal:
		return "Everywhere"
	case ScopeRecord:
		return "Records, in a list and in the detail pane"
	case ScopeList:
		return "Lists"
	case ScopeDetail:
		return "Detail pane"
	case ScopeRun:
		return "A running batch"
	case ScopeJournal:
		return "Journal of batches"
	case ScopeReport:
		return "One batch of the journal"
	case ScopePreview:
		return "Preview of a batch"
	case ScopeDialog:
		return "Questions"
	case ScopeMenu:
		return "Menus"
	case ScopeViews:
		return "Saved views"
	case ScopeHelp:
		return "Help"
	case ScopeForm:
		return "Forms"
	case ScopeConfirm:
		return "Typed confirmation"
	case ScopeFilter:
		return "Filter line"
	case ScopePalette:
		return "Palette"
	}
	return string(s)
}

// typing reports whether printable keys are text in the scope.
func typing(s Scope) bool {
	switch s {
	case ScopeForm, ScopeConfirm, ScopeFilter, ScopePalette:
		return true
	}
	return false
}

// choosing reports whether the scope is a dialog or menu over the panes.
func choosing(s Scope) bool {
	switch s {
	case ScopePreview, ScopeDialog, ScopeMenu, ScopeViews, ScopeHelp:
		return true
	}
	return false
}

// reaches reports whether an action answers in the scope.
func reaches(s Scope, e Entry) bool {
	switch {
	case e.Scope == s:
		return true
	case e.Scope == ScopeRecord:
		return s == ScopeList || s == ScopeDetail
	case e.Scope == ScopeMenu:
		return s == ScopeViews
	case e.Scope != ScopeGlobal:
		return false
	case typing(s):
		return e.Reach == Everywhere
	case choosing(s):
		return e.Reach >= Choosers
	}
	return true
}
