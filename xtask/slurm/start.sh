#!/usr/bin/env bash
# Starts a Slurm of one node on this machine, for tests: everything lies below the folder $1, everything listens on loopback.
# Needs root, and slurmctld, slurmd (Debian: slurm-wlm) and munged (munge). Stop it with stop.sh.
set -euo pipefail
folder=$(realpath -m "$1")
cores=$(nproc)
name=$(hostname -s)
mkdir -p "$folder/spool" "$folder/state"

# munge vouches for who calls; it refuses to run with a key or folders that others may write to.
munge=/run/munge
mkdir -p "$munge" /etc/munge /var/lib/munge /var/log/munge
chown munge: "$munge" /etc/munge /var/lib/munge /var/log/munge
[ -s /etc/munge/munge.key ] || {
  rm -f /etc/munge/munge.key
  runuser -u munge -- mungekey --create
}
pgrep -x munged >/dev/null || { runuser -u munge -- munged && touch "$folder/munged"; }

cat >"$folder/slurm.conf" <<CONF
ClusterName=recurra-test
SlurmctldHost=$name(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MinJobAge=300
SlurmdSpoolDir=$folder/spool
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ReturnToService=2
JobRequeue=0
KillWait=1
NodeName=$name NodeAddr=127.0.0.1 CPUs=$cores State=UNKNOWN
PartitionName=test Nodes=$name Default=YES MaxTime=INFINITE State=UP
CONF

export SLURM_CONF="$folder/slurm.conf"
slurmctld -c
slurmd -c
for _ in $(seq 60); do
  [ "$(sinfo --noheader --format %t 2>/dev/null)" = idle ] && exit 0
  sleep 0.5
done
echo "Slurm did not come up; see $folder/*.log" >&2
tail -n 5 "$folder"/*.log >&2
exit 1
