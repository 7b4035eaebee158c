#!/usr/bin/env bash
# Builds the program and uses its model: what a change of the workspace must not break. CI runs it with the workspace's
# target folder (CARGO_TARGET_DIR) and lock file, so that nothing from the registry is compiled twice.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}
[ -e ../../Cargo.lock ] && cp ../../Cargo.lock Cargo.lock
cargo fmt --check
cargo build
tool=$(cd "$CARGO_TARGET_DIR" && pwd)/debug/own-model

cd "$(mktemp -d)"
"$tool" models --json | grep '"gru-lstm"'
"$tool" generate --preset daily --length 200 -o daily.csv
"$tool" fit daily.csv --model gru-lstm --epochs 3 -o model.safetensors
"$tool" forecast model.safetensors daily.csv --horizon 3
"$tool" backtest daily.csv --model gru-lstm --epochs 2 --horizon 7 --folds 3
