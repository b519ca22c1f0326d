package disk

// Room reports, with a *FullError, that the disk under dir has too little room
// for a store to go on writing safely. Writers ask before each commit; it costs
// a microsecond.
func Room(dir string) error { return room(dir, roomToWrite) }

func room(dir string, need uint64) error {
	free, ok := freeBytes(dir)
	if ok && free < need {
		return &FullError{Dir: dir, Err: errLittleRoom}
	}
	return nil
}
