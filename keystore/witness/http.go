package witness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// maxRequest bounds a request, in bytes: 63 hashes and a checkpoint with the
// signatures of many witnesses.
const maxRequest = 64 << 10

// sizeType is the media type of the size in a 409 answer.
const sizeType = "text/x.tlog.size"

// Handler serves POST /add-checkpoint. warn is told of failures that are not the
// client's.
func (w *Witness) Handler(warn func(error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxRequest))
		if err != nil {
			http.Error(rw, "the request is too long or broke off", http.StatusBadRequest)
			return
		}
		line, err := w.Add(body)
		if err != nil {
			answer(rw, err, warn)
			return
		}
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(rw, line)
	})
	return mux
}

func answer(rw http.ResponseWriter, err error, warn func(error)) {
	r, ok := errors.AsType[*Refusal](err)
	switch {
	case !ok:
		warn(err)
		http.Error(rw, "the witness cannot work now", http.StatusInternalServerError)
	case r.stale:
		rw.Header().Set("Content-Type", sizeType)
		rw.WriteHeader(r.Status)
		_, _ = fmt.Fprintf(rw, "%s\n", strconv.FormatInt(r.Size, 10))
	default:
		http.Error(rw, r.Text, r.Status)
	}
}
