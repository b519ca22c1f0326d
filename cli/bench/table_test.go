package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func example() Table {
	return Table{
		Date: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), Machine: "linux, 2 cores", Program: "go1.26", Rows: 1_000_013,
		Goals: []Row{
			compare(1, "bytes per cursor step", bytesOf(10), v1, bytesOf(557), times(0.1)),
			compare(2, "bytes per tab", bytesOf(12714), v1, bytesOf(10693), times(0.55)),
			compare(3, "key to frame, median", millisOf(1.5), "visidata", millisOf(0).or(errors.New("vd is\nnot installed")), times(0.1)),
			limit(10, "bytes in 10 s of idleness", bytesOf(0), 0),
		},
		Keys:  []Key{{Name: "cursor step", Bytes: 10, BytesP95: 11, Text: 9, Floor: 22, Latency: 1.5, LatencyP95: 2.5, StockBytes: math.NaN(), StockLatency: 19}},
		Notes: []string{"a note"},
	}
}

const exampleText = `2026-11-27 10:00 · 1 000 013 rows · linux, 2 cores · go1.26

| goal | what                      | figure  | peer or limit       | its figure | ratio  | allowed  |              |
|------|---------------------------|---------|---------------------|------------|--------|----------|--------------|
| 1    | bytes per cursor step     | 10.0 B  | stock Bubble Tea v1 | 557 B      | 0.018x | <= 0.1x  | met          |
| 2    | bytes per tab             | 12714 B | stock Bubble Tea v1 | 10693 B    | 1.19x  | <= 0.55x | NOT MET      |
| 3    | key to frame, median      | 1.50 ms | visidata            | -          | -      | <= 0.1x  | not measured |
| 10   | bytes in 10 s of idleness | 0 B     | -                   | -          | -      | <= 0 B   | met          |

| key         | bytes | p95  | text | floor | ms   | p95  | stock bytes | stock ms |
|-------------|-------|------|------|-------|------|------|-------------|----------|
| cursor step | 10.0  | 11.0 | 9.00 | 22.0  | 1.50 | 2.50 | -           | 19.0     |

- not measured: goal 3, key to frame, median: visidata: vd is not installed
- a note
`

func TestTheTableForPeople(t *testing.T) {
	var b bytes.Buffer
	if err := example().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if b.String() != exampleText {
		t.Errorf("got\n%s\nwant\n%s", b.String(), exampleText)
	}
}

func TestTheTableForScripts(t *testing.T) {
	var b bytes.Buffer
	if err := example().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows   int
		NotMet int `json:"not_met"`
		Goals  []map[string]any
		Keys   []map[string]any
		Notes  []string
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	if got.Rows != 1_000_013 || got.NotMet != 1 || len(got.Goals) != 4 || len(got.Keys) != 1 || len(got.Notes) != 1 {
		t.Fatalf("got %+v", got)
	}
	first, third := got.Goals[0], got.Goals[2]
	if first["figure"] != 10.0 || first["peer_figure"] != 557.0 || first["verdict"] != "met" || first["unit"] != "B" {
		t.Errorf("the first row is %v", first)
	}
	if _, ok := third["peer_figure"]; ok || third["verdict"] != "not measured" || !strings.Contains(third["reason"].(string), "not installed") {
		t.Errorf("a row that was not measured is %v", third)
	}
	if _, ok := got.Keys[0]["stock_bytes"]; ok || got.Keys[0]["ms_p95"] != 2.5 {
		t.Errorf("the key is %v", got.Keys[0])
	}
}
