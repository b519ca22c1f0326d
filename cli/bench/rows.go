package bench

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// shown are the columns that the peers get: those that the screen shows, and
// the id.
func shown() []string {
	return []string{"created", "number", "party", "label", "method", "amount", "currency", "remaining", "account", "deadline", "note", "id"}
}

// searched are the five of them that the SQL peer looks through.
func searched() []string { return []string{"number", "party", "method", "note", "id"} }

// export writes what the peers show, as bursar itself exports it: the payments,
// which it counts, and the payouts of the second tab.
func (d *data) export(ctx context.Context) (payments int, err error) {
	if payments, err = d.exportKind(ctx, "payments", d.csv()); err != nil {
		return 0, err
	}
	_, err = d.exportKind(ctx, "payouts", d.payouts())
	return payments, err
}

func (d *data) exportKind(ctx context.Context, kind, to string) (int, error) {
	whole := d.path("export.csv")
	out, err := os.Create(whole)
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(whole) }()
	_, err = d.run(ctx, out, d.full().args("list", kind, "--offline", "--format", "csv")...)
	if err := errors.Join(err, out.Close()); err != nil {
		return 0, err
	}
	return narrow(whole, to)
}

// narrow copies the shown columns of a CSV.
func narrow(from, to string) (n int, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	n, err = narrowTo(bufio.NewReaderSize(in, 1<<20), out)
	return n, errors.Join(err, out.Close())
}

func narrowTo(in io.Reader, out io.Writer) (n int, err error) {
	r, w := csv.NewReader(in), csv.NewWriter(out)
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return 0, fmt.Errorf("the export has no header: %w", err)
	}
	var at []int
	for _, name := range shown() {
		i := slices.Index(head, name)
		if i < 0 {
			return 0, fmt.Errorf("the export has no column %q", name)
		}
		at = append(at, i)
	}
	line := slices.Clone(shown())
	for ; ; n++ {
		if err := w.Write(line); err != nil {
			return n, err
		}
		all, err := r.Read()
		if errors.Is(err, io.EOF) {
			w.Flush()
			return n, w.Error()
		}
		if err != nil {
			return n, fmt.Errorf("row %d of the export: %w", n+1, err)
		}
		for i, from := range at {
			line[i] = all[from]
		}
	}
}
