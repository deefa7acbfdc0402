package httpauth_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// A program guards its own handler: no proxy and no other server is needed.
func ExampleMiddleware() {
	ctx, stop := context.WithCancel(context.Background())
	folder, err := os.MkdirTemp("", "pakdeck-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	store, key := storeWithAKey(ctx, filepath.Join(folder, "store.db"))
	defer store.Close()

	// Run follows changes of the store (a revoked key is refused at once) and
	// counts the uses of each key; with Options.Record of audit/usage it also
	// keeps who used it and when. Wait for it at the end: it writes the last
	// uses then.
	verifier, err := verify.New(ctx, store, verify.Options{})
	if err != nil {
		log.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- verifier.Run(ctx) }()
	defer func() { stop(); <-ended }()

	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := httpauth.FromContext(r.Context())
		fmt.Fprintf(w, "hello %s, you use the key %s\n", who.UserName, who.KeyName)
	})
	guard := httpauth.Middleware(verifier,
		httpauth.RequireScope("chat:write"),
		httpauth.WithThrottle(httpauth.NewThrottle(60)))
	server := httptest.NewServer(guard(hello))
	defer server.Close()

	fmt.Print(get(server.URL, key))
	fmt.Print(get(server.URL, "pak_mistyped"))
	// Output:
	// 200 hello build-bot, you use the key ci-deploy
	// 401 {"error":"invalid_token","error_description":"the key is not valid"}
}

// A handler that asks who is there needs no key in its own tests.
func ExampleNewContext() {
	hello := func(w http.ResponseWriter, r *http.Request) {
		who, _ := httpauth.FromContext(r.Context())
		fmt.Fprintln(w, who.UserName, who.May("chat:write"))
	}
	ctx := httpauth.NewContext(context.Background(), httpauth.Identity{UserName: "build-bot", Scopes: []keystore.Scope{"chat:*"}})
	w := httptest.NewRecorder()
	hello(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	fmt.Print(w.Body)
	// Output: build-bot true
}

// storeWithAKey does what "pakdeck init", "user add" and "key create" do.
func storeWithAKey(ctx context.Context, path string) (*keystore.Store, string) {
	store, err := keystore.Create(ctx, path, keystore.CreateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	user, err := store.AddUser(ctx, keystore.NewUser{Name: "build-bot", Permissions: []keystore.Scope{"chat:*"}})
	if err != nil {
		log.Fatal(err)
	}
	_, key, err := store.CreateKey(ctx, keystore.NewKey{User: user.ID, Name: "ci-deploy"})
	if err != nil {
		log.Fatal(err)
	}
	return store, key.Reveal()
}

func get(url, key string) string {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	return fmt.Sprint(answer.StatusCode, " ", string(body))
}
