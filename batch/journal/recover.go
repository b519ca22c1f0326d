package journal

import (
	"errors"

	"bursar/cache/disk"
)

// recover finds the end of the chain, and brings into the store what was
// promised and did not come there.
func (j *Journal) recover(o Options) (err error) {
	stored, promised, err := openAnchors(o.Dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.tail.close(), stored.close())
		}
	}()
	if j.tail, err = openTail(o.Dir, o.Key); err != nil {
		return err
	}
	if j.head, err = checkHead(j.db, o.Dir, stored.last()); err != nil {
		return err
	}
	left, err := j.missing(promised.last())
	if err != nil {
		return err
	}
	if err := unseal(o.Dir); err != nil {
		return err
	}
	j.room, j.promised = func() error { return disk.Room(o.Dir) }, promised
	j.store = newStore(j.db, o.Dir, stored)
	if len(left) == 0 {
		return nil
	}
	j.head = left[len(left)-1].at
	j.store.put(left)
	if err := j.store.drain(); err != nil {
		return errors.Join(err, j.store.end())
	}
	return nil
}

// missing are the events of the tail that the store has not. Together they must
// reach what was promised.
func (j *Journal) missing(promised head) ([]entry, error) {
	before, entries, err := j.tail.read()
	if err != nil {
		return nil, err
	}
	at, last := before, j.head
	var left []entry
	for _, e := range entries {
		next := e.at.seq
		switch {
		case next > j.head.seq+1 && len(left) == 0:
			return nil, j.broken("event %d was written and is missing", j.head.seq+1)
		case next == j.head.seq+1 && at != j.head:
			return nil, j.broken("event %d was changed", j.head.seq)
		case next == promised.seq && e.at != promised:
			return nil, j.broken("event %d was changed", promised.seq)
		case next > j.head.seq:
			left, last = append(left, e), e.at
		}
		at = e.at
	}
	if promised.seq > last.seq {
		return nil, j.broken("event %d was written and is missing", promised.seq)
	}
	return left, nil
}
