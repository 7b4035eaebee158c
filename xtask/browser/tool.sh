#!/usr/bin/env bash
# Fits, backtests and forecasts small tables with the tool, and uses each report in a browser as a reader would. The errors
# on the pages have to be those that the commands print as JSON.
set -euo pipefail
cd "$(dirname "$0")/../.."
recurra=${1:-target/debug/recurra}
out=target/browser
mkdir -p "$out"

look() { node xtask/browser/report.mjs "$out/$1.html" --json "$out/$1.json" --require; }

"$recurra" generate --preset reference --length 600 -o "$out/one.csv" -q
"$recurra" fit "$out/one.csv" --time t --value series --model gru-1x8 --horizon 7 --epochs 3 -o "$out/one.safetensors" \
  --report "$out/fit.html" -q --json >"$out/fit.json"
look fit
"$recurra" forecast "$out/one.safetensors" "$out/one.csv" --horizon 7 --report "$out/forecast.html" -q -o "$out/forecast.csv"
# The errors of a forecast's page are those of the fit.
cp "$out/fit.json" "$out/forecast.json"
look forecast

"$recurra" generate --preset shops --length 120 -o "$out/shops.csv" -q
"$recurra" backtest "$out/shops.csv" --model gru-1x8,seasonal-naive --epochs 2 --horizon 7 --folds 2 \
  --report "$out/backtest.html" -q --json >"$out/backtest.json"
look backtest
