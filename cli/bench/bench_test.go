package bench

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/cli/bench/meter"
)

func TestThePeersGetTheShownColumns(t *testing.T) {
	const export = "account,system,id,number,status,label,amount,currency,remaining,created,deadline,party,method,note\n" +
		`shop,yookassa,id-1,17,new,New,10.00,RUB,,2026-11-27T10:00:00Z,,"ООО ""Ромашка"", филиал",sbp,"two` + "\n" + `lines"` + "\n" +
		"shop,yookassa,id-2,,paid,Paid,20.00,RUB,5.00,2026-11-26T10:00:00Z,,Иванов,cash,\n"
	var out bytes.Buffer
	n, err := narrowTo(strings.NewReader(export), &out)
	if err != nil || n != 2 {
		t.Fatalf("%d rows, %v", n, err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(lines[0], shown()) {
		t.Errorf("the header is %q", lines[0])
	}
	want := []string{"2026-11-27T10:00:00Z", "17", `ООО "Ромашка", филиал`, "New", "sbp", "10.00", "RUB", "", "shop", "", "two\nlines", "id-1"}
	if !slices.Equal(lines[1], want) {
		t.Errorf("the first row is %q, want %q", lines[1], want)
	}
	for _, column := range searched() {
		if !slices.Contains(shown(), column) {
			t.Errorf("the SQL peer looks for a column %s that it does not get", column)
		}
	}
	if _, err := narrowTo(strings.NewReader("a,b\n1,2\n"), io.Discard); err == nil {
		t.Error("an export without the columns is taken")
	}
}

func TestTheSignOfARowIsItsNumberOrItsId(t *testing.T) {
	head := []string{"created", "number", "id"}
	for _, tc := range []struct {
		line []string
		want string
	}{
		{[]string{"", "183352", "b2e754d9-000f-5000"}, "183352"},
		{[]string{"", "", "b2e754d9-000f-5000"}, "b2e754d9-000"},
		{[]string{"", "", "short"}, "short"},
	} {
		if got, err := sign(head, tc.line); got != tc.want || err != nil {
			t.Errorf("%q: %q, %v, want %q", tc.line, got, err, tc.want)
		}
	}
	if _, err := sign(head, []string{"", "", ""}); err == nil {
		t.Error("a row without a name has a sign")
	}
}

func TestTheAnswerOfSqlite(t *testing.T) {
	ms, n, err := counted("706\nRun Time: real 0.013 user 0.003049 sys 0.009521\n")
	if err != nil || ms != 13 || n != 706 {
		t.Errorf("%v ms, %d rows, %v, want 13 ms and 706 rows", ms, n, err)
	}
	for _, text := range []string{"", "706\n", "706\nRun Time: real ", "706\nRun Time: real soon", "Run Time: real 0.013"} {
		if _, _, err := counted(text); err == nil {
			t.Errorf("%q is an answer", text)
		}
	}
	if got, want := like("x"), "SELECT count(*) FROM rows WHERE number LIKE '%x%' OR party LIKE '%x%' OR method LIKE '%x%' OR note LIKE '%x%' OR id LIKE '%x%'"; got != want {
		t.Errorf("asked %s", got)
	}
}

func TestBeginnings(t *testing.T) {
	if got := beginnings("кУз"); !slices.Equal(got, []string{"к", "кУ", "кУз"}) {
		t.Errorf("got %q", got)
	}
}

func TestTheCursorIsFoundByItsSign(t *testing.T) {
	s := meter.NewScreen(20, 12)
	s.Write([]byte("\x1b[1;1Hheader\x1b[6;1H\u258c  a row"))
	if got := cursorLine(s); got != "5" {
		t.Errorf("the cursor is on line %q, want 5", got)
	}
	s.Write([]byte("\x1b[6;1H \x1b[8;1H\u258c"))
	if got := cursorLine(s); got != "7" {
		t.Errorf("the cursor moved to line %q, want 7", got)
	}
	s.Write([]byte("\x1b[8;1H "))
	if got := cursorLine(s); got != "" {
		t.Errorf("a screen without a cursor has it on line %q", got)
	}
}

func TestTheSourceIsFoundFromBelow(t *testing.T) {
	root := t.TempDir()
	below := filepath.Join(root, "cli", "bench")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module bursar\n\ngo 1.26\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	got, err := source("")
	if err != nil || !sameFile(t, got, root) {
		t.Errorf("found %s, %v, want %s", got, err, root)
	}
	if _, err := source(below); err == nil {
		t.Error("a directory without go.mod is the source")
	}
	t.Chdir(t.TempDir())
	if _, err := source(""); err == nil {
		t.Error("a source was found where there is none")
	}
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.Stat(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.Stat(b)
	if err != nil {
		t.Fatal(err)
	}
	return os.SameFile(x, y)
}

func TestADataDirectoryIsCopiedForItsOwnerOnly(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	if err := os.MkdirAll(filepath.Join(from, "cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "cache", "store.key"), []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyDir(from, to); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(to, "cache", "store.key")
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "key" {
		t.Errorf("copied %q, %v", text, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read the copy: %v", info.Mode())
	}
}

func TestAWorldWithoutReceipts(t *testing.T) {
	passed := 0
	h := onlyPayments(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }))
	for path, want := range map[string]string{"/v3/receipts": `{"type":"list","items":[]}`, "/v3/refunds": `{"type":"list","items":[]}`, "/v3/payments": ""} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s answers %q, want %q", path, got, want)
		}
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/v3/refunds", nil))
	if passed != 2 {
		t.Errorf("%d requests reached the simulators, want the list of payments and the refund", passed)
	}
}

// TestTheSimulatorsEndWithTheirInput runs them as the child process does.
func TestTheSimulatorsEndWithTheirInput(t *testing.T) {
	in, stop := io.Pipe()
	lines, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Simulate(t.Context(), World{Payments: 130, Seed: 1}, in, out)
		_ = out.Close()
	}()
	buf := make([]byte, 100)
	n, err := lines.Read(buf)
	if err != nil || !strings.HasPrefix(string(buf[:n]), "http://127.0.0.1:") {
		t.Errorf("said %q, %v", buf[:n], err)
	}
	_ = stop.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("they go on when nobody listens any more")
	}
}

func TestABatchOverATill(t *testing.T) {
	b := &bench{}
	b.dir = t.TempDir()
	till := newTill(30, 4, 0)
	perSecond, err := b.batchOf(t.Context(), till, &book{})
	if err != nil || perSecond <= 0 {
		t.Fatalf("%v a second, %v", perSecond, err)
	}
	for _, rec := range till.all() {
		if rec.Status.Code != "credited" {
			t.Errorf("%s is %s", rec.Ref, rec.Status.Code)
		}
	}
	if till.requests < 60 {
		t.Errorf("%d requests for 30 payments that are read and credited", till.requests)
	}
	if _, err := b.journalled(t.Context(), newTill(10, 4, 0)); err != nil {
		t.Errorf("with a journal on disk: %v", err)
	}
	if _, err := b.batchOf(t.Context(), till, &book{}); err == nil {
		t.Error("payments that are credited already were credited again")
	}
}
