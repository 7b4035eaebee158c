#!/usr/bin/env bash
# The tool against an object store: moto, a server that speaks S3, on this machine. $1 is the program, built with the feature `object-store`,
# $2 a Python that has moto. Everything is compared byte by byte with the same commands on files.
# Exit code 77: the server did not come up.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
recurra=$(realpath "$1")
python=$(realpath -s "$2")
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"

port=$("$python" -c 'import socket; found = socket.socket(); found.bind(("127.0.0.1", 0)); print(found.getsockname()[1])')
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ALLOW_HTTP=true AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
"$python" -m moto.server --port "$port" >server.log 2>&1 &
server=$!
until curl --silent --output /dev/null --max-time 2 "$AWS_ENDPOINT_URL"; do
  kill -0 "$server" 2>/dev/null && [ "$SECONDS" -lt 60 ] || exit 77
  sleep 0.2
done

# An object's bytes, and whether they are those of a file.
get() { curl --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:s3 --user test:test "$AWS_ENDPOINT_URL/$1"; }
same() { get "$1" | cmp - "$2" || { echo "$1 is not $2" >&2; exit 1; }; }
# That a command ends with exit code 2 and one message, which has the words $1.
refuses() {
  local words=$1 code=0
  shift
  "$recurra" "$@" --quiet >refused.out 2>refused.err || code=$?
  if [ "$code" != 2 ] || [ "$(grep -c '^error: ' refused.err)" != 1 ] || ! grep -qF -- "$words" refused.err; then
    echo "exit code $code, and not: $words" >&2
    cat refused.err >&2
    exit 1
  fi
}
curl --silent --fail --output /dev/null --aws-sigv4 aws:amz:us-east-1:s3 --user test:test --request PUT "$AWS_ENDPOINT_URL/shop"

echo "-- the crate by itself"
(cd "$root" && RECURRA_TEST_BUCKET=s3://shop cargo test --quiet -p recurra-objects --features object-store --test server)

echo "-- a panel in parts: model and forecasts"
for place in local s3://shop; do
  "$recurra" generate --preset panel --series 60 --parts 6 --length 100 -o "$place/panel/" --quiet
  "$recurra" fit "$place/panel/" --model gru-1x8 --epochs 2 --patience 1 --horizon 7 -o "$place/panel.model" --report "$place/panel.html" --quiet >/dev/null
  "$recurra" forecast "$place/panel.model" "$place/panel/" --horizon 7 -o "$place/forecasts/" --quiet
done
same shop/panel.model local/panel.model
get shop/panel.html | grep "One series" >/dev/null || { echo "there is no page" >&2; exit 1; }
for file in panel/part-0000{0..5}.parquet forecasts/part-0000{0..5}.parquet; do same "shop/$file" "local/$file"; done

echo "-- one table: model, forecast, page, backtest"
for place in local s3://shop; do
  "$recurra" generate --preset daily -o "$place/sales.csv" --quiet
  "$recurra" fit "$place/sales.csv" --model gru-1x8 --epochs 2 -o "$place/sales.model" --report "$place/sales.html" --quiet >/dev/null
  "$recurra" forecast "$place/sales.model" "$place/sales.csv" --horizon 7 -o "$place/sales-forecast.csv" --quiet
  "$recurra" backtest "$place/sales.csv" --model theta --horizon 7 --folds 3 --output "$place/folds.parquet" --quiet >/dev/null
done
same shop/sales.model local/sales.model
same shop/sales-forecast.csv local/sales-forecast.csv
same shop/folds.parquet local/folds.parquet
get shop/sales.html | grep -q "</html>"
# Open to anybody, it can be read from the web.
curl --silent --fail --output /dev/null --aws-sigv4 aws:amz:us-east-1:s3 --user test:test --header "x-amz-acl: public-read" --request PUT "$AWS_ENDPOINT_URL/shop/sales.csv?acl"
"$recurra" fit "$AWS_ENDPOINT_URL/shop/sales.csv" --model gru-1x8 --epochs 2 -o web.model --quiet >/dev/null
cmp web.model local/sales.model

echo "-- a sweep in two shares, one of them killed and started again, merged"
cat >SWEEP.toml <<'SWEEP'
horizon = 7
folds = 3
seeds = [51, 52]

[[data]]
file = "s3://shop/sales.csv"

[[candidates]]
model = ["gru-1x8", "rnn-1x8"]
lr = [1e-3, 1e-2]
epochs = 3

# Long enough to be killed.
[[candidates]]
model = "lstm-1x32"
epochs = 60

[[candidates]]
model = "theta"
SWEEP
"$recurra" sweep SWEEP.toml --out local/sweep --quiet >local.txt
"$recurra" sweep SWEEP.toml --out s3://shop/share-1 --partition slice:1/2 --quiet
"$recurra" sweep SWEEP.toml --out s3://shop/share-2 --partition slice:2/2 --quiet &
victim=$!
until get 'shop?list-type=2&prefix=share-2/cells/' | grep -q '<Key>'; do
  kill -0 "$victim" || { echo "the share ended before anything of it was seen" >&2; exit 1; }
  sleep 0.02
done
kill -KILL "$victim"
wait "$victim" 2>/dev/null && { echo "the share was not killed" >&2; exit 1; }
refuses "missing" merge s3://shop/share-1 s3://shop/share-2 --out s3://shop/early
"$recurra" sweep SWEEP.toml --out s3://shop/share-2 --partition slice:2/2 --quiet
"$recurra" merge s3://shop/share-1 s3://shop/share-2 --out whole --quiet
"$recurra" merge s3://shop/share-1 s3://shop/share-2 --out s3://shop/whole --quiet
"$recurra" sweep SWEEP.toml --out whole --collect --quiet >whole.txt
"$recurra" sweep SWEEP.toml --out s3://shop/whole --collect --quiet >objects.txt
diff -r local/sweep whole
(cd whole && find . -type f) | while read -r file; do same "shop/whole/${file#./}" "whole/$file"; done
cmp local.txt whole.txt
cmp local.txt objects.txt

echo "-- shares that fill one place at once: each run once, the last one ranks"
for share in 1 2 3; do "$recurra" sweep SWEEP.toml --out s3://shop/shared --partition "slice:$share/3" --quiet >"shared-$share.txt" & done
wait -n && wait -n && wait -n
"$recurra" sweep SWEEP.toml --out s3://shop/shared --quiet >shared.txt
cmp local.txt shared.txt

echo "-- a backtest in shares"
for model in "" ",theta"; do
  "$recurra" backtest local/sales.csv --model "gru-1x8$model" --epochs 2 --horizon 7 --folds 6 --out "s3://shop/fits$model" --quiet >"backtest$model.txt"
  "$recurra" backtest local/sales.csv --model "gru-1x8$model" --epochs 2 --horizon 7 --folds 6 --quiet | cmp - "backtest$model.txt"
done

echo "-- the bucket itself"
curl --silent --fail --output /dev/null --aws-sigv4 aws:amz:us-east-1:s3 --user test:test --request PUT "$AWS_ENDPOINT_URL/root"
"$recurra" generate --preset panel --series 6 --parts 2 --length 60 -o s3://root --quiet
"$recurra" fit s3://root --model gru-1x8 --epochs 1 --horizon 3 -o root.model --quiet >/dev/null
"$recurra" forecast root.model s3://root/ --horizon 3 -o s3://shop/root --quiet

echo "-- what goes wrong"
refuses "there is no such object" fit s3://shop/none.csv --model gru-1x8 -o x.model
refuses "there is no such bucket" fit s3://none/sales.csv --model gru-1x8 -o x.model
refuses "there is no such bucket" fit s3://shop/sales.csv --model gru-1x8 -o s3://none/x.model
refuses "holds no .parquet and no .csv" fit s3://shop/none/ --model gru-1x8 -o x.model
refuses "no store is known by this scheme" fit ftp://shop/sales.csv --model gru-1x8 -o x.model
refuses "this has to lie on a disk" fit s3://shop/sales.csv --model gru-1x8 --checkpoint s3://shop/kept -o x.model
refuses "this has to lie on a disk" sweep SWEEP.toml --out s3://shop/slurm --engine slurm
refuses "it is one of the inputs" forecast s3://shop/sales.model s3://shop/sales.csv --horizon 7 -o s3a://shop/sales.csv
refuses "it is one of the inputs" fit s3://shop/panel/ --model gru-1x8 -o s3://shop/panel/part-00001.parquet
refuses "holds the data" forecast s3://shop/panel.model s3://shop/panel/ --horizon 7 -o S3://shop/panel
refuses "it is a folder" fit s3://shop/sales.csv --model gru-1x8 -o s3://shop/models/
refuses "read, not written" fit s3://shop/sales.csv --model gru-1x8 -o http://127.0.0.1:1/x.model
refuses "cannot be listed" fit http://127.0.0.1:1/panel/ --model gru-1x8 -o x.model
refuses "it is one of the inputs" forecast s3://shop/sales.model s3://shop/sales.csv --horizon 7 -o s3://shop/sales.csv
AWS_ALLOW_HTTP=false refuses "AWS_ALLOW_HTTP=true" fit s3://shop/sales.csv --model gru-1x8 -o x.model
# From here on the server wants to know who asks.
sign_in() { curl --silent --fail --output /dev/null --header "Content-Type: text/plain" --data "$1" "$AWS_ENDPOINT_URL/moto-api/reset-auth"; }
sign_in 0
refuses "the store refuses access: InvalidAccessKeyId" fit s3://shop/sales.csv --model gru-1x8 -o x.model
refuses "the store refuses access: InvalidAccessKeyId" fit local/sales.csv --model gru-1x8 -o s3://shop/x.model
refuses "the store refuses access: InvalidAccessKeyId" forecast local/panel.model local/panel --horizon 7 -o s3://shop/x/
refuses "the store refuses access: InvalidAccessKeyId" sweep SWEEP.toml --out s3://shop/x
sign_in inf
[ -z "$(get 'shop?list-type=2&prefix=x' | grep '<Key>')" ] || { echo "something was written" >&2; exit 1; }
# Another result under a key that is taken: the first one stays.
cell=$(cd whole/cells && ls | head -1)
curl --silent --fail --output /dev/null --aws-sigv4 aws:amz:us-east-1:s3 --user test:test --upload-file SWEEP.toml "$AWS_ENDPOINT_URL/shop/share-1/cells/$cell"
refuses "cells/$cell" merge s3://shop/share-1 s3://shop/share-2 --out s3://shop/damaged

echo "-- Ctrl-C while a store hangs"
"$recurra" fit s3://shop/panel/ --model lstm-1x32 --epochs 2000 --horizon 7 --checkpoint hung -o hung.model --quiet >hung.out 2>hung.err &
fit=$!
until [ -e hung/measured.checkpoint ]; do
  kill -0 "$fit" || { echo "the fit ended before it was interrupted" >&2; exit 1; }
  sleep 0.02
done
kill -STOP "$server"
# Until the parts that were read ahead are used up.
sleep 3
kill -INT "$fit"
begun=$SECONDS
while kill -0 "$fit" 2>/dev/null && [ "$((SECONDS - begun))" -lt 60 ]; do sleep 0.1; done
kill -CONT "$server"
if kill -KILL "$fit" 2>/dev/null; then echo "it waited for the store" >&2; exit 1; fi
code=0
wait "$fit" || code=$?
[ "$code" = 130 ] && grep -q -- "--resume" hung.err || { echo "exit code $code" >&2; cat hung.err >&2; exit 1; }

echo "-- a store that goes away in the middle"
sed -e 's/^epochs = 60/epochs = 600/' -e 's,s3://shop/sales.csv,local/sales.csv,' SWEEP.toml >LONG.toml
"$recurra" fit s3://shop/panel/ --model lstm-1x32 --epochs 2000 --horizon 7 -o late.model --quiet >gone.out 2>gone.err &
fit=$!
"$recurra" sweep LONG.toml --out s3://shop/gone --quiet >swept.out 2>swept.err &
sweep=$!
until get 'shop?list-type=2&prefix=gone/cells/' | grep -q '<Key>'; do
  kill -0 "$sweep" || { echo "the sweep ended before anything of it was seen" >&2; exit 1; }
  sleep 0.02
done
kill "$server"
wait "$server" 2>/dev/null || true
server=
# That process $1 ended with exit code 2 and one message, in file $2, which fits $3.
gave_up() {
  local code=0
  wait "$1" || code=$?
  [ "$code" = 2 ] && [ "$(grep -c '^error: ' "$2")" = 1 ] && grep -q "^error: $3" "$2" || { echo "exit code $code" >&2; cat "$2" >&2; exit 1; }
}
gave_up "$fit" gone.err "s3://shop/panel/.*the store cannot be reached"
gave_up "$sweep" swept.err "could not .* s3://shop/gone/cells/.*the store cannot be reached"
[ ! -e late.model ] && [ ! -e x.model ]
echo "all as on files"
