// Package activeplatform is the simulator of an ActivePlatform panel: version 1
// of its vendor API over the world's cloud payments.
package activeplatform
