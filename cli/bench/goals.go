package bench

import (
	"context"
	"fmt"

	"bursar/cli/bench/meter"
)

// The names of the peers in the table.
const (
	v1 = "stock Bubble Tea v1"
	v2 = "stock Bubble Tea v2"
)

// goal measures one goal, in as many rows as it has parts.
func (b *bench) goal(ctx context.Context, n int) []Row {
	switch n {
	case 1:
		return b.goal1()
	case 2:
		return b.goal2()
	case 3:
		return b.goal3(ctx)
	case 4:
		return b.goal4(ctx)
	case 5:
		return b.goal5(ctx)
	case 6:
		return b.goal6(ctx)
	case 7:
		return b.goal7(ctx)
	case 8:
		return b.goal8(ctx)
	case 10:
		return b.goal10(ctx)
	}
	return nil
}

// keyBytes is the median of a kind of key.
func keyBytes(keys map[string]meter.Series, name string, err error) Figure {
	return bytesOf(meter.Median(keys[name].Bytes())).or(err)
}

func (b *bench) goal1() []Row {
	us, err := b.seated()
	old, oldErr := b.stockTable()
	newer, newerErr := b.newerTable()
	return []Row{
		compare(1, "bytes per cursor step", keyBytes(us.keys, cursor, err), v1, keyBytes(old.keys, cursor, oldErr), times(0.10)),
		compare(1, "bytes per cursor step", keyBytes(us.keys, cursor, err), v2, keyBytes(newer.keys, cursor, newerErr), times(0.15)),
		compare(1, "bytes per mark toggle", keyBytes(us.keys, mark, err), v1, keyBytes(old.keys, mark, oldErr), times(0.10)),
	}
}

func (b *bench) goal2() []Row {
	us, err := b.seated()
	old, oldErr := b.stockTable()
	newer, newerErr := b.newerTable()
	out := []Row{
		compare(2, "bytes per scroll", keyBytes(us.keys, scroll, err), v1, keyBytes(old.keys, scroll, oldErr), times(0.05)),
	}
	for _, name := range []string{page, tab} {
		out = append(out,
			compare(2, "bytes per "+name, keyBytes(us.keys, name, err), v1, keyBytes(old.keys, name, oldErr), times(0.55)),
			compare(2, "bytes per "+name, keyBytes(us.keys, name, err), v2, keyBytes(newer.keys, name, newerErr), times(0.75)))
	}
	overFloor := Bound{Times: 1.2, Plus: 64}
	name, p := worst(us.keys, overFloor)
	if name == "" {
		name = "any key"
	}
	return append(out, compare(2, "bytes of the worst key of all ("+name+")", bytesOf(float64(p.Bytes)).or(err), "its floor", bytesOf(float64(p.Floor)).or(err), overFloor))
}

func (b *bench) goal3(ctx context.Context) []Row {
	us, err := b.seated()
	old, oldErr := b.stockTable()
	vd, vdErr := b.pager()
	ours, theirs := pool(us.keys, cursor, mark, scroll, page, tab), pool(old.keys, cursor, mark, scroll, page, tab)
	middle := millisOf(meter.Median(ours)).or(err)
	syncing, syncErr := within(ctx, b.whileSyncing)
	running, runErr := within(ctx, b.whileRunning)
	return []Row{
		compare(3, "key to frame, median", middle, v1, millisOf(meter.Median(theirs)).or(oldErr), times(0.10)),
		compare(3, "key to frame, median", middle, "visidata", millisOf(meter.Median(vd.keys)).or(vdErr), times(0.10)),
		limit(3, "key to frame, p95", millisOf(meter.P95(ours)).or(err), 3),
		limit(3, "key to frame while a sync runs, p95", millisOf(meter.P95(syncing)).or(syncErr), 5),
		limit(3, "key to frame while a batch runs, p95", millisOf(meter.P95(running)).or(runErr), 5),
	}
}

func (b *bench) goal4(ctx context.Context) []Row {
	f, err := within(ctx, b.starts)
	return []Row{
		compare(4, "start to the first rows", f.atOnce.or(err), "htop's first text", f.htop.or(err), times(0.6)),
		compare(4, "start, terminal answers after 300 ms", f.late.or(err), "answers at once", f.atOnce.or(err), times(1.1)),
		compare(4, "start, terminal never answers", f.never.or(err), "answers at once", f.atOnce.or(err), times(1.1)),
	}
}

func (b *bench) goal5(ctx context.Context) []Row {
	us, err := b.searched()
	ours := millisOf(us.filter).or(err)
	scan, scanErr := b.scan()
	rg, rgErr := within(ctx, b.ripgrep)
	sql, sqlErr := within(ctx, b.sqlite)
	fzf, fzfErr := within(ctx, b.fzfFilter)
	sift, siftErr := b.sifted()
	b.note("rows found by all words: bursar %d, ripgrep %d, SQLite %d (it does not know the other case of Cyrillic), fzf %d (it matches loosely)",
		us.hits, rg.hits, sql.hits, fzf.hits)
	return []Row{
		compare(5, "filter over all rows", ours, "one-thread memory scan", millisOf(scan).or(scanErr), times(5)),
		compare(5, "filter over all rows", ours, "ripgrep -i", millisOf(rg.ms).or(rgErr), times(0.5)),
		compare(5, "filter over all rows", ours, "SQLite LIKE", millisOf(sql.ms).or(sqlErr), times(1.0/15)),
		compare(5, "filter over all rows", ours, "fzf --filter", millisOf(fzf.ms).or(fzfErr), times(0.01)),
		limit(5, "key to first hits on the screen, median", millisOf(meter.Median(sift.hits)).or(siftErr), frameTime),
	}
}

// frameTime is one frame of a screen of 60 a second, in ms.
const frameTime = 1000.0 / 60

func (b *bench) goal6(ctx context.Context) []Row {
	us, err := b.seated()
	sift, siftErr := b.sifted()
	vd, vdErr := b.pager()
	browsing := mebibytes(us.browsing.Anon).or(err)
	small, smallErr := within(ctx, b.browseTenth)
	return []Row{
		compare(6, "RSS, all rows filtered once", mebibytes(sift.memory.RSS).or(siftErr), "visidata", mebibytes(vd.rss).or(vdErr), times(0.4)),
		limit(6, "RssAnon before any filter", browsing, 24),
		compare(6, "RssAnon before any filter", browsing, "a tenth of the rows", mebibytes(small.Anon).or(smallErr), times(1.2)),
	}
}

// browseTenth is the memory after the same keys over a tenth of the rows.
func (b *bench) browseTenth(ctx context.Context) (m meter.Memory, err error) {
	b.say("the workstation over a tenth of the rows")
	t, err := b.tenth().screen(0, "--offline")
	if err != nil {
		return m, err
	}
	defer t.Close("q")
	if _, err := t.Until(ctx, "row", func(s *meter.Screen) bool { return s.Shows("Payments") && cursorLine(s) != "" }); err != nil {
		return m, err
	}
	if _, err := measure(ctx, t, append(common(), further()...)); err != nil {
		return m, err
	}
	return meter.MemoryOf(t.PID())
}

func (b *bench) goal7(ctx context.Context) []Row {
	us, err := b.searched()
	fzf, fzfErr := within(ctx, b.fzfLoad)
	return []Row{
		compare(7, "cache to filtered", millisOf(us.cold).or(err), "fzf's load", millisOf(fzf).or(fzfErr), times(0.6)),
		compare(7, "opening the store", millisOf(us.open).or(err), "an empty store", millisOf(us.openEmpty).or(err), Bound{Times: 1.5, Plus: 25}),
	}
}

func (b *bench) goal8(ctx context.Context) []Row {
	f, err := within(ctx, b.durable)
	if ms, err := b.appends(); err == nil {
		b.note("a durable append of 300 B takes %s ms here", number(ms))
	}
	row := func(workers int, k float64) Row {
		return compare(8, fmt.Sprintf("durable batch, %d workers", workers), rateOf(f.with[workers]).or(err),
			"without a journal", rateOf(f.without[workers]).or(err), atLeast(k))
	}
	return []Row{
		row(64, 0.85), row(256, 0.6),
		compare(8, "requests within a rate limit", rateOf(f.limited).or(err), "the allowed rate", rateOf(allowed), atLeast(0.98)),
	}
}

func (b *bench) goal10(ctx context.Context) []Row {
	us, err := b.seated()
	f, progressErr := within(ctx, b.progress)
	old, oldErr := within(ctx, b.stockProgress)
	return []Row{
		limit(10, "bytes in 10 s of idleness", bytesOf(us.idleBytes).or(err), 0),
		limit(10, "processor in 10 s of idleness", percentOf(us.idleCPU).or(err), 0.1),
		compare(10, fmt.Sprintf("processor time of %d progress events", actions), millisOf(f.cpu).or(progressErr), v1, millisOf(old).or(oldErr), times(0.05)),
		limit(10, "frames in the busiest second of those", Figure{Value: f.frames, Unit: "frames"}.or(progressErr), 60),
	}
}
