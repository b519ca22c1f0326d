// Package export writes what a list shows as JSON or CSV, row by row.
package export

import (
	"io"

	"bursar/cache"
)

// JSON writes the rows as one array.
func JSON(w io.Writer, each func(yield func(cache.Entry) bool), system func(account string) string) error {
	return nil
}

// CSV writes the rows as a table.
func CSV(w io.Writer, each func(yield func(cache.Entry) bool), system func(account string) string) error {
	return nil
}
