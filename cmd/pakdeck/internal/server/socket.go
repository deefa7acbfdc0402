package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// mostPath is how long the path of a socket may be, in bytes.
const mostPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// socket is a unix socket to listen on.
type socket struct {
	path string
	mode fs.FileMode
	gid  int // -1: as it comes
}

// parseSocket reads PATH?mode=0660&group=www-data. Both parameters may be
// left out: then only the owner can connect.
func parseSocket(spec string) (socket, error) {
	path, query, _ := strings.Cut(spec, "?")
	s := socket{path: path, mode: 0o600, gid: -1}
	if path == "" {
		return s, errors.New("listen address unix: lacks a path, such as unix:/run/pakdeck/auth.sock")
	}
	if len(path) > mostPath {
		return s, fmt.Errorf("listen address: the path of the socket has %d bytes; the system takes %d: %s", len(path), mostPath, path)
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return s, fmt.Errorf("listen address: %q cannot be read", query)
	}
	for name, values := range params {
		if err := s.set(name, values[len(values)-1]); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *socket) set(name, value string) error {
	switch name {
	case "mode":
		n, err := strconv.ParseUint(value, 8, 9)
		if err != nil {
			return fmt.Errorf("socket mode %q: write three octal digits, such as 0660", value)
		}
		s.mode = fs.FileMode(n)
	case "group":
		g, err := user.LookupGroup(value)
		if err != nil {
			return fmt.Errorf("socket group %q: %w", value, err)
		}
		if s.gid, err = strconv.Atoi(g.Gid); err != nil {
			return fmt.Errorf("socket group %q has the id %q", value, g.Gid)
		}
	default:
		return fmt.Errorf("listen address: unknown parameter %q; mode and group are known", name)
	}
	return nil
}

// listen opens the socket. One that a server left behind is replaced, one
// that somebody answers on is not.
func (s socket) listen(ctx context.Context) (net.Listener, error) {
	if err := s.clear(ctx); err != nil {
		return nil, err
	}
	lc := net.ListenConfig{Control: ownerOnly}
	ln, err := lc.Listen(ctx, "unix", s.path)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", s.path, err)
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	own := &ownSocket{Listener: ln, path: s.path}
	own.file, err = os.Lstat(s.path)
	if err := errors.Join(err, os.Chown(s.path, -1, s.gid), os.Chmod(s.path, s.mode)); err != nil {
		return nil, errors.Join(fmt.Errorf("giving the socket its group and mode: %w", err), own.Close())
	}
	return own, nil
}

// ownSocket removes its file at the end, but not that of a server which has
// taken its place.
type ownSocket struct {
	net.Listener
	path string
	file fs.FileInfo
}

// Close implements net.Listener.
func (o *ownSocket) Close() error {
	if now, err := os.Lstat(o.path); err == nil && os.SameFile(now, o.file) {
		_ = os.Remove(o.path)
	}
	return o.Listener.Close()
}

// ownerOnly closes the moment between bind and chmod, in which everybody could
// connect: Linux gives the file of a socket the mode of its descriptor.
func ownerOnly(_, _ string, c syscall.RawConn) error {
	var err error
	return errors.Join(c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), 0o600) }), err)
}

// clear removes a socket that nobody answers on.
func (s socket) clear(ctx context.Context) error {
	info, err := os.Lstat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is there and is not a socket; remove it, or listen elsewhere", s.path)
	}
	d := net.Dialer{Timeout: time.Second}
	conn, err := d.DialContext(ctx, "unix", s.path)
	if err == nil {
		return errors.Join(fmt.Errorf("another server answers on %s", s.path), conn.Close())
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s is there, and whether a server answers on it cannot be told: %w", s.path, err)
	}
	return os.Remove(s.path)
}
