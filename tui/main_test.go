package tui_test

import (
	"os"
	"testing"
	"time"
)

// TestMain sets the zone: frames show local times.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
