package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) journalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "journal",
		Short: "Verify or export the journal of batches",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "verify",
			Short: "Check that no event of the journal is missing or was changed",
			Args:  exactArgs(),
			RunE: func(cmd *cobra.Command, _ []string) error {
				d, err := a.open(cmd.Context(), need{journal: true})
				if err != nil {
					return err
				}
				defer d.Close()
				r, err := d.journal.Verify()
				if err != nil {
					return err
				}
				_, _ = fmt.Fprintf(a.Out, "the journal is whole: %d events of %d batches\n", r.Events, r.Batches)
				return nil
			},
		},
		&cobra.Command{
			Use:   "export",
			Short: "Print every event of the journal as JSON lines",
			Args:  exactArgs(),
			RunE: func(cmd *cobra.Command, _ []string) error {
				d, err := a.open(cmd.Context(), need{journal: true})
				if err != nil {
					return err
				}
				defer d.Close()
				return d.journal.Export(a.Out)
			},
		},
	)
	return cmd
}
