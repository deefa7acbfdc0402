package e2e

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// proxy is a running proxy.
type proxy struct {
	base string // its URL
	logs func() string
}

// find returns the program, or skips the test.
func find(t testing.TB, name string) string {
	t.Helper()
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	t.Skip(name + " is not installed")
	return ""
}

// config writes a configuration of testdata with paths and ports replaced:
// old, new, old, new. Every old text must be there.
func (w *world) config(name string, replace ...string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	must(w.t, err)
	for i := 0; i < len(replace); i += 2 {
		if !bytes.Contains(text, []byte(replace[i])) {
			w.t.Fatalf("%s does not hold %q", name, replace[i])
		}
	}
	path := filepath.Join(w.folder, name)
	must(w.t, os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600))
	return path
}

// run starts a program that listens on addr and ends it with the test.
func (w *world) run(addr string, name string, args ...string) proxy {
	w.t.Helper()
	var mu sync.Mutex
	var out bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir = w.folder
	cmd.Env = append(os.Environ(), "HOME="+w.folder, "XDG_DATA_HOME="+w.folder, "XDG_CONFIG_HOME="+w.folder)
	cmd.Stdout = writer(func(b []byte) { mu.Lock(); defer mu.Unlock(); out.Write(b) })
	cmd.Stderr = cmd.Stdout
	must(w.t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	logs := func() string { mu.Lock(); defer mu.Unlock(); return out.String() }
	w.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if w.t.Failed() {
			w.t.Logf("%s said:\n%s", name, logs())
		}
	})
	eventually(w.t, 10*time.Second, name+" listens", func() bool {
		select {
		case <-ended:
			w.t.Fatalf("%s ended before it listened", name)
		default:
		}
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return proxy{"http://" + addr, logs}
}

type writer func([]byte)

func (f writer) Write(b []byte) (int, error) { f(b); return len(b), nil }

// nginx runs nginx with the recommended configuration.
func (w *world) nginx() proxy {
	w.t.Helper()
	program, addr := find(w.t, "nginx"), freeAddr(w.t)
	site := w.config("nginx.conf",
		"/run/pakdeck/auth.sock", w.socket(),
		"127.0.0.1:8000", w.api.Listener.Addr().String(),
		"listen 8080", "listen "+addr,
		"/var/log/nginx/api.log", filepath.Join(w.folder, "api.log"))
	main := filepath.Join(w.folder, "main.conf")
	must(w.t, os.WriteFile(main, []byte(`daemon off;
master_process off;
pid `+w.folder+`/nginx.pid;
error_log stderr notice;
events {}
http {
    client_body_temp_path `+w.folder+`/body;
    proxy_temp_path `+w.folder+`/proxy;
    fastcgi_temp_path `+w.folder+`/fastcgi;
    uwsgi_temp_path `+w.folder+`/uwsgi;
    scgi_temp_path `+w.folder+`/scgi;
    include `+site+`;
}
`), 0o600))
	return w.run(addr, program, "-p", w.folder, "-c", main, "-e", "stderr")
}
