package term

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// sshd is an OpenSSH server on loopback that lets one key in.
type sshd struct {
	t      *testing.T
	folder string
	port   int
}

// tool finds a program that may lie where only root looks.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if path := filepath.Join(dir, name); dir != "" {
			if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path
			}
		}
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func startSSHD(t *testing.T) *sshd {
	t.Helper()
	server, keygen := tool(t, "sshd"), tool(t, "ssh-keygen")
	tool(t, "ssh")
	s := &sshd{t: t, folder: t.TempDir(), port: freePort(t)}
	for _, name := range []string{"host", "client"} {
		if out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", s.path(name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	s.write("authorized", s.read("client.pub"))
	s.write("known", fmt.Sprintf("[127.0.0.1]:%d %s", s.port, s.read("host.pub")))
	s.write("config", strings.Join([]string{
		"ListenAddress 127.0.0.1", "Port " + strconv.Itoa(s.port), "HostKey " + s.path("host"),
		"AuthorizedKeysFile " + s.path("authorized"), "PidFile none", "StrictModes no", "UsePAM no",
		"PermitRootLogin yes", "PasswordAuthentication no", "PubkeyAuthentication yes",
	}, "\n")+"\n")
	separation(t)
	cmd := exec.Command(server, "-D", "-e", "-f", s.path("config"))
	log, err := os.Create(s.path("log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
	})
	poll(t, "the SSH server", func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.port))
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, func() string { return s.read("log") })
	return s
}

// separation makes the folder that a server of root's wants, as the start
// script of the package does.
func separation(t *testing.T) {
	t.Helper()
	const folder = "/run/sshd"
	if _, err := os.Stat(folder); err == nil || os.Getuid() != 0 {
		return
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Skipf("sshd needs %s: %v", folder, err)
	}
	t.Cleanup(func() { _ = os.Remove(folder) })
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *sshd) path(name string) string { return filepath.Join(s.folder, name) }

func (s *sshd) read(name string) string {
	b, err := os.ReadFile(s.path(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

func (s *sshd) write(name, text string) {
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// dashboard opens the dashboard over SSH. The file pid tells its process.
func (s *sshd) dashboard(c cli, w, h int) *terminal {
	s.t.Helper()
	me, err := user.Current()
	if err != nil {
		s.t.Skip(err)
	}
	line := "echo $$ > " + s.path("pid") + "; exec env " + shell(append(c.env(), binary))
	return onTerminal(
		s.t, w, h, c.env(), "ssh", "-tt", "-F", "none", "-p", strconv.Itoa(s.port), "-i", s.path("client"),
		"-o", "UserKnownHostsFile="+s.path("known"), "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes",
		"-o", "IdentityAgent=none", "-o", "LogLevel=ERROR", me.Username+"@127.0.0.1", line,
	)
}

// gone waits until the process of the dashboard has ended.
func (s *sshd) gone() {
	s.t.Helper()
	pid, err := strconv.Atoi(strings.TrimSpace(s.read("pid")))
	if err != nil {
		s.t.Fatal(err)
	}
	poll(s.t, "the end of the dashboard", func() bool { return syscall.Kill(pid, 0) != nil })
}

func TestADroppedConnectionLosesNothingButTheSecret(t *testing.T) {
	server, c := startSSHD(t), issuer(t)
	first := server.dashboard(c, 100, 30)
	w := work{t, c, first}
	first.see("No keys yet")
	first.press("n")
	first.see("Owner", "Name", "Description", "build-bot") // the only user there is
	first.typed("ci-deploy")
	first.see("ci-deploy")
	first.press("Enter")
	first.see(">2 Scopes")
	first.press("Enter")
	first.see(">3 Expiry")
	first.press("C-s")
	first.see("kept as a draft: build-bot/ci-deploy")
	first.drop()
	server.gone()
	if keys := c.ok("key", "list"); strings.Contains(keys, "ci-deploy") {
		t.Errorf("a key was written:\n%s", keys)
	}

	second := server.dashboard(c, 80, 24)
	w.s = second
	second.see("No keys yet")
	second.press("n")
	second.see("Go on with your draft?", "build-bot/ci-deploy")
	w.answer("y", "Go on with your draft?")
	second.see(">3 Expiry")
	for _, step := range []string{">4 Network", ">5 Review"} {
		second.press("Enter")
		second.see(step)
	}
	second.see("nothing stands against it", "ci-deploy")
	second.press("Enter")
	screen := second.see("Key created", "shown once", "hides in 5")
	secret := keyString.FindString(screen)
	second.press("c")
	poll(t, "the copied key", func() bool { return copied(second.bytes(), secret) })
	second.see("sent to your terminal")
	w.stored()
	c.works(secret)
	second.press("q")
	server.gone()
	if log := server.read("log"); keyString.MatchString(log) {
		t.Error("the log of the server holds a key string")
	}
}

func TestTheTasksOfADayOverSSH(t *testing.T) {
	server, c := startSSHD(t), issuer(t)
	w := work{t, c, server.dashboard(c, 100, 30)}
	w.create()
	w.find()
	w.restrict()
	w.pasteList()
	w.disable()
	w.clone()
	w.revoke()
	w.changeUser()
	w.s.press("q")
	server.gone()
}
