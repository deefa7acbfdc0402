package server

import (
	"context"
	"sync"
	"time"
)

// Publisher hands the newest checkpoint on to where somebody else keeps it.
type Publisher func(context.Context) error

// publishTimeout bounds one round of all publishers.
const publishTimeout = time.Minute

// publishing runs the publishers beside everything else, so that a witness that
// does not answer delays nothing. What fails is a warning, and tried again an hour
// later.
type publishing struct {
	publishers []Publisher
	warn       func(error)
	due        chan struct{}
	done       sync.WaitGroup
}

func newPublishing(publishers []Publisher, warn func(error)) *publishing {
	return &publishing{publishers: publishers, warn: warn, due: make(chan struct{}, 1)}
}

// start begins with a round.
func (p *publishing) start() {
	p.now()
	p.done.Go(func() {
		for range p.due {
			p.round()
		}
	})
}

// now asks for a round; one that is due already counts for this.
func (p *publishing) now() {
	select {
	case p.due <- struct{}{}:
	default:
	}
}

func (p *publishing) round() {
	ctx, cancel := context.WithTimeout(context.Background(), publishTimeout)
	defer cancel()
	for _, publish := range p.publishers {
		if err := publish(ctx); err != nil {
			p.warn(err)
		}
	}
}

// stop lets a last round finish.
func (p *publishing) stop() {
	p.now()
	close(p.due)
	p.done.Wait()
}
