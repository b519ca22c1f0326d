package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/adrg/xdg"

	"bursar/config"
)

// paths is where things are kept. A sandbox has a place of its own, so that
// its records never mix with live ones.
type paths struct {
	cache   string // rebuildable
	journal string // precious
	views   string
	key     string
	log     string
	exports string
	sandbox string // the sandbox's own ledger
}

// base are the user's directories as the environment names them now: tests and
// scripts set HOME and XDG_* for one run.
type base struct{ cache, state, config, home string }

// xdgLock: the library keeps the directories in variables of its package.
var xdgLock sync.Mutex

func baseDirs() base {
	xdgLock.Lock()
	defer xdgLock.Unlock()
	xdg.Reload()
	own := func(dir string) string { return filepath.Join(dir, "bursar") }
	return base{cache: own(xdg.CacheHome), state: own(xdg.StateHome), config: own(xdg.ConfigHome), home: xdg.Home}
}

func (a *app) paths(sandbox bool) (paths, error) {
	dirs := baseDirs()
	cache, state, home := dirs.cache, dirs.state, dirs.home
	if a.dataDir != "" {
		dir, err := config.Expand(a.dataDir)
		if err != nil {
			return paths{}, err
		}
		if dir, err = filepath.Abs(dir); err != nil {
			return paths{}, err
		}
		cache, state, home = dir, dir, filepath.Join(dir, "exports")
	}
	if sandbox {
		cache, state = filepath.Join(cache, "sandbox"), filepath.Join(state, "sandbox")
	}
	if err := os.MkdirAll(state, 0o700); err != nil {
		return paths{}, fmt.Errorf("the data directory cannot be made: %w; choose another with --data-dir", err)
	}
	return paths{
		cache:   filepath.Join(cache, "cache"),
		journal: filepath.Join(state, "journal"),
		views:   filepath.Join(state, "views.json"),
		key:     filepath.Join(state, "store.key"),
		log:     filepath.Join(state, "bursar.log"),
		exports: home,
		sandbox: filepath.Join(state, "world"),
	}, nil
}

// configPath is the file that is read.
func (a *app) configPath() (path string, chosen bool, err error) {
	if a.configFile != "" {
		path, err = config.Expand(a.configFile)
		return path, true, err
	}
	return filepath.Join(baseDirs().config, "config.toml"), false, nil
}

// loadConfig reads the file. Without one the configuration is empty, unless
// the file was asked for by name.
func (a *app) loadConfig() (config.Config, error) {
	path, chosen, err := a.configPath()
	if err != nil {
		return config.Config{}, err
	}
	if !config.Exists(path) {
		if chosen {
			return config.Config{}, usagef("there is no configuration at %s; make one with: bursar config init --config %[1]s", path)
		}
		return config.Config{}, nil
	}
	c, err := config.Load(path)
	if err != nil {
		return config.Config{}, exit{code: exitUsage, err: err}
	}
	return c, nil
}
