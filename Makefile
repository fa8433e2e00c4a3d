# Two commands matter: `make up` runs the suite, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

CARGO ?= cargo
DATA_DIR ?= .data
LISTEN ?= 127.0.0.1:8080
SERVERS := deploy/local/servers.sh
CONFORMANCE := services/gateway/conformance
UI := services/web-broker/ui

.PHONY: help up demo test packages pages pages-check pages-test fmt fmt-check lint tidy deny charts image unit doc drill contracts conformance generate servers servers-stop clean-data

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: pages ## build and run the whole suite in one process, with the demo nation
	@deploy/local/install-packages.sh build
	@$(CARGO) build --release --locked --bin ecustoms
	@exec target/release/ecustoms up --demo --officers --data-dir $(DATA_DIR) --listen $(LISTEN)

pages: ## build the Web-Broker pages, which the program then carries
	@$(UI)/make.sh build

pages-check: ## the pages: their documents fit the schema, texts in three languages, types, lints, sizes
	@$(UI)/make.sh check

pages-test: ## journeys in a browser, on both modes; screenshots are left in target/pages
	@$(UI)/e2e/run.sh

demo: ## play the main transit job against the running suite
	@target/release/ecustoms demo transit --url http://$(LISTEN)

# In this order, the quick refusals first. Each stage says how long it took, so that a slow one is seen before it is too slow.
STAGES := packages pages-check fmt-check lint tidy deny charts unit doc contracts conformance pages-test

test: ## everything: format, lints, tests on both stores, conformance, pages
	@for stage in $(STAGES); do \
	  began=$$SECONDS; \
	  echo "stage: $$stage begins"; \
	  $(MAKE) --no-print-directory $$stage || { echo "stage: $$stage FAILED after $$((SECONDS - began)) s"; exit 1; }; \
	  echo "stage: $$stage passed in $$((SECONDS - began)) s"; \
	done

packages:
	@deploy/local/install-packages.sh build servers checks charts pages

fmt: ## format the code
	@$(CARGO) fmt --all

fmt-check:
	@$(CARGO) fmt --all --check

lint: ## clippy on everything, warnings denied
	@$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings

tidy: ## the rules no lint can see: who may depend on whom, file sizes, names
	@$(CARGO) xtask tidy

deny: ## licences, bans and sources of the dependencies; by cargo-deny as well when it is installed
	@deploy/images/licences.py
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny --offline --log-level error check licenses bans sources; \
	else echo "deny: cargo-deny is not installed; its confidence in licence texts is left out"; fi

image: ## the image, built twice: digest, size, user, bill of materials, that it runs; after a release build
	@deploy/local/install-packages.sh image
	@deploy/images/check.sh

charts: ## the charts with real Helm, alerts and dashboards with promtool; UPDATE=1 writes snapshots anew
	@charts/tests/run.sh

unit: ## unit and integration tests, with private PostgreSQL, RabbitMQ and Redis
	@if $(CARGO) nextest --version >/dev/null 2>&1; then $(SERVERS) run -- $(CARGO) nextest run --workspace --locked --no-fail-fast; \
	else $(SERVERS) run -- $(CARGO) test --workspace --all-targets --locked --no-fail-fast; fi

drill: ## a suite is lost with all its servers and comes back to a point in time; prints what was lost and how long it took
	@deploy/backup/drill.sh

doc: ## the documentation builds, its links lead somewhere, its examples run
	@$(CARGO) doc --workspace --no-deps --locked --quiet
	@$(CARGO) test --workspace --doc --locked --quiet

# The committed contracts are what the next two compare and probe; without them there is nothing to check.
contracts: ## the committed contracts are what the binary says
	@if [ -e docs/openapi.json ]; then $(CARGO) xtask generate --check; fi

conformance: ## independent checkers against a running suite
	@if [ -e docs/openapi.json ]; then $(CONFORMANCE)/run.sh; fi

generate: ## rewrite the committed contracts: GraphQL, OpenAPI, AsyncAPI
	@$(CARGO) xtask generate

servers: ## start private PostgreSQL, RabbitMQ and Redis; eval the output
	@$(SERVERS) start

servers-stop: ## stop them
	@$(SERVERS) stop

clean-data: ## forget the demo data
	@rm -rf -- $(DATA_DIR)
