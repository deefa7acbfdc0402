package witness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
)

// Client asks a witness to vouch for the journal of a store.
type Client struct {
	url     string
	witness journal.Witness
	http    *http.Client
}

// askTimeout bounds one request to a witness.
const askTimeout = 20 * time.Second

// NewClient returns a client of the witness at a URL, whose public key is vkey.
func NewClient(rawURL, vkey string) (*Client, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a witness; write one such as https://witness.example", rawURL)
	}
	w, err := journal.NewWitness(vkey)
	if err != nil {
		return nil, err
	}
	return &Client{strings.TrimSuffix(rawURL, "/") + "/add-checkpoint", w, &http.Client{Timeout: askTimeout}}, nil
}

// Cosign sends the newest checkpoint of a store to the witness, with the proof
// that it continues what the witness has seen, and returns it with the
// cosignature. A witness that has seen a longer or another journal refuses: then
// the store was rolled back, or forked.
func (c *Client) Cosign(ctx context.Context, st *keystore.Store) (journal.Checkpoint, error) {
	old := int64(0)
	for range 3 { // a witness that others use too may move on between two tries
		p, err := st.ProveSince(ctx, old)
		if err != nil {
			return journal.Checkpoint{}, fmt.Errorf("witness %s: %w", c.witness.Name(), err)
		}
		status, body, err := c.post(ctx, p.Encode())
		if err != nil {
			return journal.Checkpoint{}, fmt.Errorf("witness %s: %w", c.witness.Name(), err)
		}
		seen, err := strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
		switch {
		case status == http.StatusOK:
			return c.witness.Accept(p.Checkpoint, body)
		case status == http.StatusConflict && err == nil && seen != old:
			old = seen
			continue
		}
		return journal.Checkpoint{}, fmt.Errorf("witness %s refuses checkpoint %s (status %d): %.200q",
			c.witness.Name(), p.Checkpoint.Short(), status, strings.TrimSpace(string(body)))
	}
	return journal.Checkpoint{}, fmt.Errorf("witness %s moves on too fast; try again", c.witness.Name())
}

func (c *Client) post(ctx context.Context, request []byte) (status int, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(request))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxRequest))
	return answer.StatusCode, body, err
}
