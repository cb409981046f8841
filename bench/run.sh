#!/usr/bin/env bash
# run.sh: builds and runs the benchmarks, each against its floor or its peer in the same run, and ends with a table.
#
#   bench/run.sh [--build DIR] [NAME...]
#   NAME    dec, decode, feed, venue, net, rest, stream, hostile, features, journal, order_path, indicator, lockstep, memory (default: all); a bench is bench/bench_NAME.c or bench/bench_NAME.sh
#   --build DIR   another release build folder than build/release
#
# What each bench prints stays in BUILD/bench/NAME.txt. Exits 1 when a bar is missed or a bench breaks; a bench that cannot run here (a library or the
# recorded stream is missing) is shown as skipped with the reason. Figures of record and the machine they were taken on: docs/performance.md.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
build=$PWD/build/release
if [ "${1:-}" = --build ]; then
    build=$(readlink -m "${2:?usage: bench/run.sh [--build DIR] [NAME...]}")
    shift 2
fi
if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' bench/run.sh
    exit 0
fi
results=$build/bench
recorded=${PATRIOT_RECORDED_STREAM:-../shared/data/binance-usdm-btcusdt-20240808.stream.gz}

# In this order when none is named: the quick ones first.
names=("$@")
[ $# -gt 0 ] || names=(dec decode feed venue net rest stream hostile features journal order_path indicator memory lockstep)
for name in "${names[@]}"; do
    [ -f "bench/bench_$name.c" ] || [ -f "bench/bench_$name.sh" ] || {
        echo "bench/run.sh: there is no bench \"$name\"; there are: $(ls bench | sed -n 's/^bench_\(.*\)\.\(c\|sh\)$/\1/p' | tr '\n' ' ')" >&2
        exit 2
    }
done

# --- build ----------------------------------------------------------------------------------------------------------------------------------

mkdir -p "$results"
bash bench/fetch_yyjson.sh "$build/peer" 2>"$results/fetch.txt" || echo "bench: the peer yyjson is not to be had ($(tail -n 1 "$results/fetch.txt")): decode is shown without it"
echo "bench: building ($build) ..."
if ! { cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPATRIOT_BENCH=ON; } >"$results/build.txt" 2>&1; then
    tail -n 20 "$results/build.txt" >&2
    exit 2
fi
broken=""
for name in "${names[@]}"; do
    target=patriot
    [ ! -f "bench/bench_$name.c" ] || target=bench_$name
    grep -q "^-- $target is left out" "$results/build.txt" && continue
    targets=("$target")
    [[ $name != rest && $name != stream ]] || targets+=(patriot)
    if ! cmake --build "$build" --target "${targets[@]}" >>"$results/build.txt" 2>&1; then
        grep -E 'error|FAILED' "$results/build.txt" | tail -n 5 >&2
        broken="$broken $name "
    fi
done

# --- run ------------------------------------------------------------------------------------------------------------------------------------

# Sets reason when the bench cannot run here.
reason_to_skip() { # NAME
    reason=$(sed -n "s/^-- bench_$1 is left out: //p" "$results/build.txt")
    case $1 in
        decode | feed | stream) [ -r "$recorded" ] || reason="no recorded stream ($recorded; name another in PATRIOT_RECORDED_STREAM)" ;;
    esac
}

status=0
table=""
for name in "${names[@]}"; do
    out=$results/$name.txt
    reason_to_skip "$name"
    if [ -n "$reason" ]; then
        table+="$(printf '%-12s %-8s %s' "$name" skipped "$reason")"$'\n'
        continue
    fi
    if [[ $broken == *" $name "* ]]; then
        table+="$(printf '%-12s %-8s %s' "$name" BROKEN "does not build, see $results/build.txt")"$'\n'
        status=1
        continue
    fi
    echo "== $name"
    case $name in
        decode | feed) command=("$build/bench_$name" "$recorded") ;;
        stream) command=("$build/bench_$name" "$build/patriot" "$recorded" "$results") ;;
        rest) command=("$build/bench_$name" "$build/patriot") ;;
        order_path | journal) command=("$build/bench_$name" "$results") ;; # the disk that is measured is the one of the build folder
        hostile | indicator | lockstep | memory) command=(bash "bench/bench_$name.sh" "$build") ;;
        *) command=("$build/bench_$name") ;;
    esac
    [ -x "${command[0]}" ] || [ "${command[0]}" = bash ] || command=(bash "bench/bench_$name.sh" "$build")
    "${command[@]}" 2>"$out.notes" | tee "$out"
    code=${PIPESTATUS[0]}
    case $code in
        0) verdict=held ;;
        1) verdict=MISSED ;;
        *) verdict=BROKEN ;;
    esac
    [ "$code" -le 1 ] || tail -n 5 "$out.notes" >&2
    [ "$code" -eq 0 ] || status=1
    table+="$(printf '%-12s %-8s %s' "$name" "$verdict" "$(tail -n 1 "$out")")"$'\n'
done

printf '\n%-12s %-8s %s\n%s' bench bars "last line" "$table"
exit $status
