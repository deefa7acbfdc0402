package server

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

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

func TestABodyWithoutAStatusTakesTheHeadersAlong(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &http.Server{ConnContext: laneContext, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = inLane(w, r)
		w.Header().Set("X-Lane", "yes")
		fmt.Fprint(w, "hello")
	})}
	go func() { _ = s.Serve(lanes{ln}) }()
	t.Cleanup(func() { _ = s.Close() })
	answer, err := http.Get("http://" + ln.Addr().String())
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "hello" || answer.Header.Get("X-Lane") != "yes" {
		t.Errorf("%q %v, %v", body, answer.Header, err)
	}
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
