#!/usr/bin/env bash
# From no data to a chart of a forecast, in a folder of its own. Run it with `recurra` on the PATH:
#   bash crates/cli/examples/first-minute.sh
set -euo pipefail
cd "$(mktemp -d)"

recurra generate --preset reference -o reference.csv
recurra backtest reference.csv --time t --value series --model theta,seasonal-naive --season 365 --horizon 14 --folds 5
recurra fit reference.csv --time t --value series --model gru-1x16 --difference 1 --epochs 20 -o model.safetensors
recurra forecast model.safetensors reference.csv --horizon 14 --interval 80 -o forecast.csv
recurra plot reference.csv --time t --value series --forecast forecast.csv -o forecast.svg
echo "see $PWD/forecast.svg"
