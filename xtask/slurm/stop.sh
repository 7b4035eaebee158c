#!/usr/bin/env bash
# Stops what start.sh started in the folder $1.
set -uo pipefail
for daemon in slurmd slurmctld; do
  pid=$(cat "$1/$daemon.pid" 2>/dev/null) || continue
  kill "$pid" 2>/dev/null
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
done
[ -e "$1/munged" ] && runuser -u munge -- munged --stop >/dev/null 2>&1
exit 0
