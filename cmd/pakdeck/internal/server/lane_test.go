package server

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// plain returns the answer of the handler without a lane.
func (f fixture) plain(v *verify.Verifier, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	httpauth.ForwardAuth(v).ServeHTTP(w, r)
	return w.Result()
}

// conversation is one connection to the server, kept alive.
type conversation struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func (r running) talk() conversation {
	r.t.Helper()
	conn, err := net.Dial(r.addr.Network(), r.addr.String())
	must(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	return conversation{r.t, conn, bufio.NewReader(conn)}
}

func (c conversation) say(text string) {
	c.t.Helper()
	_, err := io.WriteString(c.conn, text)
	must(c.t, err)
}

// hear reads one answer to a request with the given method.
func (c conversation) hear(method string) (*http.Response, string) {
	c.t.Helper()
	answer, err := http.ReadResponse(c.r, &http.Request{Method: method})
	must(c.t, err)
	body, err := io.ReadAll(answer.Body)
	must(c.t, err)
	return answer, string(body)
}

func get(path, key string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n\r\n"
}

func TestALaneAnswersWhatTheHandlerAnswers(t *testing.T) {
	f := newFixture(t)
	v, err := verify.New(t.Context(), f.Store, verify.Options{})
	must(t, err)
	r := f.run(Config{Listen: "unix:" + filepath.Join(f.folder, "s")})
	c := r.talk()
	for _, path := range []string{"/auth", "/auth?scope=chat:read", "/auth?scope=admin:all", "/auth?scop=x"} {
		for _, key := range []string{f.key, "junk", f.key, f.manager} {
			request := httptest.NewRequest(http.MethodGet, path, nil)
			request.Header.Set("Authorization", "Bearer "+key)
			want := f.plain(v, request)
			wanted, _ := io.ReadAll(want.Body)
			c.say(get(path, key))
			got, body := c.hear(http.MethodGet)
			got.Header.Del("Date")
			got.Header.Del("Content-Length")
			if got.StatusCode != want.StatusCode || body != string(wanted) || !maps.EqualFunc(got.Header, want.Header, slices.Equal) {
				t.Errorf("%s: %d %v %q, want %d %v %q", path, got.StatusCode, got.Header, body, want.StatusCode, want.Header, wanted)
			}
		}
	}
}

// Answers on one connection follow each other: none may have a header of
// another, whatever the routes and however close they come.
func TestAnswersOnOneLaneDoNotMix(t *testing.T) {
	f := newFixture(t)
	c := f.run(Config{Listen: "127.0.0.1:0"}).talk()
	const rounds = 20
	head := "HEAD /auth HTTP/1.1\r\nHost: x\r\nX-API-Key: " + f.key + "\r\n\r\n"
	c.say(strings.Repeat(get("/auth", f.key)+get("/auth", "junk")+get("/healthz", "")+head+get("/auth/v1", f.key), rounds))
	for range rounds {
		for _, want := range []struct {
			method string
			status int
			user   []string
			body   string
		}{
			{"GET", 200, []string{"bot"}, ""},
			{"GET", 401, []string{""}, `"invalid_token"`},
			{"GET", 200, nil, "ok"},
			{"HEAD", 200, []string{"bot"}, ""},
			{"GET", 200, []string{"bot"}, ""},
		} {
			got, body := c.hear(want.method)
			if got.StatusCode != want.status || !slices.Equal(got.Header["X-Pakdeck-User"], want.user) || !strings.Contains(body, want.body) {
				t.Fatalf("%d %v %q, want %+v", got.StatusCode, got.Header, body, want)
			}
		}
	}
}

func TestALaneEndsWithItsConnection(t *testing.T) {
	f := newFixture(t)
	c := f.run(Config{Listen: "127.0.0.1:0"}).talk()
	c.say("GET /auth HTTP/1.0\r\nX-API-Key: " + f.key + "\r\n\r\n")
	got, _ := c.hear(http.MethodGet)
	if got.StatusCode != 200 || got.Header.Get("X-Pakdeck-User") != "bot" || !got.Close {
		t.Errorf("HTTP/1.0: %d %v", got.StatusCode, got.Header)
	}
	if _, err := c.r.ReadByte(); err != io.EOF {
		t.Errorf("after the answer: %v", err)
	}
}

// pipes is a listener for connections that know the time of a bubble.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// from is a connection from another end.
type from struct {
	net.Conn
	addr net.TCPAddr
}

func (f *from) RemoteAddr() net.Addr { return &f.addr }

// bubble gives connections to the server in which waiting takes no time.
func bubble(t *testing.T, test func(f fixture, dial func() conversation)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		s, err := newServer(t.Context(), f.Store, Config{}.withDefaults())
		must(t, err)
		ln, ended := make(pipes), make(chan error)
		go func() { ended <- s.serve(ln) }()
		test(f, func() conversation {
			here, there := net.Pipe()
			ln <- &from{there, net.TCPAddr{IP: net.IPv6loopback}}
			return conversation{t, here, bufio.NewReader(here)}
		})
		must(t, s.http.Close())
		must(t, <-ended)
	})
}

// cutAfter returns how long the server lets the client be silent.
func (c conversation) cutAfter() time.Duration {
	c.t.Helper()
	began := time.Now()
	if b, err := c.r.ReadByte(); err == nil {
		c.t.Errorf("it says %q", b)
	}
	return time.Since(began)
}

func TestWhoIsSlowOrIdleOnALaneIsCutOff(t *testing.T) {
	bubble(t, func(f fixture, dial func() conversation) {
		within := func(what string, got, want time.Duration) {
			if got > want || got < want-time.Duration(slack) {
				t.Errorf("%s: cut off after %v, want %v", what, got, want)
			}
		}
		whole := get("/healthz", "")
		silent := dial()
		within("nothing said", silent.cutAfter(), readTimeout)
		idle := dial()
		for range 5 {
			idle.say(whole)
			idle.hear(http.MethodGet)
			time.Sleep(idleTimeout - 2*time.Duration(slack))
		}
		idle.say(whole)
		idle.hear(http.MethodGet)
		within("nothing to ask", idle.cutAfter(), idleTimeout)
		half := dial()
		half.say(whole + whole[:len(whole)-9])
		half.hear(http.MethodGet)
		within("half a request", half.cutAfter(), readTimeout)
		trickle := dial()
		trickle.say(whole[:30])
		began := time.Now()
		for _, err := io.WriteString(trickle.conn, "x"); err == nil; _, err = io.WriteString(trickle.conn, "x") {
			time.Sleep(time.Second / 2)
		}
		within("two bytes a second", time.Since(began)-time.Second/2, readTimeout)
		body := dial()
		body.say("POST /v1/verify HTTP/1.1\r\nHost: x\r\nX-API-Key: " + f.manager + "\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
		began = time.Now()
		body.hear(http.MethodPost)
		within("half a body", time.Since(began), readTimeout)
	})
}

// A buffer that is full but for one byte makes net/http read one byte.
func TestAReadOfOneByteIsARead(t *testing.T) {
	bubble(t, func(_ fixture, dial func() conversation) {
		filler := "GET /healthz?" + strings.Repeat("x", 8000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
		for n := 4090; n <= 4100; n++ {
			c := dial()
			c.say(filler[:n])
			c.say(filler[n:])
			if answer, body := c.hear(http.MethodGet); answer.StatusCode != 200 {
				t.Fatalf("%d bytes: %d %s", n, answer.StatusCode, body)
			}
		}
	})
}

func TestADeadlineEndsAReadUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, there := net.Pipe()
		l := &lane{Conn: there, born: time.Now()}
		ended := make(chan error)
		go func() { _, err := l.Read(make([]byte, 9)); ended <- err }()
		synctest.Wait()
		must(t, l.SetReadDeadline(time.Unix(1, 0)))
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

func TestAWriteThatFailsIsToldAndForgotten(t *testing.T) {
	l := &lane{Conn: brokenConn{}, head: []byte("X-A: b\r\n")}
	if n, err := l.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); n != 0 || err != iotest.ErrTimeout {
		t.Errorf("%d, %v", n, err)
	}
	if len(l.head) != 0 {
		t.Error("the headers wait for another answer")
	}
}

type brokenConn struct{ net.Conn }

func (brokenConn) Write([]byte) (int, error) { return 0, iotest.ErrTimeout }
