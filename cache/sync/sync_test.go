package sync

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"bursar/cache"
	"bursar/providers"
)

func TestMain(m *testing.M) {
	// glog, which Badger's cache brings along, flushes for ever.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}

// bubble runs a test with virtual time over a store in memory and one account.
func bubble(t *testing.T, test func(t *testing.T, s *cache.Store, f *fake, m *Manager)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := store(t)
		f := newFake("shop", providers.Payment)
		m := New(Options{Store: s, Providers: []providers.Provider{f}, Overlap: 5 * time.Minute, Sweep: 10 * time.Minute})
		defer m.Close()
		test(t, s, f, m)
	})
}

func once(t *testing.T, m *Manager) {
	t.Helper()
	if err := m.RunOnce(t.Context(), "shop", providers.Payment); err != nil {
		t.Fatal(err)
	}
}

func took(t *testing.T, f *fake, want string) {
	t.Helper()
	if got := f.took(); got != want {
		t.Errorf("calls %s, want %s", got, want)
	}
}

func TestAFirstSyncReadsAllAndPagesAppearAsTheyLand(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(25, time.Now())
		var seen []int
		f.onList = func(string) { seen = append(seen, s.State("shop", providers.Payment).Count) }
		once(t, m)
		took(t, f, "[list  list 10 list 20]")
		if len(seen) != 3 || seen[1] != 10 || seen[2] != 20 {
			t.Error("rows in the store before each page:", seen)
		}
		st := s.State("shop", providers.Payment)
		if !st.Complete || st.Running || st.Cursor != "" || st.Count != 25 || st.Err != "" || !st.Finished.Equal(time.Now()) {
			t.Errorf("%+v", st)
		}
	})
}

func TestAnInterruptedFirstSyncResumesFromItsLastPage(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(35, time.Now())
		f.fail(nil, nil, &providers.Error{Account: "shop", Op: "list", Fault: providers.FaultServer, Message: "it broke"})
		err := m.RunOnce(t.Context(), "shop", providers.Payment)
		st := s.State("shop", providers.Payment)
		if err == nil || st.Complete || st.Cursor != "20" || !strings.Contains(st.Err, "it broke") || st.Count != 20 {
			t.Fatalf("%v %+v", err, st)
		}
		took(t, f, "[list  list 10 list 20]")
		f.add(rec("shop", 99, time.Now().Add(time.Second))) // came in meanwhile, at the top
		time.Sleep(time.Minute)
		once(t, m)
		took(t, f, "[list 20 list 30 list  list 10]")
		if n := rows(t, s); n != 36 {
			t.Error("rows", n)
		}
		if st := s.State("shop", providers.Payment); !st.Complete || st.Err != "" {
			t.Errorf("%+v", st)
		}
	})
}

func TestAPageThatTheSystemForgotIsBegunAgain(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(15, time.Now())
		if err := s.SetState(cache.SyncState{Account: "shop", Kind: providers.Payment, Cursor: "10"}); err != nil {
			t.Fatal(err)
		}
		f.fail(&providers.Error{Fault: providers.FaultInput, Message: "no such page"})
		once(t, m)
		if n := rows(t, s); n != 15 {
			t.Error("rows", n)
		}
	})
}

func TestALaterSyncStopsAtWhatIsKnown(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(100, time.Now())
		once(t, m)
		f.took()
		time.Sleep(time.Minute)
		once(t, m)
		took(t, f, "[list ]")

		for n := range 12 {
			f.add(rec("shop", 200+n, time.Now().Add(time.Duration(n)*time.Second)))
		}
		time.Sleep(time.Minute)
		once(t, m)
		took(t, f, "[list  list 10 list 20]") // two pages hold new ones, the third is known
		if n := rows(t, s); n != 112 {
			t.Error("rows", n)
		}
	})
}

func TestTheOverlapIsReadToo(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		m.opt.Overlap = 25 * time.Minute
		f.fill(100, time.Now())
		once(t, m)
		f.took()
		changed := rec("shop", 82, time.Now().Add(-17*time.Minute))
		changed.Status.Code = "paid"
		f.add(changed)
		time.Sleep(time.Minute)
		once(t, m)
		took(t, f, "[list  list 10 list 20 list 30 list 40]")
		if r, _, _ := s.Get(changed.Ref); r.Status.Code != "paid" {
			t.Error("a change in the overlap was not seen")
		}
	})
}

func TestAHoleLeftByAFailedSyncIsFilled(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		m.opt.Overlap = time.Second // the mark alone keeps the sync going
		f.fill(30, time.Now())
		once(t, m)
		time.Sleep(3 * time.Minute)
		for n := range 40 {
			f.add(rec("shop", 200+n, time.Now().Add(-time.Duration(n)*time.Second)))
		}
		f.fail(nil, nil, &providers.Error{Fault: providers.FaultServer})
		if m.RunOnce(t.Context(), "shop", providers.Payment) == nil {
			t.Fatal("no failure")
		}
		time.Sleep(time.Minute)
		once(t, m) // its first two pages are known and unchanged
		if n := rows(t, s); n != 70 {
			t.Error("rows", n)
		}
	})
}

func TestASweepFindsWhatChangedAndVanishedFarBack(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(100, time.Now())
		once(t, m)
		old, gone, unlisted := rec("shop", 3, time.Now().Add(-96*time.Minute)), rec("shop", 5, time.Now()).Ref, rec("shop", 7, time.Now()).Ref
		old.Status.Code = "refunded"
		f.add(old)
		f.drop(gone)
		f.hidden[unlisted.ID] = true
		f.took()
		time.Sleep(time.Minute)
		once(t, m)
		if rows(t, s) != 100 {
			t.Error("a sync of the top removed something")
		}
		time.Sleep(10 * time.Minute)
		f.fail(nil, nil, &providers.Error{Fault: providers.FaultServer})
		if m.RunOnce(t.Context(), "shop", providers.Payment) == nil || rows(t, s) != 100 {
			t.Error("a failed sweep removed something")
		}
		f.took()
		once(t, m)
		if _, _, err := s.Get(gone); !errors.Is(err, cache.ErrMiss) {
			t.Error("what vanished is still there:", err)
		}
		if _, _, err := s.Get(unlisted); err != nil {
			t.Error("a record that its system knows was removed:", err)
		}
		if r, _, _ := s.Get(old.Ref); r.Status.Code != "refunded" {
			t.Error("an old change was not found")
		}
		if got := f.took(); !strings.Contains(got, "get 0005 get 0007]") && !strings.Contains(got, "get 0007 get 0005]") {
			t.Error(got)
		}
	})
}

func TestWhatASystemCannotTellOfStays(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(5, time.Now())
		once(t, m)
		f.drop(rec("shop", 3, time.Now()).Ref)
		f.getErr = &providers.Error{Fault: providers.FaultForbidden}
		time.Sleep(time.Minute)
		once(t, m)
		if n := rows(t, s); n != 5 {
			t.Error("rows", n)
		}
	})
}

func TestManyMissingAreRemovedAfterASecondPass(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(60, time.Now())
		once(t, m)
		for n := range 30 {
			f.drop(rec("shop", n, time.Now()).Ref)
		}
		f.took()
		time.Sleep(20 * time.Minute)
		once(t, m)
		took(t, f, "[list  list 10 list 20 list  list 10 list 20]")
		if n := rows(t, s); n != 30 {
			t.Error("rows", n)
		}
	})
}

func TestRowsWithoutDates(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		for n := range 60 {
			f.add(rec("shop", n, time.Time{}))
		}
		once(t, m)
		f.took()
		time.Sleep(time.Minute)
		once(t, m)
		took(t, f, "[list  list 10]")
	})
}

func TestWorkersPollAndRefreshWakesThem(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(5, time.Now())
		m.Start(t.Context())
		synctest.Wait()
		took(t, f, "[list ]")
		time.Sleep(DefaultInterval)
		synctest.Wait()
		took(t, f, "[list ]")
		m.Refresh("other", "")
		m.Refresh("shop", providers.Receipt)
		synctest.Wait()
		took(t, f, "[]")
		m.Refresh("", "")
		synctest.Wait()
		took(t, f, "[list ]")
	})
}

func TestFailuresAreSaidAndTriedAgainEverMoreSlowly(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(5, time.Now())
		down := &providers.Error{Account: "shop", Op: "list", Fault: providers.FaultOffline, Message: "no route"}
		slow := &providers.Error{Account: "shop", Op: "list", Fault: providers.FaultLimited, RetryAfter: time.Minute}
		f.fail(down, down, slow)
		m.Start(t.Context())
		synctest.Wait()
		st := s.State("shop", providers.Payment)
		if st.Err != down.Error() || !st.ErrAt.Equal(time.Now()) || st.Running {
			t.Errorf("%+v", st)
		}
		for _, step := range []struct {
			wait time.Duration
			want string
		}{
			{2*time.Second - 1, "[list ]"},
			{1, "[list ]"},
			{4*time.Second - 1, "[]"},
			{1, "[list ]"},
			{time.Minute - 1, "[]"},
			{1, "[list ]"},
		} {
			time.Sleep(step.wait)
			synctest.Wait()
			took(t, f, step.want)
		}
		if st := s.State("shop", providers.Payment); st.Err != "" || !st.Complete {
			t.Errorf("%+v", st)
		}
	})
}

func TestARefusedLoginStopsTheAccountUntilRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := store(t)
		f, other := newFake("shop", providers.Payment, providers.Refund), newFake("cloud", providers.Payment)
		f.fill(5, time.Now())
		auth := &providers.Error{Account: "shop", Fault: providers.FaultAuth, Message: "wrong password"}
		f.fail(auth, auth)
		m := New(Options{Store: s, Providers: []providers.Provider{f, other}})
		defer m.Close()
		m.Start(t.Context())
		synctest.Wait()
		f.took()
		other.took()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		took(t, f, "[]")
		if other.took() == "[]" {
			t.Error("another account stopped too")
		}
		f.mend()
		m.Refresh("shop", "")
		synctest.Wait()
		took(t, f, "[relogin list  list ]")
		m.Refresh("shop", "")
		synctest.Wait()
		took(t, f, "[list  list ]") // nothing was refused meanwhile
		if st := s.State("shop", providers.Payment); st.Err != "" || st.Count != 5 {
			t.Errorf("%+v", st)
		}
	})
}

func TestOfflineStopsAtOnceAndOnlineResumes(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(35, time.Now())
		f.hang = make(chan struct{})
		m.Start(t.Context())
		synctest.Wait()
		took(t, f, "[list ]")
		m.SetOffline(true)
		synctest.Wait()
		st := s.State("shop", providers.Payment)
		if st.Running || st.Err != "" || !m.Offline() {
			t.Errorf("%+v", st)
		}
		if err := m.RunOnce(t.Context(), "shop", providers.Payment); !errors.Is(err, ErrOffline) {
			t.Error(err)
		}
		if _, err := m.Fetch(t.Context(), rec("shop", 1, time.Now()).Ref); !errors.Is(err, ErrOffline) {
			t.Error(err)
		}
		m.Refresh("", "")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		took(t, f, "[]")
		close(f.hang)
		m.SetOffline(false)
		synctest.Wait()
		if n := rows(t, s); n != 35 {
			t.Error("rows", n)
		}
	})
}

func TestGoingOfflineEndsAForegroundSync(t *testing.T) {
	bubble(t, func(t *testing.T, _ *cache.Store, f *fake, m *Manager) {
		f.hang = make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		done := make(chan error)
		go func() { done <- m.RunOnce(ctx, "shop", providers.Payment) }()
		synctest.Wait()
		m.SetOffline(true)
		if err := <-done; !errors.Is(err, ErrOffline) {
			t.Error(err)
		}
	})
}

func TestFetchKeepsTheRecordAndItsRelatives(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		r := rec("shop", 1, time.Now())
		refund := rec("shop", 2, time.Now())
		refund.Ref.Kind = providers.Refund
		f.add(r)
		f.related = []providers.Record{refund}
		got, err := m.Fetch(t.Context(), r.Ref)
		if err != nil || got.Ref != r.Ref {
			t.Fatal(got, err)
		}
		for _, ref := range []providers.Ref{r.Ref, refund.Ref} {
			if _, _, err := s.Get(ref); err != nil {
				t.Error(ref, err)
			}
		}
		f.drop(r.Ref)
		if _, err := m.Fetch(t.Context(), r.Ref); providers.FaultOf(err) != providers.FaultNotFound {
			t.Error(err)
		}
		if _, _, err := s.Get(r.Ref); !errors.Is(err, cache.ErrMiss) {
			t.Error("a vanished record stayed:", err)
		}
	})
}

func TestWhatIsNotThereIsSaidInASentence(t *testing.T) {
	bubble(t, func(t *testing.T, _ *cache.Store, _ *fake, m *Manager) {
		for want, err := range map[string]error{
			`no account "nobody" is configured`: m.RunOnce(t.Context(), "nobody", providers.Payment),
			"shop has no certificates":          m.RunOnce(t.Context(), "shop", providers.Certificate),
		} {
			if err == nil || err.Error() != want {
				t.Error(err)
			}
		}
	})
}

func TestAListThatLeadsToItselfEnds(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(30, time.Now())
		f.page = 0 // every page is empty and leads nowhere
		err := m.RunOnce(t.Context(), "shop", providers.Payment)
		if err == nil || !strings.Contains(err.Error(), "does not move on") {
			t.Error(err)
		}
	})
}

func TestTheContextEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := store(t)
		f := newFake("shop", providers.Kinds()...)
		f.hang = make(chan struct{})
		m := New(Options{Store: s, Providers: []providers.Provider{f}})
		ctx, cancel := context.WithCancel(t.Context())
		m.Start(ctx)
		m.Start(ctx)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if st := s.State("shop", providers.Payment); st.Running {
			t.Error("a state says that a sync still runs")
		}
		m.Close()
		m.Close()
		if err := m.RunOnce(t.Context(), "shop", providers.Payment); err == nil {
			t.Error("a closed manager syncs")
		}
	})
}

// TestAStoreMadeAnewIsFilledWhole damages the store so that the sync finds out
// in the middle: what it had put until then is gone.
func TestAStoreMadeAnewIsFilledWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	f := newFake("shop", providers.Payment)
	f.page = 100
	f.fill(1000, time.Now().Add(-time.Hour))
	openStore := func() *cache.Store {
		s, err := cache.Open(cache.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	s := openStore()
	once(t, New(Options{Store: s, Providers: []providers.Provider{f}}))
	_ = s.Close()
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	for _, path := range tables {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(b) / 8; i < len(b)/4; i += 50 { // JSON, which a changed row reads
			b[i] ^= 0x55
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = openStore()
	m := New(Options{Store: s, Providers: []providers.Provider{f}, Sweep: time.Nanosecond})
	f.onList = func(cursor string) {
		if cursor == "500" { // somebody looks at a record whose block does not read
			for n := range 1000 {
				_, _, _ = s.Get(rec("shop", n, time.Time{}).Ref)
			}
		}
	}
	err := m.RunOnce(t.Context(), "shop", providers.Payment)
	if s.Notice() == "" || !errors.Is(err, errAnew) {
		t.Fatalf("%v, notice %q", err, s.Notice())
	}
	if st := s.State("shop", providers.Payment); st.Complete || st.Running {
		t.Errorf("%+v", st)
	}
	f.onList = nil
	once(t, m)
	if n := rows(t, s); n != 1000 {
		t.Error("rows", n)
	}
}
