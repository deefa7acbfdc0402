# Everything needs Go alone; `make test` uses nginx, tmux, age and sshd where they are installed.

GO      ?= go
BIN     := bin/pakdeck
FUZZ    ?= 10s
BENCH   ?= 1s
CAMPAIGN ?= $(CURDIR)/bin/campaign
TOOL    := $(GO) tool -modfile=.tools/go.mod
SOURCES := $(shell find cmd tui keystore audit -name '*.go' -not -name '*_test.go') go.mod go.sum

.PHONY: run demo build test rotations clients bench fuzz campaign lint pictures clean

run: build  ## open the dashboard on the embedded store
	@$(BIN)

demo: build ## open the dashboard on a demonstration store
	@$(BIN) demo

build: $(BIN)

$(BIN): $(SOURCES)
	$(GO) build -trimpath -o $@ ./cmd/pakdeck

# What -short leaves to the second pass: terminals of other sizes and colours,
# scrypt at full strength, large samples, the program in real terminals.
FULL := ./audit/usage ./cmd/pakdeck ./cmd/pakdeck/internal/term ./keystore/httpauth ./keystore/iprule ./keystore/journal \
	./keystore/pak ./keystore/session ./keystore/token ./keystore/verify ./tui ./tui/plain ./tui/screen/...

test: ## all tests: with the race detector, then in full what it would only slow down; go vet is part of lint
	$(GO) test -vet=off -race -short ./...
	$(GO) test -vet=off $(FULL)

rotations: ## 200 rotations under traffic through nginx, not one request refused
	PAKDECK_ROTATIONS=200 $(GO) test -count 1 -v -run 'RotationFailsNoRequest|EmergencyRefuses' ./cmd/pakdeck/internal/e2e

clients: ## 200 clients for a minute, then the end or a kill; a million callers: every use counted, in bounded space
	PAKDECK_CLIENTS=200 PAKDECK_CLIENTS_FOR=60s $(GO) test -count 1 -v -run 'EveryUseIsCounted|AKillLoses|AMillionCallers' ./cmd/pakdeck/internal/e2e ./audit/usage ./keystore/verify

bench: ## ratios within one run; absolute times depend on the machine
	$(GO) test -run '^$$' -bench . -benchtime $(BENCH) ./...

fuzz: ## every fuzz target for $(FUZZ): a time, or a number of inputs such as 4000x
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZ) $$package || exit 1; \
		done; \
	done

campaign: ## the journal with 10 million records: 4 GB in CAMPAIGN, which is kept for the next time
	mkdir -p $(CAMPAIGN)
	PAKDECK_CAMPAIGN=$(CAMPAIGN) $(GO) test -v -timeout 2h -run 'ManyRecords' ./tui/screen/journal
	PAKDECK_CAMPAIGN=$(CAMPAIGN) $(GO) test -v -timeout 2h -run 'NoBitOfAnExport' ./keystore/journal

lint: ## gofumpt, go vet, staticcheck; any finding fails
	@unformatted=$$($(TOOL) gofumpt -l cmd tui keystore audit); \
		if [ -n "$$unformatted" ]; then echo "run gofumpt -w on:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	$(GO) mod tidy -diff

pictures: ## write the README's pictures from the program
	$(GO) test ./tui -run '^TestPictures$$' -update

clean:
	rm -rf bin
