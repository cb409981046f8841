#!/usr/bin/env bash
# bench_lockstep.sh [BUILD [HOURS]]: venue hours that the whole main job plays in one second of wall time, in lockstep with three symbols.
#
# Runs `patriot up --for HOURSvh --json` (default 3000) on an empty folder that is removed, three times with three seeds, and judges the median. The time is
# that of the whole command: start, history, trading, the orderly end with its tie-out. There is no peer for this figure; beside it stand the
# CPU seconds of each process (sampled every 0.2 s), which tell where the time goes: the processes take turns by nature. A run that does not tie out, or
# restarts a process, is no measurement. Exits 1 below 200 hours a second.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
build=${1:-$here/../build/release}
hours=${2:-3000}
bar=200
patriot=$(readlink -f "$build/patriot" || true)
[ -x "$patriot" ] || { echo "bench_lockstep: no patriot in $build; build it first (bench/run.sh does)" >&2; exit 2; }
work=$(mktemp -d)
up=0
sampler=0
finish() {
    if [ "$sampler" -gt 0 ]; then kill "$sampler" 2>/dev/null || true; fi
    if [ "$up" -gt 0 ] && kill -INT "$up" 2>/dev/null; then wait "$up" || true; fi
    rm -rf "$work"
}
trap finish EXIT
ticks=$(getconf CLK_TCK)

# CPU ticks (user and system) that process $1 has used; field 14 and 15 behind the name, which may hold blanks.
ticks_of() {
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '{print $12 + $13}'
}

# Writes the CPU ticks of each process, as they were last seen, into $work/used until it is killed.
sample() { # DATA
    local data=$1 role pid used
    declare -A last=() pids=([up]=$up)
    while :; do
        for role in exchange signer watchdog monitor; do
            [ -n "${pids[$role]:-}" ] || { read -r pid _ <"$data/run/$role.lock" && pids[$role]=$pid; } 2>/dev/null || true
        done
        for role in "${!pids[@]}"; do
            used=$(ticks_of "${pids[$role]}" || true)
            [ -z "$used" ] || last[$role]=$used
        done
        for role in "${!last[@]}"; do printf '%s=%s ' "$role" "${last[$role]}"; done >"$work/used.new"
        mv "$work/used.new" "$work/used"
        sleep 0.2
    done
}

one_run() { # SEED
    local seed=$1 data=$work/data-$1 started ended code=0
    started=$(date +%s%N)
    "$patriot" up --json --data "$data" --config "$work" --seed "$seed" --for "${hours}vh" --market bundled:ETHUSDT,XRPUSDT,BANANAS31USDT \
        >"$work/summary" 2>"$work/notes" &
    up=$!
    sample "$data" &
    sampler=$!
    wait "$up" || code=$?
    ended=$(date +%s%N)
    kill "$sampler"
    wait "$sampler" 2>/dev/null || true
    up=0
    sampler=0
    if [ "$code" -ne 0 ]; then
        echo "bench_lockstep: the run with seed $seed failed:" >&2
        tail -n 5 "$work/notes" >&2
        cat "$work/summary" >&2
        exit 1
    fi
    python3 - "$work/summary" "$((ended - started))" "$ticks" "$seed" "$(cat "$work/used")" <<'PYTHON' >>"$work/rates"
import json, sys
summary, nanoseconds, ticks, seed = json.load(open(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
if summary["restarts"] or float(summary["tie_out"]) != 0:
    sys.exit(f"bench_lockstep: no measurement: restarts {summary['restarts']}, tie-out {summary['tie_out']}")
seconds = nanoseconds / 1e9
rate = summary["venue_hours"] / seconds
used = {name: int(value) / ticks for name, value in (pair.split("=") for pair in sys.argv[5].split())}
cpu = "  ".join(f"{name} {used[name]:.2f}" for name in ("exchange", "monitor", "watchdog", "signer", "up") if name in used)
print(f"{rate:.1f} seed {seed}: {summary['venue_hours']} h in {seconds:.2f} s; signals {summary['signals']}, orders {summary['orders']}, "
      f"trades closed {summary['trades_closed']}; CPU seconds: {cpu}")
PYTHON
    tail -n 1 "$work/rates" | sed 's/^\([0-9.]*\) \(.*\)/\2: \1 venue hours a second/'
}

for seed in 1 2 3; do
    one_run "$seed"
done
median=$(cut -d' ' -f1 "$work/rates" | sort -n | sed -n 2p)
if awk "BEGIN {exit !($median >= $bar)}"; then verdict=held; code=0; else verdict=MISSED; code=1; fi
echo "lockstep, three symbols: $median venue hours a second (median of three; bar $bar): $verdict"
exit $code
