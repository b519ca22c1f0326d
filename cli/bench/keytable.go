package bench

import (
	"math"
	"slices"
	"strings"

	"bursar/cli/bench/meter"
)

// Key is what one kind of key costs, beside the stock peer: medians, and the
// value that one in twenty exceeds. Bytes, and milliseconds to the frame. What
// is not known is NaN.
type Key struct {
	Name                string
	Bytes, BytesP95     float64
	Text, Floor         float64 // the characters that changed alone, and with what it takes to send them
	Latency, LatencyP95 float64
	StockBytes          float64
	StockLatency        float64
}

// keyTable puts the sittings side by side, in the order of the keys.
func keyTable(us, stock map[string]meter.Series) []Key {
	var out []Key
	for _, k := range slices.Concat(common(), further()) {
		ours, ok := us[k.Name]
		if !ok {
			continue
		}
		out = append(out, Key{
			Name:  k.Name,
			Bytes: meter.Median(ours.Bytes()), BytesP95: meter.P95(ours.Bytes()), Text: meter.Median(ours.Texts()), Floor: meter.Median(ours.Floors()),
			Latency: meter.Median(ours.Latencies()), LatencyP95: meter.P95(ours.Latencies()),
			StockBytes: meter.Median(stock[k.Name].Bytes()), StockLatency: meter.Median(stock[k.Name].Latencies()),
		})
	}
	return out
}

func (t Table) writeKeys(b *strings.Builder) {
	if len(t.Keys) == 0 {
		return
	}
	lines := [][]string{{"key", "bytes", "p95", "text", "floor", "ms", "p95", "stock bytes", "stock ms"}}
	for _, k := range t.Keys {
		line := []string{k.Name}
		for _, v := range []float64{k.Bytes, k.BytesP95, k.Text, k.Floor, k.Latency, k.LatencyP95, k.StockBytes, k.StockLatency} {
			line = append(line, orDash(v))
		}
		lines = append(lines, line)
	}
	b.WriteString("\n")
	grid(b, lines)
}

func orDash(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return number(v)
}

// jsonKey is a kind of key for scripts. What is not known is left out.
type jsonKey struct {
	Name         string   `json:"key"`
	Bytes        *float64 `json:"bytes,omitempty"`
	BytesP95     *float64 `json:"bytes_p95,omitempty"`
	Text         *float64 `json:"text,omitempty"`
	Floor        *float64 `json:"floor,omitempty"`
	Latency      *float64 `json:"ms,omitempty"`
	LatencyP95   *float64 `json:"ms_p95,omitempty"`
	StockBytes   *float64 `json:"stock_bytes,omitempty"`
	StockLatency *float64 `json:"stock_ms,omitempty"`
}

func jsonKeys(keys []Key) []jsonKey {
	out := make([]jsonKey, len(keys))
	for i, k := range keys {
		out[i] = jsonKey{
			k.Name, unlessNaN(k.Bytes), unlessNaN(k.BytesP95), unlessNaN(k.Text), unlessNaN(k.Floor), unlessNaN(k.Latency), unlessNaN(k.LatencyP95),
			unlessNaN(k.StockBytes), unlessNaN(k.StockLatency),
		}
	}
	return out
}

func unlessNaN(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
