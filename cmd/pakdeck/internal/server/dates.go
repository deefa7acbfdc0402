package server

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/due"
)

var (
	descExpiring = prometheus.NewDesc("pakdeck_keys_expiring",
		"Working keys that expire within warn_before of the policy, or within their own.", nil, nil)
	descDue = prometheus.NewDesc("pakdeck_keys_rotation_due",
		"Working keys whose secret should have been rotated by now.", nil, nil)
	descRotating = prometheus.NewDesc("pakdeck_keys_rotating",
		"Keys of which an old secret still works.", nil, nil)
	descNextExpiry = prometheus.NewDesc("pakdeck_key_next_expiry_timestamp_seconds",
		"When the next working key expires; absent if none does within warn_before or its own.", nil, nil)
)

// countEvery is how old the counts may be: reading a large store at every
// scrape would cost more than they are worth.
const countEvery = time.Minute

// dates counts the keys that somebody has to do something about.
type dates struct {
	store *keystore.Store

	mu   sync.Mutex
	read time.Time
	last []prometheus.Metric
}

// Describe implements prometheus.Collector.
func (d *dates) Describe(ch chan<- *prometheus.Desc) {
	for _, x := range []*prometheus.Desc{descExpiring, descDue, descRotating, descNextExpiry} {
		ch <- x
	}
}

// Collect implements prometheus.Collector. If the store or the policy cannot be
// read, the counts are missing: old ones would hide it.
func (d *dates) Collect(ch chan<- prometheus.Metric) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := time.Now(); now.Sub(d.read) >= countEvery {
		d.read, d.last = now, d.count()
	}
	for _, m := range d.last {
		ch <- m
	}
}

func (d *dates) count() []prometheus.Metric {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	policy, err := d.store.Policy()
	if err != nil {
		return nil
	}
	keys, err := d.store.Keys(ctx)
	if err != nil {
		return nil
	}
	now := d.store.Now()
	var expiring, overdue, rotating int
	var next time.Time
	for _, i := range due.List(keys, policy, now, policy.WarnBefore) {
		switch {
		case i.What == due.Expires:
			expiring++
			if next.IsZero() {
				next = i.At
			}
		case i.What == due.Rotate && i.Overdue(now):
			overdue++
		}
	}
	for _, k := range keys {
		if _, ok := k.RetiringAt(now); ok {
			rotating++
		}
	}
	gauge := func(d *prometheus.Desc, v float64) prometheus.Metric {
		return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	list := []prometheus.Metric{
		gauge(descExpiring, float64(expiring)), gauge(descDue, float64(overdue)), gauge(descRotating, float64(rotating)),
	}
	if !next.IsZero() {
		list = append(list, gauge(descNextExpiry, float64(next.Unix())))
	}
	return list
}
