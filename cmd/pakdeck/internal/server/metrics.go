package server

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/httpauth"
	"github.com/pakdeck/pakdeck/keystore/verify"
)

// metrics reads the counts of the verifier when Prometheus asks. Nothing is
// counted twice, and a request pays nothing for it.
type metrics struct {
	verifier *verify.Verifier
	throttle *httpauth.Throttle
}

var (
	descVerifications = prometheus.NewDesc("pakdeck_verifications_total",
		"Key strings that were decided on, by outcome.", []string{"outcome"}, nil)
	descSecrets = prometheus.NewDesc("pakdeck_index_secrets",
		"Secrets in memory, retired ones included.", nil, nil)
	descAge = prometheus.NewDesc("pakdeck_store_age_seconds",
		"Time since the store was last read.", nil, nil)
	descThrottled = prometheus.NewDesc("pakdeck_throttled_total",
		"Failed attempts over the allowance of their network.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descVerifications, descSecrets, descAge, descThrottled} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m metrics) Collect(ch chan<- prometheus.Metric) {
	for i, n := range m.verifier.Counts() {
		ch <- prometheus.MustNewConstMetric(descVerifications, prometheus.CounterValue, float64(n), string(keystore.Outcomes[i]))
	}
	gauge := func(d *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	gauge(descSecrets, float64(m.verifier.Len()))
	gauge(descAge, time.Since(m.verifier.Synced()).Seconds())
	ch <- prometheus.MustNewConstMetric(descThrottled, prometheus.CounterValue, float64(m.throttle.Refused()))
}

func (m metrics) handler(more ...prometheus.Collector) http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(more...)
	r.MustRegister(m, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
