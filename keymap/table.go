package keymap

// The ids of the actions. Their words and keys are in the table below.
const (
	Quit      ID = "app.quit"
	Interrupt ID = "app.interrupt"
	Suspend   ID = "app.suspend"
	Redraw    ID = "app.redraw"
	Back      ID = "app.back"
	Help      ID = "app.help"
	Palette   ID = "app.palette"
	Theme     ID = "app.theme"
	Offline   ID = "app.offline"
	Journal   ID = "app.journal"

	MoveDown   ID = "move.down"
	MoveUp     ID = "move.up"
	MoveTop    ID = "move.top"
	MoveBottom ID = "move.bottom"
	PageDown   ID = "page.down"
	PageUp     ID = "page.up"
	HalfDown   ID = "half.down"
	HalfUp     ID = "half.up"

	Tab1        ID = "tab.payments"
	Tab2        ID = "tab.payouts"
	Tab3        ID = "tab.contractors"
	Tab4        ID = "tab.receipts"
	TabNext     ID = "tab.next"
	TabPrevious ID = "tab.previous"
	PaneLeft    ID = "pane.left"
	PaneRight   ID = "pane.right"
	Refresh     ID = "refresh.tab"
	RefreshAll  ID = "refresh.all"

	ActionMenu   ID = "action.menu"
	ActionCredit ID = "action.credit" // credit or capture, whichever the record's system has
	ActionDelete ID = "action.delete"
	ActionRefund ID = "action.refund"
	ActionCancel ID = "action.cancel"
	ActionCreate ID = "action.create"
	Copy         ID = "record.copy"
	CopyLink     ID = "record.address"
	Links        ID = "record.links"

	Open         ID = "list.open"
	Filter       ID = "list.filter"
	Sort         ID = "list.sort"
	SortReverse  ID = "list.direction"
	Views        ID = "list.views"
	Export       ID = "list.export"
	MarkToggle   ID = "mark.toggle"
	MarkRange    ID = "mark.range"
	MarkAll      ID = "mark.all"
	MarkClear    ID = "mark.clear"
	MarkInvert   ID = "mark.invert"
	MarkNext     ID = "mark.next"
	MarkPrevious ID = "mark.previous"

	DetailFollow ID = "detail.follow"
	DetailRaw    ID = "detail.raw"

	RunPause  ID = "run.pause"
	RunCancel ID = "run.cancel"
	RunOpen   ID = "run.open"

	JournalOpen      ID = "journal.open"
	JournalResume    ID = "journal.resume"
	JournalReconcile ID = "journal.reconcile"
	JournalExport    ID = "journal.export"

	ReportOpen      ID = "report.open"
	ReportAnswer    ID = "report.answer"
	ReportResume    ID = "report.resume"
	ReportReconcile ID = "report.reconcile"
	ReportExport    ID = "report.export"
	ReportCopy      ID = "report.copy"
	ReportNext      ID = "report.next"
	ReportPrevious  ID = "report.previous"

	PreviewAccept ID = "preview.accept"
	PreviewAsk    ID = "preview.ask"
	PreviewSave   ID = "preview.save"

	DialogAccept   ID = "dialog.accept"
	DialogNext     ID = "dialog.next"
	DialogPrevious ID = "dialog.previous"

	MenuAccept  ID = "menu.accept"
	ViewsSave   ID = "views.save"
	ViewsDelete ID = "views.delete"
	HelpClose   ID = "help.close"

	FormAccept   ID = "form.accept"
	FormNext     ID = "form.next"
	FormPrevious ID = "form.previous"
	FormSubmit   ID = "form.submit"

	ConfirmAccept ID = "confirm.accept"

	FilterAccept   ID = "filter.accept"
	FilterComplete ID = "filter.complete"
	FilterOlder    ID = "filter.older"
	FilterNewer    ID = "filter.newer"

	PaletteAccept ID = "palette.accept"
	PaletteDown   ID = "palette.down"
	PaletteUp     ID = "palette.up"
)

func keys(k ...string) []string { return k }

// defaults is the table. A function, so that no two screens share a slice.
func defaults() []Entry {
	var out []Entry
	for _, part := range [][]Entry{global(), records(), batches(), overlays(), fields()} {
		out = append(out, part...)
	}
	return out
}

func global() []Entry {
	return []Entry{
		{Back, ScopeGlobal, keys("esc"), "back", "Close the topmost layer: dialog, pane, filter, marks, one at a time.", Everywhere},
		{Interrupt, ScopeGlobal, keys("ctrl+c"), "leave", "Leave bursar; asks when a batch runs.", Everywhere},
		{Suspend, ScopeGlobal, keys("ctrl+z"), "suspend", "Put bursar into the background of the shell; a running batch pauses with it.", Everywhere},
		{Redraw, ScopeGlobal, keys("ctrl+l"), "redraw", "Draw the whole screen again.", Everywhere},
		{MoveDown, ScopeGlobal, keys("j", "down"), "down", "Move one row down.", Choosers},
		{MoveUp, ScopeGlobal, keys("k", "up"), "up", "Move one row up.", Choosers},
		{MoveTop, ScopeGlobal, keys("g", "home"), "first", "Move to the first row.", Choosers},
		{MoveBottom, ScopeGlobal, keys("G", "end"), "last", "Move to the last row.", Choosers},
		{PageDown, ScopeGlobal, keys("pgdown", "ctrl+f"), "page down", "Move one page down.", Choosers},
		{PageUp, ScopeGlobal, keys("pgup", "ctrl+b"), "page up", "Move one page up.", Choosers},
		{HalfDown, ScopeGlobal, keys("ctrl+d"), "half down", "Move half a page down.", Choosers},
		{HalfUp, ScopeGlobal, keys("ctrl+u"), "half up", "Move half a page up.", Choosers},
		{Tab1, ScopeGlobal, keys("1"), "payments", "Show the payments.", Panes},
		{Tab2, ScopeGlobal, keys("2"), "payouts", "Show the payouts.", Panes},
		{Tab3, ScopeGlobal, keys("3"), "contractors", "Show the contractors.", Panes},
		{Tab4, ScopeGlobal, keys("4"), "receipts", "Show the receipts.", Panes},
		{TabNext, ScopeGlobal, keys("tab"), "next tab", "Show the next tab.", Panes},
		{TabPrevious, ScopeGlobal, keys("shift+tab"), "previous tab", "Show the previous tab.", Panes},
		{PaneLeft, ScopeGlobal, keys("left", "h"), "to list", "Give the keys to the list beside the detail pane.", Panes},
		{PaneRight, ScopeGlobal, keys("right"), "to detail", "Give the keys to the detail pane.", Panes},
		{Refresh, ScopeGlobal, keys("r"), "refresh", "Fetch this tab anew.", Panes},
		{RefreshAll, ScopeGlobal, keys("R"), "refresh all", "Fetch every kind of every account anew.", Panes},
		{Palette, ScopeGlobal, keys(":"), "palette", "Find every view and every action by name.", Panes},
		{Journal, ScopeGlobal, keys("J"), "journal", "Show the journal of batches.", Panes},
		{Offline, ScopeGlobal, keys("o"), "offline", "Work offline, or go online again.", Panes},
		{Theme, ScopeGlobal, keys("t"), "theme", "Choose the next theme.", Panes},
		{Help, ScopeGlobal, keys("?"), "help", "Show the keys that work here.", Panes},
		{Quit, ScopeGlobal, keys("q"), "quit", "Quit; asks when a batch runs.", Panes},
	}
}

func records() []Entry {
	return []Entry{
		{ID: ActionMenu, Scope: ScopeRecord, Keys: keys("a"), Help: "actions", Long: "Choose an action for the marks, or for the row under the cursor."},
		{ID: ActionCredit, Scope: ScopeRecord, Keys: keys("c"), Help: "credit", Long: "Credit or capture, after a preview and a typed confirmation."},
		{ID: ActionRefund, Scope: ScopeRecord, Keys: keys("u"), Help: "refund", Long: "Refund, after a preview and a typed confirmation."},
		{ID: ActionCancel, Scope: ScopeRecord, Keys: keys("x"), Help: "cancel", Long: "Cancel, after a preview and a typed confirmation."},
		{ID: ActionDelete, Scope: ScopeRecord, Keys: keys("d"), Help: "delete", Long: "Delete, after a preview and a typed confirmation."},
		{ID: ActionCreate, Scope: ScopeRecord, Keys: keys("n"), Help: "new", Long: "Make a new record of this kind, where a system allows it."},
		{ID: Links, Scope: ScopeRecord, Keys: keys("l"), Help: "links", Long: "Show the records linked to this one."},
		{ID: Copy, Scope: ScopeRecord, Keys: keys("y"), Help: "copy", Long: "Copy the id through the terminal (OSC 52)."},
		{ID: CopyLink, Scope: ScopeRecord, Keys: keys("Y"), Help: "copy address", Long: "Copy the record as account/kind/id, the form that bursar show takes."},
		{ID: Open, Scope: ScopeList, Keys: keys("enter"), Help: "detail", Long: "Open the detail pane of the row under the cursor."},
		{ID: MarkToggle, Scope: ScopeList, Keys: keys(" "), Help: "mark", Long: "Mark or unmark the row under the cursor and move on."},
		{ID: MarkRange, Scope: ScopeList, Keys: keys("V"), Help: "mark range", Long: "Begin a range of marks here, or end it."},
		{ID: MarkAll, Scope: ScopeList, Keys: keys("*"), Help: "mark all", Long: "Mark everything that matches the filter."},
		{ID: MarkInvert, Scope: ScopeList, Keys: keys("i"), Help: "invert", Long: "Invert the marks among what matches the filter."},
		{ID: MarkClear, Scope: ScopeList, Keys: keys("-"), Help: "clear marks", Long: "Clear all marks."},
		{ID: MarkNext, Scope: ScopeList, Keys: keys("]"), Help: "next mark", Long: "Move to the next marked row."},
		{ID: MarkPrevious, Scope: ScopeList, Keys: keys("["), Help: "previous mark", Long: "Move to the previous marked row."},
		{ID: Filter, Scope: ScopeList, Keys: keys("/"), Help: "filter", Long: "Filter as you type."},
		{ID: Sort, Scope: ScopeList, Keys: keys("s"), Help: "sort", Long: "Sort by the next column."},
		{ID: SortReverse, Scope: ScopeList, Keys: keys("S"), Help: "direction", Long: "Turn the direction of the sort."},
		{ID: Views, Scope: ScopeList, Keys: keys("f"), Help: "views", Long: "Choose, save or delete a view."},
		{ID: Export, Scope: ScopeList, Keys: keys("e"), Help: "export", Long: "Export what is shown."},
		{ID: DetailFollow, Scope: ScopeDetail, Keys: keys("enter"), Help: "follow", Long: "Go to the record under the cursor."},
		{ID: DetailRaw, Scope: ScopeDetail, Keys: keys("v"), Help: "raw", Long: "Show the payment system's own data, masked, or the groups again."},
	}
}

func batches() []Entry {
	return []Entry{
		{ID: PreviewAccept, Scope: ScopePreview, Keys: keys("enter"), Help: "go on", Long: "Go on to the typed confirmation."},
		{ID: PreviewAsk, Scope: ScopePreview, Keys: keys("A"), Help: "include asked", Long: "Include the records that must be asked about, or leave them out again."},
		{ID: PreviewSave, Scope: ScopePreview, Keys: keys("w"), Help: "save plan", Long: "Save the plan as a file for bursar batch run."},
		{ID: RunPause, Scope: ScopeRun, Keys: keys("p"), Help: "pause", Long: "Pause the batch between records, or continue it."},
		{ID: RunCancel, Scope: ScopeRun, Keys: keys("x"), Help: "cancel", Long: "Send nothing more of this batch; what was sent is waited for."},
		{ID: RunOpen, Scope: ScopeRun, Keys: keys("enter"), Help: "report", Long: "Open the batch's report."},
		{ID: JournalOpen, Scope: ScopeJournal, Keys: keys("enter"), Help: "report", Long: "Open the batch's report."},
		{ID: JournalResume, Scope: ScopeJournal, Keys: keys("c"), Help: "continue", Long: "Continue an unfinished batch."},
		{ID: JournalReconcile, Scope: ScopeJournal, Keys: keys("v"), Help: "reconcile", Long: "Ask the payment systems about the unknown outcomes of the batch."},
		{ID: JournalExport, Scope: ScopeJournal, Keys: keys("e"), Help: "export", Long: "Export the batch's report."},
		{ID: ReportOpen, Scope: ScopeReport, Keys: keys("enter"), Help: "history", Long: "Show what happened to the record, step by step."},
		{ID: ReportAnswer, Scope: ScopeReport, Keys: keys("a"), Help: "answer", Long: "Say what became of an unknown outcome: applied, not applied, or send it again."},
		{ID: ReportResume, Scope: ScopeReport, Keys: keys("c"), Help: "continue", Long: "Continue the unfinished batch."},
		{ID: ReportReconcile, Scope: ScopeReport, Keys: keys("v"), Help: "reconcile", Long: "Ask the payment systems about the unknown outcomes."},
		{ID: ReportExport, Scope: ScopeReport, Keys: keys("e"), Help: "export", Long: "Export the report."},
		{ID: ReportCopy, Scope: ScopeReport, Keys: keys("y"), Help: "copy", Long: "Copy the record's id through the terminal (OSC 52)."},
		{ID: ReportNext, Scope: ScopeReport, Keys: keys("]"), Help: "next unknown", Long: "Move to the next record whose outcome is unknown."},
		{ID: ReportPrevious, Scope: ScopeReport, Keys: keys("["), Help: "previous unknown", Long: "Move to the previous record whose outcome is unknown."},
	}
}

func overlays() []Entry {
	return []Entry{
		{ID: DialogAccept, Scope: ScopeDialog, Keys: keys("enter"), Help: "choose", Long: "Choose the answer under the cursor."},
		{ID: DialogNext, Scope: ScopeDialog, Keys: keys("tab", "right"), Help: "next", Long: "Go to the next answer."},
		{ID: DialogPrevious, Scope: ScopeDialog, Keys: keys("shift+tab", "left"), Help: "previous", Long: "Go to the previous answer."},
		{ID: MenuAccept, Scope: ScopeMenu, Keys: keys("enter"), Help: "choose", Long: "Choose the line under the cursor."},
		{ID: ViewsSave, Scope: ScopeViews, Keys: keys("w"), Help: "save", Long: "Save the view on screen under a name."},
		{ID: ViewsDelete, Scope: ScopeViews, Keys: keys("d"), Help: "delete", Long: "Delete the saved view under the cursor."},
		{ID: HelpClose, Scope: ScopeHelp, Keys: keys("q", "?", "enter"), Help: "close", Long: "Close the help page."},
	}
}

func fields() []Entry {
	return []Entry{
		{ID: FormAccept, Scope: ScopeForm, Keys: keys("enter"), Help: "go on", Long: "Go to the next field, and from the last one to the preview."},
		{ID: FormNext, Scope: ScopeForm, Keys: keys("tab", "down"), Help: "next field", Long: "Go to the next field."},
		{ID: FormPrevious, Scope: ScopeForm, Keys: keys("shift+tab", "up"), Help: "previous field", Long: "Go to the previous field."},
		{ID: FormSubmit, Scope: ScopeForm, Keys: keys("ctrl+s"), Help: "preview", Long: "Go to the preview from any field."},
		{ID: ConfirmAccept, Scope: ScopeConfirm, Keys: keys("enter"), Help: "confirm", Long: "Confirm what was typed; a wrong count or sum does nothing."},
		{ID: FilterAccept, Scope: ScopeFilter, Keys: keys("enter"), Help: "keep", Long: "Keep the filter and go back to the list."},
		{ID: FilterComplete, Scope: ScopeFilter, Keys: keys("tab"), Help: "complete", Long: "Complete the field name or value."},
		{ID: FilterOlder, Scope: ScopeFilter, Keys: keys("up"), Help: "older", Long: "Show the filter used before."},
		{ID: FilterNewer, Scope: ScopeFilter, Keys: keys("down"), Help: "newer", Long: "Show the filter used after it."},
		{ID: PaletteAccept, Scope: ScopePalette, Keys: keys("enter"), Help: "run", Long: "Do what the line under the cursor says."},
		{ID: PaletteDown, Scope: ScopePalette, Keys: keys("down", "ctrl+n", "tab"), Help: "down", Long: "Move one line down."},
		{ID: PaletteUp, Scope: ScopePalette, Keys: keys("up", "ctrl+p", "shift+tab"), Help: "up", Long: "Move one line up."},
	}
}
