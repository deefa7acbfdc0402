package main

import (
	"context"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore/journal"
)

// A checkpoint comes back out of the line that syslog got.
func TestSyslogGetsWholeCheckpoints(t *testing.T) {
	b := newBench(t).filled()
	path := filepath.Join(t.TempDir(), "log")
	daemon, err := net.ListenPacket("unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan result, 1)
	go func() {
		served <- b.runWith(ctx, "", "serve", "--listen", "unix:"+filepath.Join(t.TempDir(), "s"), "--syslog", "unix:"+path)
	}()
	buffer := make([]byte, 4096)
	if err := daemon.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	n, _, err := daemon.ReadFrom(buffer)
	cancel()
	if r := <-served; err != nil || r.code != exitOK && r.code != exitInterrupted {
		t.Fatalf("%v, %+v", err, r)
	}
	line := string(buffer[:n])
	note := regexp.MustCompile(`checkpoint 4:[0-9a-f]{8} note="(.*)"`).FindStringSubmatch(line)
	if note == nil {
		t.Fatalf("syslog got %q", line)
	}
	c, err := journal.ParseCheckpoint([]byte(strings.ReplaceAll(note[1], `\n`, "\n")), b.open().Verifier())
	if err != nil || c.Size != 4 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestServeAsksItsWitness(t *testing.T) {
	b := newBench(t).filled()
	state := filepath.Join(t.TempDir(), "witness.json")
	key := strings.TrimSpace(b.must("witness", "init", "w1", "--state", state))
	b.must("witness", "trust", strings.TrimSpace(b.must("audit", "checkpoint", "--key")), "--state", state)
	f := publishFlags{witness: "http://127.0.0.1:1", witnessKey: key}
	if _, err := f.publishers(b.open()); err != nil {
		t.Fatal(err)
	}
	f.witnessKey = ""
	if _, err := f.publishers(b.open()); err == nil {
		t.Error("a witness without a key is asked")
	}
}
