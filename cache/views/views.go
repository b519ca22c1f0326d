// Package views keeps the operator's named views: a kind, a filter and an order
// under a name, in one small JSON file.
package views

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/cache"
	"bursar/cache/disk"
	"bursar/providers"
)

// View is a named list.
type View struct {
	Name      string         `json:"name"`
	Kind      providers.Kind `json:"kind"`
	Filter    string         `json:"filter,omitempty"`
	Sort      cache.Column   `json:"sort,omitempty"`
	Ascending bool           `json:"ascending,omitempty"`
}

// maxName is the longest name in characters: it has to fit a list.
const maxName = 60

// File is the file of views. It is safe for concurrent use, and several
// processes may share it: each change starts from what is on disk.
type File struct {
	path   string
	notice string

	mu    sync.Mutex
	views []View
}

// content is the file's shape.
type content struct {
	Version int    `json:"version"`
	Views   []View `json:"views"`
}

const version = 1

var errDamaged = errors.New("it does not read")

// Load reads the views. Without a path they are kept in memory only. A file that does not exist holds none. A damaged one is
// moved aside to PATH.damaged-TIME, and Notice says so.
func Load(path string) (*File, error) {
	f := &File{path: path}
	if path == "" {
		return f, nil
	}
	views, err := read(path)
	if errors.Is(err, errDamaged) {
		aside := path + ".damaged-" + stamp(path)
		if rerr := os.Rename(path, aside); rerr != nil {
			return nil, fmt.Errorf("the saved views %s are damaged and cannot be moved aside: %w", path, rerr)
		}
		f.notice = fmt.Sprintf("the saved views %s do not read: the file was moved to %s, save your views again or mend it", path, filepath.Base(aside))
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the saved views %s: %w", path, err)
	}
	f.views = views
	return f, nil
}

// stamp names the moved file by when it was last written.
func stamp(path string) string {
	if info, err := os.Stat(path); err == nil {
		return info.ModTime().UTC().Format("20060102-150405")
	}
	return time.Unix(0, 0).UTC().Format("20060102-150405")
}

func read(path string) ([]View, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c content
	if err := json.Unmarshal(b, &c); err != nil || c.Version != version {
		return nil, errDamaged
	}
	for _, v := range c.Views {
		if v.check() != nil {
			return nil, errDamaged
		}
	}
	sortViews(c.Views)
	return c.Views, nil
}

// Notice is one sentence for the screen about what happened to the file, empty
// when all is well.
func (f *File) Notice() string { return f.notice }

// All lists the views by name.
func (f *File) All() []View {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.views)
}

// Save keeps a view under its name, in place of the one that had it.
func (f *File) Save(v View) error {
	v.Name = strings.TrimSpace(v.Name)
	if err := v.check(); err != nil {
		return err
	}
	return f.change(func(views []View) ([]View, error) {
		views = slices.DeleteFunc(views, func(o View) bool { return same(o.Name, v.Name) })
		return append(views, v), nil
	})
}

// Delete forgets a view.
func (f *File) Delete(name string) error {
	return f.change(func(views []View) ([]View, error) {
		kept := slices.DeleteFunc(slices.Clone(views), func(o View) bool { return same(o.Name, name) })
		if len(kept) == len(views) {
			return nil, fmt.Errorf("there is no saved view %q", name)
		}
		return kept, nil
	})
}

func (f *File) change(edit func([]View) ([]View, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	// Another process may have saved since; what it wrote must not be lost. If
	// that does not read now, what is in memory is the best there is.
	views, err := read(f.path)
	if err != nil || f.path == "" {
		views = slices.Clone(f.views)
	}
	if views, err = edit(views); err != nil {
		return err
	}
	sortViews(views)
	b, err := json.MarshalIndent(content{Version: version, Views: views}, "", "  ")
	if err != nil {
		return err
	}
	if err := f.write(append(b, '\n')); err != nil {
		if disk.IsFull(err) {
			return &disk.FullError{Dir: filepath.Dir(f.path), Err: err}
		}
		return fmt.Errorf("cannot write the saved views %s: %w", f.path, err)
	}
	f.views = views
	return nil
}

func (f *File) write(b []byte) error {
	if f.path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	return disk.WriteFile(f.path, b)
}

func (v View) check() error {
	switch {
	case v.Name == "":
		return errors.New("a view needs a name")
	case utf8.RuneCountInString(v.Name) > maxName:
		return fmt.Errorf("the name of a view has at most %d characters", maxName)
	case strings.ContainsFunc(v.Name, unicode.IsControl):
		return errors.New("the name of a view cannot hold control characters")
	case !slices.Contains(providers.Kinds(), v.Kind):
		return fmt.Errorf("the view %q names no kind of record", v.Name)
	case v.Sort != "" && !slices.Contains(cache.Columns(), v.Sort):
		return fmt.Errorf("the view %q sorts by %q, which is no column", v.Name, v.Sort)
	case providers.HasCard(v.Filter) || providers.HasCard(v.Name):
		return fmt.Errorf("the view holds a card number, which is never kept: use card: with the last four digits")
	default:
		return nil
	}
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

func sortViews(views []View) {
	slices.SortFunc(views, func(a, b View) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
}
