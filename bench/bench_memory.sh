#!/usr/bin/env bash
# bench_memory.sh [BUILD [SECONDS]]: memory of the processes of the main job together with 20 symbols, and the time from start to healthy.
#
# Memory: PSS (each page counted once, shared ones divided among their users) of /proc/PID/smaps_rollup, summed over exchange, signer, watchdog,
# monitor and `up` while the system runs in lockstep, the highest of four samples in SECONDS (default 20). All five count against the bar of 60 MB;
# the sum without the exchange, which a live system does not have, stands beside it. Two ways to 20 symbols: the four bundled histories and
# 16 markets of chance; and 20 hourly histories of up to six years (three bundled ones under many names), the heaviest that the exchange is given.
# Start: what `up` says ("all four processes are up after N ms") on an empty folder with the bundled markets, median of nine; bar 300 ms; second
# starts, on the folder that has seen 50 venue hours, are shown too. Exits 1 when a bar is missed.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
build=${1:-$here/../build/release}
seconds=${2:-20}
memory_bar_kb=60000
start_bar_ms=300
patriot=$(readlink -f "$build/patriot" || true)
[ -x "$patriot" ] || { echo "bench_memory: no patriot in $build; build it first (bench/run.sh does)" >&2; exit 2; }
work=$(mktemp -d)
up=0
finish() {
    if [ "$up" -gt 0 ] && kill -INT "$up" 2>/dev/null; then wait "$up" || true; fi
    rm -rf "$work"
}
trap finish EXIT

begin() { # DATA OPTION...: starts `up` and waits for its word that all four processes are up; its milliseconds in $healthy_ms
    local data=$1 line
    shift
    rm -f "$work/said"
    mkfifo "$work/said"
    : >"$work/notes"
    "$patriot" up --json --data "$data" --config "$work" --seed 1 "$@" >"$work/summary" 2>"$work/said" &
    up=$!
    exec 8<"$work/said"
    while read -r -t 30 line <&8; do
        echo "$line" >>"$work/notes"
        healthy_ms=$(sed -n 's/^all four processes are up after \([0-9]*\) ms.*/\1/p' <<<"$line")
        if [ -n "$healthy_ms" ]; then
            cat <&8 >>"$work/notes" & # what it says later must not fill the pipe
            exec 8<&-
            return 0
        fi
    done
    echo "bench_memory: the system did not come up:" >&2
    cat "$work/notes" >&2
    exit 1
}

end() {
    kill -INT "$up"
    wait "$up" || true
    up=0
}

pss_kb() { # PID
    awk '$1 == "Pss:" {print $2}' "/proc/$1/smaps_rollup"
}

# --- memory ---------------------------------------------------------------------------------------------------------------------------------

code=0
measure_memory() { # LABEL OPTION...
    local label=$1 data=$work/memory-$1 highest=0 line="" sum text role pid kb exchange=0 hours verdict
    shift
    begin "$data" "$@"
    for _ in 1 2 3 4; do
        sleep "$(awk "BEGIN {print $seconds / 4}")"
        sum=$(pss_kb "$up")
        text="up $sum"
        for role in exchange signer watchdog monitor; do
            read -r pid _ <"$data/run/$role.lock"
            kb=$(pss_kb "$pid")
            sum=$((sum + kb))
            text="$role $kb  $text"
            [ "$role" != exchange ] || exchange=$kb
        done
        if [ "$sum" -gt "$highest" ]; then
            highest=$sum
            line="$text; without the exchange $((sum - exchange))"
        fi
    done
    hours=$("$patriot" ask exchange state --data "$data" 2>/dev/null | sed -n 's/.*"venue_hours":\([0-9]*\).*/\1/p')
    end
    if [ "$highest" -le $memory_bar_kb ]; then verdict=held; else verdict=MISSED; code=1; fi
    echo "PSS in kB, 20 symbols ($label), ${hours:-?} venue hours: $line"
    awk "BEGIN {printf \"all processes together ($label): %.1f MB (bar 60): $verdict\n\", $highest / 1000}"
}

markets=(--market bundled)
for number in $(seq -w 1 16); do markets+=(--market "synthetic:SYM${number}USDT"); done
measure_memory "chance" "${markets[@]}"
names=(ETHUSDT XRPUSDT BANANAS31USDT)
markets=(--market bundled:ETHUSDT,XRPUSDT,BANANAS31USDT)
for number in $(seq 1 17); do markets+=(--market "candles:SYM${number}USDT=$here/../market/BINANCE_${names[$((number % 3))]}_1h.csv.gz"); done
measure_memory "histories" "${markets[@]}"

# --- start ----------------------------------------------------------------------------------------------------------------------------------

first=()
second=()
for round in $(seq 9); do
    begin "$work/start-$round" --market bundled --for 50vh
    first+=("$healthy_ms")
    wait "$up"
    up=0
    begin "$work/start-$round" --market bundled
    second+=("$healthy_ms")
    end
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
start_ms=$(median "${first[@]}")
if [ "$start_ms" -le $start_bar_ms ]; then verdict=held; else verdict=MISSED; code=1; fi
echo "start to healthy: $start_ms ms (median of ${first[*]}; bar $start_bar_ms): $verdict; second start $(median "${second[@]}") ms (${second[*]})"
exit $code
