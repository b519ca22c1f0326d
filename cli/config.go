package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"bursar/config"
	"bursar/providers"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Make, check or find the configuration",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "path",
			Short: "Print where the configuration is read from",
			Args:  exactArgs(),
			RunE: func(*cobra.Command, []string) error {
				path, _, err := a.configPath()
				if err != nil {
					return err
				}
				_, _ = fmt.Fprintln(a.Out, path)
				return nil
			},
		},
		&cobra.Command{
			Use:   "init",
			Short: "Write a commented configuration to start from",
			Args:  exactArgs(),
			RunE:  func(*cobra.Command, []string) error { return a.initConfig() },
		},
		&cobra.Command{
			Use:   "check",
			Short: "Say what is configured and whether each account can log in",
			Args:  exactArgs(),
			RunE:  func(cmd *cobra.Command, _ []string) error { return a.checkConfig(cmd.Context()) },
		},
	)
	return cmd
}

// initConfig never overwrites.
func (a *app) initConfig() error {
	path, _, err := a.configPath()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is; check it with: bursar config check", path)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(config.Template)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(a.Out, path)
	return nil
}

// checkConfig asks each account for one record, the cheapest proof of a login.
func (a *app) checkConfig(ctx context.Context) error {
	c, err := a.loadConfig()
	if err != nil {
		return err
	}
	if _, _, err := a.look(c); err != nil {
		return err
	}
	if len(c.Accounts) == 0 {
		_, _ = fmt.Fprintln(a.Out, "no account is configured: bursar opens on its embedded sandbox; start with: bursar config init")
		return nil
	}
	bad := 0
	for _, name := range c.Names() {
		acc := c.Accounts[name]
		if a.account != "" && a.account != name {
			continue
		}
		state := "ok"
		if err := a.probe(ctx, name, acc); err != nil {
			bad++
			state = oneLine(err.Error())
		}
		mode := "may change records"
		if acc.IsReadOnly() {
			mode = "read-only"
		}
		_, _ = fmt.Fprintf(a.Out, "%s\t%s\t%s\t%s\t%s\n", name, acc.System, address(acc.URL), mode, state)
	}
	if bad > 0 {
		return exit{code: exitError, err: fmt.Errorf("%d of %d accounts cannot be used", bad, len(c.Accounts))}
	}
	return nil
}

func (a *app) probe(ctx context.Context, name string, c config.Account) error {
	acc, err := accountOf(ctx, name, c, nil)
	if err != nil {
		return err
	}
	p, err := connect(acc)
	if err != nil || a.offline {
		return err
	}
	_, err = p.List(ctx, providers.Query{Kind: p.Kinds()[0], Limit: 1})
	return err
}
