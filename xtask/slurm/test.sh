#!/usr/bin/env bash
# A sweep on a real Slurm of one node: submitted, a task killed, submitted again, ranked, and compared byte by byte with the same sweep in
# one process. Needs root, Slurm and munge; $1 is the program (target/debug/recurra).
# Exit code 77: Slurm did not come up.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
recurra=$(realpath "$1")
work=$(mktemp -d)
export SLURM_CONF="$work/slurm/slurm.conf"
trap 'scancel --user root >/dev/null 2>&1; "$here/stop.sh" "$work/slurm"; rm -rf "$work"' EXIT
timeout 60 "$here/start.sh" "$work/slurm" || exit 77
cd "$work"

# Until nothing of ours is in the queue: a job after an array may still come when its array's results have all been seen.
drain() {
  for _ in $(seq 240); do
    [ -z "$(squeue --noheader)" ] && return
    sleep 0.25
  done
  squeue >&2
  exit 1
}

# Submits to $1 elements, and stops watching as soon as both jobs are with Slurm.
submit_and_leave() {
  "$recurra" sweep SWEEP.toml --out cluster --engine slurm --tasks "$1" --quiet >left.txt &
  local watcher=$!
  until grep -q '"collect": "' cluster/slurm/jobs.json 2>/dev/null; do
    kill -0 "$watcher" || exit 1
    sleep 0.05
  done
  kill -INT "$watcher"
  wait "$watcher" && { echo "an interrupted watcher ended well" >&2; exit 1; }
  return 0
}

"$recurra" generate --preset daily -o sales.csv --quiet
cat >SWEEP.toml <<'SWEEP'
horizon = 7
folds = 4
seeds = [51, 52]

[[data]]
file = "sales.csv"

[[candidates]]
model = ["gru-1x8", "rnn-1x8"]
lr = [1e-3, 1e-2]
epochs = 3

# Long enough to be killed.
[[candidates]]
model = "lstm-1x32"
epochs = 200

[[candidates]]
model = "theta"
SWEEP
"$recurra" sweep SWEEP.toml --out local --quiet >local.txt

# The tasks of the long candidate are killed as soon as one runs: the process, not the job.
(
  until pkill -KILL -f -- "--out $work/cluster --partition slice:3/6"; do sleep 0.02; done
) &
killer=$!
if "$recurra" sweep SWEEP.toml --out cluster --engine slurm --tasks 6 >first.txt 2>first.log; then
  echo "the killed task was not missed" >&2
  exit 1
fi
kill "$killer" 2>/dev/null || true
grep -q "runs are missing" first.log || { cat first.log >&2; exit 1; }
[ ! -e cluster/sweep.json ] || { echo "ranked although runs were missing" >&2; exit 1; }

# The same command submits what is missing, and that alone.
"$recurra" sweep SWEEP.toml --out cluster --engine slurm --tasks 6 >second.txt 2>second.log
grep -q "in 1 element of job" second.log || { cat second.log >&2; exit 1; }
cmp local.txt second.txt
# A process that is killed while it writes leaves what it had of that file, under a name that nobody reads.
diff -r --exclude=slurm --exclude='.*.partial' local cluster
echo "a killed task was made up for; the same bytes as in one process"

# The dependent job ranks by itself.
drain
rm -r cluster
submit_and_leave 3
for _ in $(seq 240); do
  [ -e cluster/sweep.svg ] && break
  sleep 0.25
done
diff -r --exclude=slurm local cluster
echo "the job after the array ranked the runs without anybody watching"

# Each round of a halving is an array job of its own, whatever the one before still has in the queue.
drain
sed '/^seeds/a [search]\nmethod = "halving"\nrungs = 2\nfactor = 2' SWEEP.toml >HALVING.toml
"$recurra" sweep HALVING.toml --out halving-local --quiet >local.txt
"$recurra" sweep HALVING.toml --out halving --engine slurm --tasks 3 --quiet >fourth.txt
cmp local.txt fourth.txt
diff -r --exclude=slurm halving-local halving
echo "two rounds of a halving, the same bytes as in one process"

# Taken back: nothing of it stays in the queue.
drain
rm -r cluster
submit_and_leave 2
"$recurra" sweep SWEEP.toml --out cluster --cancel
drain
echo "jobs that were taken back left the queue"
