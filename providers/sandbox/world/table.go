package world

// Table is a system's rows of one sort: made from the world when asked for,
// except for those that were changed or added. Row 0 is the oldest. It is not
// safe for concurrent use; the gate serialises.
type Table[T any] struct {
	made    int
	make    func(row int) T
	changed map[int]T
	added   []T
}

// NewTable makes a table of n rows that the function makes on demand.
func NewTable[T any](n int, make func(row int) T) *Table[T] {
	return &Table[T]{made: n, make: make, changed: map[int]T{}}
}

// Len is how many rows there are.
func (t *Table[T]) Len() int { return t.made + len(t.added) }

// Made is how many rows came with the world.
func (t *Table[T]) Made() int { return t.made }

// At is the row as it is now.
func (t *Table[T]) At(row int) T {
	if row >= t.made {
		return t.added[row-t.made]
	}
	if v, ok := t.changed[row]; ok {
		return v
	}
	return t.make(row)
}

// Set changes a row.
func (t *Table[T]) Set(row int, v T) {
	if row >= t.made {
		t.added[row-t.made] = v
		return
	}
	t.changed[row] = v
}

// Add appends a row and returns its number.
func (t *Table[T]) Add(v T) int {
	t.added = append(t.added, v)
	return t.Len() - 1
}
