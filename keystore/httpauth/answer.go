package httpauth

import (
	"encoding/json"
	"net/http"
)

// errorBody is the JSON of every error, in the form of RFC 6749 section 5.2.
type errorBody struct {
	Code string `json:"error"`
	Text string `json:"error_description"`
}

// answerRefusal writes the status and the JSON body of a refusal whose
// headers are set.
func answerRefusal(w http.ResponseWriter, _ *http.Request, no Refusal) {
	answerJSON(w, no.Status, errorBody{no.Code, no.Text})
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["Cache-Control"] = []string{"no-store"}
	b, err := json.Marshal(body)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
}
