// Package billmanager is the simulator of a BILLmanager 6 panel: one address,
// functions by name, answers as XML or JSON, failures as HTTP 200 with an error
// document. It knows nothing of the client and shares nothing with it.
//
// Where the vendor's documentation is silent, an option decides; the defaults
// are the stricter reading.
package billmanager
