package sync

import (
	"errors"

	"bursar/cache"
)

// leftOut are the rows of a pass that cannot be kept. One hostile row must not
// stop the list behind it, but it is said.
type leftOut struct {
	n     int
	first error
}

// put takes in what Put says; an error that is left concerns the store.
func (l *leftOut) put(changed int, err error) (int, error) {
	var left *cache.LeftOutError
	if !errors.As(err, &left) {
		return changed, err
	}
	if l.n == 0 {
		l.first = left.First
	}
	l.n += left.Count
	return changed, nil
}

func (l *leftOut) unread(errs []error) {
	if l.n == 0 && len(errs) > 0 {
		l.first = errs[0]
	}
	l.n += len(errs)
}

// most keeps the larger of two counts: a list that is read twice shows the same
// rows twice.
func (l *leftOut) most(o leftOut) {
	if o.n > l.n {
		*l = o
	}
}

// String is one sentence, empty when all was kept.
func (l leftOut) String() string {
	if l.n == 0 {
		return ""
	}
	return (&cache.LeftOutError{Count: l.n, First: l.first}).Error()
}
