# The one command surface of Đình. Each target is a short script in scripts/; `make` alone lists them.
# Một nơi cho mọi lệnh. Gõ `make` để xem danh sách.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup run web check test bench bench-peers fuzz api-fuzz conformance docs fmt clean

help: ## List the commands | Liệt kê các lệnh
	@printf 'Đình\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\) | \(.*\)/\1\t\2\t\3/p' $(firstword $(MAKEFILE_LIST)) \
	  | while IFS="$$(printf '\t')" read -r name english vietnamese; do \
	      printf '  make %-11s %s\n                   %s\n' "$$name" "$$vietnamese" "$$english"; done

setup: ## Install what this machine lacks for run and test | Cài những thứ máy còn thiếu
	@sh scripts/setup.sh test

run: ## Build and start the demo, print its address (LISTEN=, DATA=) | Dựng và chạy bản trình diễn, in địa chỉ
	@sh scripts/run.sh

web: ## Bundle the scripts and styles of the pages | Đóng gói mã và kiểu dáng của các trang
	@sh scripts/web.sh

check: ## Fast checks while working: format, lints, unit tests (P=crate) | Kiểm tra nhanh khi đang viết mã
	@sh scripts/check.sh

test: ## Everything: lints, licences, unit, black-box and browser tests | Chạy toàn bộ các phép thử
	@sh scripts/test.sh

bench: ## Measure the bars on a release build (ARGS="--entities 100000 --only batch") | Đo các ngưỡng hiệu năng
	@sh scripts/bench.sh $(ARGS)

bench-peers: ## Measure beside other brokers of this machine (PEERS="name=http://127.0.0.1:9090") | Đo cạnh các broker khác
	@PEERS="$(PEERS)" ARGS="$(ARGS)" sh scripts/bench-peers.sh

fuzz: ## Fuzz the parsers with nightly Rust (SECONDS_EACH=60, ONLY=q) | Kiểm thử fuzz các bộ phân tích cú pháp
	@sh scripts/fuzz.sh

api-fuzz: ## Ask the server whatever its OpenAPI document allows (EXAMPLES=50) | Hỏi máy chủ mọi điều mà tài liệu OpenAPI cho phép
	@sh scripts/api-fuzz.sh

conformance: ## Run ETSI's NGSI-LD suite against the program (NGSILD_SUITE=folder, ONLY=TP/…) | Chạy bộ kiểm thử NGSI-LD của ETSI
	@sh scripts/conformance.sh

docs: ## Build the documentation of the code | Dựng tài liệu mã nguồn
	@cargo doc --workspace --no-deps --document-private-items

fmt: ## Format the Rust code | Định dạng mã Rust
	@cargo fmt --all

clean: ## Remove everything that was built | Xoá mọi thứ đã dựng
	@rm -rf target web/dist web/node_modules e2e/browser/node_modules e2e/artifacts .tools
