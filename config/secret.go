package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// commandTimeout bounds a program that prints a secret.
const commandTimeout = 30 * time.Second

// maxSecret bounds what a file or command may hold.
const maxSecret = 4096

var sources = []string{"env:", "file:", "command:", "keyring:"}

// checkSource refuses a secret written into the file itself. It never repeats
// what stands there.
func checkSource(source string) error {
	for _, s := range sources {
		if strings.HasPrefix(source, s) {
			if strings.TrimSpace(source[len(s):]) == "" {
				return fmt.Errorf("names nothing behind %s", s)
			}
			return nil
		}
	}
	return fmt.Errorf("must say where it comes from: %s; a secret itself does not belong into this file", strings.Join(sources, " "))
}

// Secret fetches a secret from where the source says. Errors name the source,
// never the secret.
func Secret(ctx context.Context, source string) (string, error) {
	if err := checkSource(source); err != nil {
		return "", err
	}
	kind, rest, _ := strings.Cut(source, ":")
	var secret string
	var err error
	switch kind {
	case "env":
		secret = os.Getenv(rest)
		if secret == "" {
			return "", fmt.Errorf("the environment variable %s is empty; set it, or name another source", rest)
		}
	case "file":
		secret, err = fromFile(rest)
	case "command":
		secret, err = fromCommand(ctx, rest)
	case "keyring":
		secret, err = fromKeyring(rest)
	}
	if err != nil {
		return "", err
	}
	secret = strings.TrimRight(secret, "\r\n")
	if kind == "command" {
		rest = firstWord(rest)
	}
	switch {
	case secret == "":
		return "", fmt.Errorf("%s:%s gave nothing", kind, rest)
	case len(secret) > maxSecret:
		return "", fmt.Errorf("%s:%s gave more than %d characters", kind, rest, maxSecret)
	}
	return secret, nil
}

func fromFile(path string) (string, error) {
	path, err := Expand(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("the secret file %s cannot be read: %w", path, errors.Unwrap(err))
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("the secret file %s is open to others (mode %04o); run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	if info.Size() > maxSecret {
		return "", fmt.Errorf("the secret file %s is larger than %d bytes", path, maxSecret)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("the secret file %s cannot be read: %w", path, errors.Unwrap(err))
	}
	return string(b), nil
}

func fromCommand(ctx context.Context, line string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	shell, flag := "/bin/sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, flag, line)
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("the secret command %q failed: %w", firstWord(line), err)
	}
	return string(out), nil
}

// firstWord names a command without its arguments, which may be private.
func firstWord(line string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return word
}

func fromKeyring(name string) (string, error) {
	service, user, found := strings.Cut(name, "/")
	if !found {
		service, user = "bursar", name
	}
	secret, err := keyring.Get(service, user)
	if err != nil {
		return "", fmt.Errorf("the keyring has no %s/%s that can be read: %w; in a remote login without a desktop name another source: env, file or command", service, user, err)
	}
	return secret, nil
}

// Expand resolves a leading ~ to the home directory.
func Expand(path string) (string, error) {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%s: the home directory is unknown: %w", path, err)
	}
	return filepath.Join(home, path[1:]), nil
}
