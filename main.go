// Command bursar is a terminal workstation for people who look after payments.
package main

import (
	"os"

	"bursar/cli"
	_ "bursar/themes/early" // before Bubble Tea asks the terminal for its colours
)

func main() { os.Exit(cli.Main()) }
