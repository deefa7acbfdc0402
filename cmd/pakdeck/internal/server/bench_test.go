package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
)

// BenchmarkAuth compares /auth over loopback with a net/http handler that
// only answers 204. Both get the same requests on the same number of
// connections. Every turn of one stands between two of the other, so that
// noise meets both; "ratio" is the quotient of their requests per second, the
// median over all turns.
//
// The clients differ in what they cost themselves: that of net/http is what a
// Go program or load generator has, the raw one does as little as can be done
// and leaves nearly the whole time to the servers.
func BenchmarkAuth(b *testing.B) {
	bare := bareServer(b)
	auth, key := authServer(b)
	header := http.Header{
		"User-Agent": {"curl/8.5.0"}, "Accept": {"*/*"}, "Authorization": {"Bearer " + key}, "X-Forwarded-For": {"203.0.113.7"},
		"X-Original-Method": {"POST"}, "X-Original-Uri": {"/v1/chat/completions"},
	}
	for _, client := range []struct {
		name string
		dial func(*testing.B, string, http.Header) asker
	}{{"client=net-http", newGoClient}, {"client=raw", newRawClient}} {
		for _, connections := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/connections=%d", client.name, connections), func(b *testing.B) {
				var one, other []asker
				for range connections {
					one, other = append(one, client.dial(b, auth, header)), append(other, client.dial(b, bare, header))
				}
				compare(b, one, other)
			})
		}
	}
}

// compare lets two sets of clients ask in turns.
func compare(b *testing.B, auth, bare []asker) {
	const turn = 80
	send(b, auth, turn)
	send(b, bare, turn)
	var authTimes, bareTimes, ratios []float64
	for b.Loop() {
		before, asked, after := send(b, bare, turn), send(b, auth, turn), send(b, bare, turn)
		authTimes, bareTimes = append(authTimes, asked), append(bareTimes, before, after)
		ratios = append(ratios, (before+after)/2/asked)
	}
	b.ReportMetric(turn/median(authTimes), "auth/s")
	b.ReportMetric(turn/median(bareTimes), "204/s")
	b.ReportMetric(median(ratios), "ratio")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func bareServer(b *testing.B) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})}
	go func() { _ = srv.Serve(ln) }()
	b.Cleanup(func() { _ = srv.Close() })
	return ln.Addr().String()
}

// authServer runs the real server with a key that has address rules.
func authServer(b *testing.B) (addr, key string) {
	ctx, cancel := context.WithCancel(context.Background())
	st, err := keystore.Create(ctx, filepath.Join(b.TempDir(), "store.db"), keystore.CreateOptions{})
	if err != nil {
		b.Fatal(err)
	}
	u, err := st.AddUser(ctx, keystore.NewUser{Name: "bot", Permissions: []keystore.Scope{"chat:*"}})
	if err != nil {
		b.Fatal(err)
	}
	_, secret, err := st.CreateKey(ctx, keystore.NewKey{User: u.ID, Name: "ci deploy", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		b.Fatal(err)
	}
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- Run(ctx, st, Config{
			Listen: "127.0.0.1:0", TrustedProxies: []string{"127.0.0.1"},
			Ready: func(a net.Addr) { ready <- a },
		})
	}()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	select {
	case a := <-ready:
		return a.String(), secret.Reveal()
	case err := <-ended:
		b.Fatal(err)
	}
	return "", ""
}

// asker asks one question on a connection that is kept alive. The answer must
// be 200 or 204.
type asker func() error

// send shares n questions among askers and returns the seconds it took.
func send(b *testing.B, list []asker, n int) float64 {
	var all sync.WaitGroup
	began := time.Now()
	for _, ask := range list {
		all.Go(func() {
			for range n / len(list) {
				if err := ask(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began).Seconds()
}

func newGoClient(b *testing.B, addr string, header http.Header) asker {
	transport := &http.Transport{}
	b.Cleanup(transport.CloseIdleConnections)
	request, err := http.NewRequest(http.MethodGet, "http://"+addr+"/auth", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header = header
	return func() error {
		answer, err := transport.RoundTrip(request)
		if err != nil {
			return err
		}
		if answer.StatusCode > 204 {
			return fmt.Errorf("answer %s", answer.Status)
		}
		return answer.Body.Close()
	}
}

func newRawClient(b *testing.B, addr string, header http.Header) asker {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	var request bytes.Buffer
	request.WriteString("GET /auth HTTP/1.1\r\nHost: pakdeck\r\n")
	_ = header.Write(&request)
	request.WriteString("\r\n")
	r := bufio.NewReader(conn)
	return func() error {
		if _, err := conn.Write(request.Bytes()); err != nil {
			return err
		}
		return readAnswer(r)
	}
}

// readAnswer reads the head of an answer without a body.
func readAnswer(r *bufio.Reader) error {
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 20")) {
			return fmt.Errorf("answer %q", line)
		}
		if len(line) == 2 {
			return nil
		}
	}
}
