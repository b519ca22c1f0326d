// Package config reads bursar's configuration file: one struct with defaults,
// strict about unknown keys, and the places that secrets come from. A secret
// itself never stands in the file.
package config
