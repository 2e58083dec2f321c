# 知新 Zhixin. `make help` lists what there is; each target is one script, readable from top to bottom.
#
#   make run PORT=8081             another port on this machine
#   make run LISTEN=0.0.0.0:8080   another address; the same as ZHIXIN_LISTEN=…

ifdef LISTEN
export ZHIXIN_LISTEN := $(LISTEN)
else ifdef PORT
export ZHIXIN_LISTEN := 127.0.0.1:$(PORT)
endif

.DEFAULT_GOAL := help
.PHONY: help run build test bench bench-city fmt notices register

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: ## install what is missing, build, load the demonstration city once, serve http://127.0.0.1:8080
	@scripts/run.sh

build: ## the release binary: target/release/zhixin
	@scripts/build.sh release

test: ## everything: format, lints, tidy, unit and integration tests on both engines, browser journeys
	@scripts/test.sh

bench: ## rates and percentiles on SQLite and PostgreSQL (release build, under 15 minutes)
	@scripts/bench.sh

bench-city: ## the same at the size of the city, 3,000,000 people with 30,000,000 entries (release build, 40 GB of disk)
	@scripts/bench-city.sh

fmt: ## format the code
	@cargo fmt --all

notices: ## write THIRD-PARTY-NOTICES.md anew, after a dependency changed
	@cargo run --quiet -p xtask -- notices

register: ## fill the code and test columns of docs/rules.md anew, after a rule moved
	@cargo run --quiet -p xtask -- register
