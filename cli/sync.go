package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"bursar/providers"
)

func (a *app) syncCommand() *cobra.Command {
	var kindName string
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Fill the cache and leave, for a timer",
		Args:  exactArgs(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.offline {
				return usagef("sync needs the network; leave out --offline")
			}
			var kinds []providers.Kind
			if kindName != "" {
				k, err := providers.ParseKind(kindName)
				if err != nil {
					return usagef("%w", err)
				}
				kinds = []providers.Kind{k}
			}
			d, err := a.open(cmd.Context(), need{store: true, kept: true})
			if err != nil {
				return err
			}
			defer d.Close()
			paceHeap(cmd.Context())
			return a.syncAll(cmd.Context(), d, kinds, true)
		},
	}
	cmd.Flags().StringVar(&kindName, "kind", "", "only this `KIND`")
	return cmd
}

// syncAll copies the kinds of every account; nil is all kinds. What fails is
// said, and does not keep the rest from being copied.
func (a *app) syncAll(ctx context.Context, d *desk, kinds []providers.Kind, say bool) error {
	var failed []error
	tried, told := 0, false
	for _, p := range d.accounts {
		for _, k := range p.Kinds() {
			if kinds != nil && !slices.Contains(kinds, k) {
				continue
			}
			tried++
			if _, unusable := p.(broken); unusable {
				told = true // when the desk was opened
				continue
			}
			name := p.Info().Account
			if err := d.sync.RunOnce(ctx, name, k); err != nil {
				failed = append(failed, err)
				continue
			}
			st := d.store.State(name, k)
			if st.LeftOut != "" {
				_, _ = fmt.Fprintf(a.Err, "bursar: %s %s: %s\n", name, k.Plural(), oneLine(st.LeftOut))
			}
			if say {
				_, _ = fmt.Fprintf(a.Out, "%s: %d %s\n", name, st.Count, k.Plural())
			}
		}
	}
	if tried == 0 {
		return usagef("none of the accounts %v has such a list", d.accounts.names())
	}
	if told && len(failed) == 0 {
		return exit{code: exitError}
	}
	return errors.Join(failed...)
}
