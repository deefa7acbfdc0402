// Package httpauth lets HTTP servers and proxies ask whether a request brings
// a good key.
//
// A Go program guards its own handlers with [Middleware]. A proxy asks
// [ForwardAuth] before it passes a request on. Any other program asks
// [VerifyAPI] or [Introspection], with a management key of its own. All of
// them make the same decision, that of a [verify.Verifier].
//
// What it refuses: an X-Forwarded-For that cannot be read, from a proxy that
// is trusted; two Authorization or two X-API-Key headers in one request (of one
// of each kind, Authorization: Bearer counts); a demand that is no scope; to
// believe anything that a peer says of others unless it is named in
// [TrustProxies].
// What it promises: who does not hold the secret learns nothing but "not
// valid"; no key string is in a log, an error or an answer; whatever the
// answer, all X-Pakdeck headers are in it, so that a client cannot smuggle
// its own through a proxy that copies them.
//
// Failed attempts are limited by network ([Throttle]). A proxy is then told
// 401 with Retry-After, not 429: the auth_request of nginx passes on 401 and
// 403 and makes a 500 of every other status.
//
// # Telling clients in time
//
// A key that ends surprises nobody if every answer says when. X-Pakdeck-Expires-In
// has the seconds until the key expires, X-Pakdeck-Rotate-By the day from which on
// the client should use a newer key string. A proxy can pass both on to the client,
// and [TellClient] makes [Middleware] do so; in nginx:
//
//	auth_request_set $pakdeck_expires_in $upstream_http_x_pakdeck_expires_in;
//	auth_request_set $pakdeck_rotate_by  $upstream_http_x_pakdeck_rotate_by;
//	add_header X-Pakdeck-Expires-In $pakdeck_expires_in always;   # none if it is empty
//	add_header X-Pakdeck-Rotate-By  $pakdeck_rotate_by  always;
//
// # Proxies
//
// These are the essential lines; /auth is [ForwardAuth] as "pakdeck serve"
// offers it. Name the proxy in --trusted-proxy, or "unix" for a unix socket.
// Take care of two things: the proxy must overwrite or remove the X-Pakdeck
// headers of the client, also where ours are empty, and must pass on the
// address that it sees itself in X-Forwarded-For. To an API behind CGI or WSGI
// X_Pakdeck_User is X-Pakdeck-User: nginx drops names with underscores by
// itself, Caddy and HAProxy are told to below, and Envoy has
// headers_with_underscores_action for it.
//
// nginx (run in the tests; the whole of it, with scopes, streaming and the
// access log, is cmd/pakdeck/internal/e2e/testdata/nginx.conf):
//
//	location / {
//	    auth_request /_pakdeck;
//	    auth_request_set $pakdeck_user $upstream_http_x_pakdeck_user;
//	    proxy_set_header X-Pakdeck-User $pakdeck_user;   # and the other six
//	    proxy_set_header Authorization "";               # the key stays here,
//	    proxy_set_header X-API-Key "";                   # whichever header it came in
//	    proxy_pass http://api;
//	}
//	location = /_pakdeck {
//	    internal;
//	    proxy_pass http://pakdeck/auth;                  # or /auth?scope=chat:write
//	    proxy_pass_request_body off;
//	    proxy_set_header Content-Length "";
//	    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
//	    proxy_set_header X-Original-Method $request_method;
//	    proxy_set_header X-Original-URI $request_uri;
//	    proxy_set_header X-Forwarded-Method "";
//	    proxy_set_header X-Forwarded-Uri "";
//	}
//
// Caddy (run in the tests: testdata/Caddyfile). Versions differ in what they
// do with an empty header, so the client's are removed first, which needs
// route; "?" drops the query of the client:
//
//	route {
//	    request_header -X-Pakdeck-*
//	    request_header -*_*
//	    forward_auth unix//run/pakdeck/auth.sock {
//	        uri /auth?
//	        copy_headers X-Pakdeck-Key-Id X-Pakdeck-Key-Name X-Pakdeck-User X-Pakdeck-Scopes X-Pakdeck-Expires-In X-Pakdeck-Rotate-By X-Pakdeck-Reason
//	    }
//	    reverse_proxy 127.0.0.1:8000
//	}
//
// HAProxy (run in the tests: testdata/haproxy.cfg and pakdeck.lua, which asks
// over HAProxy's own HTTP client):
//
//	global
//	    lua-load /etc/haproxy/pakdeck.lua
//	frontend api
//	    http-request del-header _ -m sub
//	    http-request lua.pakdeck scope=chat:write if { path_beg /v1/chat/ }
//	    http-request lua.pakdeck - unless { path_beg /v1/chat/ }
//
// Traefik (not run in the tests):
//
//	http:
//	  middlewares:
//	    pakdeck:
//	      forwardAuth:
//	        address: http://127.0.0.1:7425/auth
//	        authResponseHeadersRegex: ^X-Pakdeck-
//
// Envoy (not run in the tests) sends the client's own method and path behind a
// prefix, which [ExtAuthz] takes; scopes are for the API to check:
//
//	http_filters:
//	- name: envoy.filters.http.ext_authz
//	  typed_config:
//	    "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
//	    failure_mode_allow: false
//	    allowed_headers: {patterns: [{exact: authorization}, {exact: x-api-key}, {exact: x-forwarded-for}, {exact: user-agent}]}
//	    http_service:
//	      server_uri: {uri: http://127.0.0.1:7425, cluster: pakdeck, timeout: 1s}
//	      path_prefix: /auth
//	      authorization_response:
//	        allowed_upstream_headers: {patterns: [{prefix: x-pakdeck-}]}
//	        allowed_client_headers: {patterns: [{exact: www-authenticate}, {exact: retry-after}]}
package httpauth
