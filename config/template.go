package config

import _ "embed"

// Template is a commented file for a first start, as `bursar config init`
// writes it. Every account in it is commented out.
//
//go:embed template.toml
var Template string
