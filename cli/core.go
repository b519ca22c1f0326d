package cli

import (
	"bursar/cache/views"
	"bursar/config"
	"bursar/keymap"
	"bursar/themes"
	"bursar/tui"
)

// look is the part of the configuration that only the screen reads, checked.
func (a *app) look(c config.Config) (keymap.Map, string, error) {
	ids := map[keymap.ID][]string{}
	for id, keys := range c.Keys {
		ids[keymap.ID(id)] = keys
	}
	keys, err := keymap.Default().OverrideAll(ids)
	if err != nil {
		return keymap.Map{}, "", usagef("configuration, [keys]: %w", err)
	}
	theme := a.theme
	if theme == "" {
		theme = c.Theme
	}
	if theme != "" {
		if _, err := themes.ByName(theme); err != nil {
			return keymap.Map{}, "", usagef("%w", err)
		}
	}
	return keys, theme, nil
}

// core hands the desk to the screen.
func (a *app) core(d *desk) (tui.Core, error) {
	keys, theme, err := a.look(d.config)
	if err != nil {
		return tui.Core{}, err
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
		Log: func(text string) { d.log.Error("the screen failed", "trace", text) },
	}, nil
}
