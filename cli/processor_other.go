//go:build !unix

package cli

import "time"

// processorTime is not known here, so that nothing is paced.
func processorTime() time.Duration { return 0 }
