package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"bursar/providers/sandbox"
	"bursar/providers/sandbox/gate"
)

func (a *app) sandboxCommand() *cobra.Command {
	o := sandbox.Options{Now: a.now}
	var listen string
	var faults []string
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the four simulators by themselves",
		Long: `Run the four simulators by themselves, over one seeded, linked world:
  /billmgr                BILLmanager     operator / sandbox
  /v3                     YooKassa        shop 100500 / sandbox, OAuth token sandbox
  /services/openapi       Jump.Finance    Client-Key sandbox
  /api/vendor/v1          ActivePlatform  token sandbox
While it runs:
  GET /_sandbox/ready     GET /_sandbox/ledger     GET /_sandbox/requests
  POST /_sandbox/faults   (specs, one a line)      DELETE /_sandbox/faults
  POST /_sandbox/clock    {"advance":"6m"} or {"now":"2026-11-22T10:00:00Z"}
  POST /_sandbox/world    [{"system","kind","set":{the system's own fields}}]
A fault is SYSTEM:CALL:ID:FAULT[:TIMES], * matches any; FAULT is apply-hang, hang,
apply-500, 500, cut, 429=SECONDS, slow=DURATION, html or expired. For example
  --fault 'billmanager:payment.setpaid:17:apply-hang'`,
		Args: exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, spec := range faults {
				f, err := gate.ParseFault(spec)
				if err != nil {
					return usagef("--fault: %w", err)
				}
				o.Faults = append(o.Faults, f)
			}
			if o.Payments < 0 {
				return usagef("--payments cannot be less than zero")
			}
			s, err := sandbox.Start(cmd.Context(), o, listen)
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(a.Out, "the sandbox listens on %s; end it with ctrl+c\n", strings.TrimSuffix(s.URL(), "/"))
			<-cmd.Context().Done()
			return s.Close()
		},
	}
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:8480", "`ADDRESS` to listen on")
	f.Uint64Var(&o.Seed, "seed", 0, "another world; the same seed gives the same world")
	f.IntVar(&o.Payments, "payments", 0, "about `N` payments in all systems together (default 2600)")
	f.StringVar(&o.LedgerFile, "ledger", "", "write every change really made to `FILE`, one JSON line each")
	f.StringVar(&o.RequestsFile, "requests", "", "write every request to `FILE`, one JSON line each")
	f.StringArrayVar(&faults, "fault", nil, "make a changing request go wrong; may be given many times")
	return cmd
}
