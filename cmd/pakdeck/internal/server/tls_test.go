package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificate writes a self-signed certificate for an address and returns the
// files and the pool that trusts it.
func (f fixture) certificate(ip string) (cert, key string, pool *x509.CertPool) {
	f.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(f.t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(ip)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	must(f.t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	must(f.t, err)
	cert, key = filepath.Join(f.folder, "cert.pem"), filepath.Join(f.folder, "key.pem")
	must(f.t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(f.t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	must(f.t, err)
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return cert, key, pool
}

func TestWithTLSEveryAddressMayBeListenedOn(t *testing.T) {
	f := newFixture(t)
	cert, key, pool := f.certificate("127.0.0.1")
	r := f.run(Config{Listen: "0.0.0.0:0", TLSCert: cert, TLSKey: key})
	_, port, err := net.SplitHostPort(r.addr.String())
	must(t, err)
	for _, h2 := range []bool{false, true} {
		client := &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: h2, DisableKeepAlives: true,
		}}
		request, err := http.NewRequest(http.MethodGet, "https://127.0.0.1:"+port+"/auth", nil)
		must(t, err)
		request.Header.Set("Authorization", "Bearer "+f.key)
		answer, err := client.Do(request)
		must(t, err)
		_ = answer.Body.Close()
		if answer.StatusCode != 200 || answer.Header.Get("X-Pakdeck-User") != "bot" {
			t.Errorf("%s: %d %v", answer.Proto, answer.StatusCode, answer.Header)
		}
	}
	plain, err := http.Get("http://127.0.0.1:" + port + "/healthz")
	if err == nil {
		_ = plain.Body.Close()
		if plain.StatusCode == 200 {
			t.Error("answered without TLS")
		}
	}
}

func TestAnInsecureAddressCanBeAskedFor(t *testing.T) {
	f := newFixture(t)
	r := f.run(Config{Listen: "0.0.0.0:0", InsecureListen: true})
	if status, _, _ := r.ask("GET", "/healthz", ""); status != 200 {
		t.Errorf("%d", status)
	}
}
