# Everything a newcomer needs; `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup setup-run run demo test lint types imports unit kafka-broker kafka-broker-if-possible env test-stack test-compose schemas reliability reliability-stack performance quality other-words requirements clean

##@ Use it
run: setup-run ## Start everything on this machine (Ctrl-C stops it)
	@$(BIN)/vedette up

demo: setup-run ## Watch five alerts arrive, without internet
	@$(BIN)/vedette demo

env: ## Write .env for docker compose, with fresh secrets; adds what an old one lacks
	@$(PYTHON) deploy/write_env.py

setup-run: .venv/runtime ## Make .venv with all that Vedette runs on

##@ Work on it
setup: .venv/development ## Make .venv with all that tests need besides

test: setup lint types imports unit ## All checks: style, types, layers, tests (under 12 minutes)

lint: setup ## Style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy, strict
	@$(BIN)/mypy

imports: setup ## Who may import whom
	@$(BIN)/lint-imports

unit: setup kafka-broker-if-possible ## The tests alone; make unit T=tests/unit/alerts for some of them
	@$(BIN)/pytest -n 2 --dist loadgroup $(T)

kafka-broker: deploy/kafka/libs/.complete ## Fetch an Apache Kafka broker for the tests (needs java 17 and mvn)

test-stack: setup kafka-broker ## docker-compose.yml as processes on a real Kafka, PostgreSQL and mail server
	@$(BIN)/pytest -s -v tests/stack

test-compose: setup kafka-broker ## docker-compose.yml as containers, without Docker: needs root, buildah, podman (minutes)
	@$(BIN)/python -m tests.compose

schemas: setup ## Write the JSON Schemas of the topics from their models
	@$(BIN)/python -m shared.events.schemas

reliability: setup ## Kill the running service again and again, then look for anything lost or told twice
	@VEDETTE_TEST_KILLS=20 $(BIN)/pytest -s -m reliability tests/reliability

reliability-stack: setup kafka-broker ## Kill, scale and cut off the services on a real Kafka and PostgreSQL (10 to 20 minutes)
	@$(BIN)/python -m tests.reliability

performance: setup ## Measure speed; reports figures, asserts none
	@$(BIN)/python -m tests.performance

quality: setup ## Count right, wrong and missed claims over the annotated passages
	@$(BIN)/python -m tests.quality

other-words: setup ## Put the cases of the languages in other words, and count what is told otherwise
	@$(BIN)/python -m tests.quality.other_words

requirements: ## Pin requirements*.in again, with hashes (needs uv)
	@uv pip compile -q --generate-hashes --universal -p 3.11 requirements.in -o requirements.txt
	@uv pip compile -q --generate-hashes --universal -p 3.11 requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was made here, data excepted
	@rm -rf .venv .compose-test .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## This list
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vedette needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once, about a minute) …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/development: requirements-dev.txt .venv/runtime
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

deploy/kafka/libs/.complete: deploy/kafka/pom.xml
	@echo "Fetching the Kafka broker (once, about 45 MB) …"
	@rm -rf deploy/kafka/libs
	@mvn -q -B -f $< dependency:copy-dependencies
	@touch $@

kafka-broker-if-possible:
	@if command -v java && command -v mvn; then $(MAKE) -s kafka-broker || true; fi >/dev/null
