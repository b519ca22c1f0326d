package cli

import (
	"bursar/cache/views"
	"bursar/keymap"
	"bursar/themes"
	"bursar/tui"
)

// core hands the desk to the screen.
func (a *app) core(d *desk) (tui.Core, error) {
	keys := keymap.Default()
	for id, k := range d.config.Keys {
		var err error
		if keys, err = keys.Override(keymap.ID(id), k...); err != nil {
			return tui.Core{}, usagef("configuration, [keys]: %w", err)
		}
	}
	saved, err := views.Load(d.paths.views)
	if err != nil {
		return tui.Core{}, err
	}
	if text := saved.Notice(); text != "" {
		d.notices = append(d.notices, text)
	}
	above, err := d.config.SumAbove()
	if err != nil {
		return tui.Core{}, err
	}
	theme := a.theme
	if theme == "" {
		theme = d.config.Theme
	}
	if theme != "" {
		if _, err := themes.ByName(theme); err != nil {
			return tui.Core{}, usagef("%w", err)
		}
	}
	notice := ""
	if d.world != nil {
		notice = "This is the embedded sandbox: nothing here is real. Press ? for help."
		if text := d.world.Notice(); text != "" {
			d.notices = append(d.notices, text)
		}
	}
	return tui.Core{
		Store: d.store, Sync: d.sync, Engine: d.engine, Accounts: d.accounts, Keys: keys, Theme: theme, Views: saved,
		ExportDir: d.paths.exports, ReadOnly: a.readOnly || d.readOnly, ConfirmSumAbove: above, Now: a.now, Notices: d.notices,
		By: d.by, Host: d.host, SandboxNotice: notice,
	}, nil
}
