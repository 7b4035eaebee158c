#!/usr/bin/env bash
# Does what the tutorial says under "Before you start", and runs every sample of it as a program of that crate, and the README's program too.
# CI runs it with the workspace's target folder (CARGO_TARGET_DIR) and lock file, so that nothing from the registry is compiled twice.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
page="$repository/docs/tutorial.md"
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repository/target}

ln -s "$repository" "$room/recurra"
cd "$room"
cargo new --quiet tutorial
cd tutorial
cp "$repository/Cargo.lock" .
# The page's dependencies in place of none, and its samples, each as the body of a `main`. A line that begins with `# ` is for the documentation tests alone.
sed -i.bak '/^\[dependencies\]/,$d' Cargo.toml
awk '/^```/ { inside = $0 == "```toml"; next } inside' "$page" >> Cargo.toml
mkdir src/bin
awk '
  /^```/ && inside { print "    Ok(())\n}" > file; close(file); inside = 0; next }
  $0 == "```rust" {
    getline
    if ($0 ~ /^fn main/) { next }
    file = sprintf("src/bin/sample_%02d.rs", ++count); inside = 1
    print "fn main() -> Result<(), Box<dyn std::error::Error>> {" > file
  }
  inside && !/^# / { print > file }
' "$page"
# The README's program names some of the same dependencies.
awk '/^```/ { inside = $0 == "```toml"; next } inside' "$repository/README.md" | grep -vFx -f Cargo.toml &&
  { echo "the README's dependencies are not the tutorial's" >&2; exit 1; }
awk '/^```/ { inside = $0 == "```rust"; next } inside' "$repository/README.md" > src/bin/readme.rs
samples=(src/bin/*.rs)
[ ${#samples[@]} -ge 6 ] || { echo "the tutorial has ${#samples[@]} samples; are they still marked as rust?" >&2; exit 1; }
cargo build --release --bins
for sample in "${samples[@]}"; do
  name=$(basename "$sample" .rs)
  printf '\n== %s\n' "$name"
  "$CARGO_TARGET_DIR/release/$name"
done
