package meter

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// CPU is the processor time that a process has used, over all its threads, in
// nanoseconds where the kernel tells them. It is an error where there is no
// /proc.
func CPU(pid int) (time.Duration, error) {
	dir := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("processor time is not known here: %w", err)
	}
	var sum time.Duration
	for _, thread := range threads {
		text, err := os.ReadFile(dir + "/" + thread.Name() + "/schedstat")
		if os.IsNotExist(err) {
			continue // it has ended
		}
		if err != nil {
			return 0, fmt.Errorf("processor time is not known here: %w", err)
		}
		ns, err := parseSchedstat(string(text))
		if err != nil {
			return 0, err
		}
		sum += ns
	}
	return sum, nil
}

func parseSchedstat(text string) (time.Duration, error) {
	var ns int64
	if _, err := fmt.Sscan(text, &ns); err != nil {
		return 0, fmt.Errorf("schedstat says %q: %w", text, err)
	}
	return time.Duration(ns), nil
}

// Memory is what a process holds, in MiB.
type Memory struct {
	RSS  float64 // in memory now, mapped files included
	Peak float64 // of RSS
	Anon float64 // its own, without mapped files
}

// MemoryOf reads it. It is an error where there is no /proc.
func MemoryOf(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, fmt.Errorf("memory is not known here: %w", err)
	}
	return parseStatus(string(text))
}

func parseStatus(text string) (m Memory, err error) {
	fields := map[string]*float64{"VmRSS:": &m.RSS, "VmHWM:": &m.Peak, "RssAnon:": &m.Anon}
	found := 0
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || fields[words[0]] == nil {
			continue
		}
		var kib float64
		if _, err := fmt.Sscan(words[1], &kib); err != nil {
			return m, fmt.Errorf("status says %q: %w", line, err)
		}
		*fields[words[0]] = kib / 1024
		found++
	}
	if found != len(fields) {
		return m, fmt.Errorf("the kernel does not tell how much memory the process holds")
	}
	return m, nil
}
