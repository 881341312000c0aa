# What one needs: make run, make test. Both install what is missing where the machine allows it,
# and say the exact command where it does not.

SHELL := /bin/bash
GO ?= go
BIN := bin/ketnap
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
.PHONY: help run build test bench lint generate needs-postgres needs-chromium

help:
	@echo 'make run       a working demo at http://127.0.0.1:8080'
	@echo 'make test      all tests, in the browser too'
	@echo 'make bench     50,000 and 1,000,000 people, measured (BENCH=-help says what can be set)'
	@echo 'make lint      form and currency of the code'
	@echo 'make generate  the views, from their templ files'
	@echo 'make build     the program, bin/ketnap'

run: needs-postgres build
	./$(BIN) serve --demo

build:
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN) ./cmd/ketnap

# Each package starts a database of its own: two at a time, and one more per four processors.
TEST_PACKAGES := $$(( 2 + $$(getconf _NPROCESSORS_ONLN) / 4 ))

test: needs-postgres needs-chromium
	$(GO) test -p $(TEST_PACKAGES) -timeout 20m ./...

bench: needs-postgres
	$(GO) run ./internal/bench $(BENCH)

generate:
	$(GO) tool templ generate

FOLDERS := cmd internal migrations web
# A hand-written file longer than this has more than one subject.
LONGEST_FILE := 600
VIEWS := find $(FOLDERS) -name '*_templ.go' -print0 | sort -z | xargs -0r cat

lint:
	@bad=$$(gofmt -l $(FOLDERS)); [ -z "$$bad" ] || { echo "gofmt: $$bad"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff
	@before=$$($(VIEWS) | cksum); $(GO) tool templ generate -log-level error; \
	 [ "$$before" = "$$($(VIEWS) | cksum)" ] || { echo 'generated views are not current: make generate, and commit'; exit 1; }
	@long=$$(find $(FOLDERS) -name '*.go' ! -name '*_templ.go' ! -name '*_test.go' -exec wc -l {} + | awk '$$2 != "total" && $$1 > $(LONGEST_FILE)'); \
	 [ -z "$$long" ] || { echo "files over $(LONGEST_FILE) lines:"; echo "$$long"; exit 1; }
	@echo lint: clean

# The database server. With DATABASE_URL or PG_BIN nothing is installed.
needs-postgres:
	@if [ -n "$$DATABASE_URL$$PG_BIN" ] || command -v initdb >/dev/null \
	   || ls /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql@*/bin/initdb \
	         /usr/local/opt/postgresql@*/bin/initdb 2>/dev/null | grep -q .; \
	 then :; else $(call install,PostgreSQL,postgresql,postgresql@17); fi

# The browser of the tests. CHROME names one that lies elsewhere.
needs-chromium:
	@if [ -n "$$CHROME" ] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null \
	   || [ -d '/Applications/Google Chrome.app' ] || [ -d '/Applications/Chromium.app' ]; \
	 then :; else $(call install,Chromium,chromium,--cask chromium); fi

# install NAME,APT PACKAGE,BREW PACKAGE: one shell command. The package lists are fetched only
# when the package is not found without.
define install
if command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then \
  echo 'installing $(1)' >&2; as=; [ "$$(id -u)" = 0 ] || as='sudo -n'; \
  export DEBIAN_FRONTEND=noninteractive; \
  { $$as apt-get install -y -q --no-install-recommends $(2) \
    || { $$as apt-get update -q && $$as apt-get install -y -q --no-install-recommends $(2); }; } >&2; \
elif command -v brew >/dev/null; then brew install $(3) >&2; \
else echo '$(1) is missing. Install it, then try again:  sudo apt-get install $(2)' >&2; exit 1; fi
endef
