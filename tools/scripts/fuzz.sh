#!/usr/bin/env bash
# fuzz.sh short|SECONDS JUNIT-FILE: builds the fuzz targets and runs each over its corpus, then on; findings stay in build/fuzz/findings.
#   short    the same 20,000 inputs (spot_face: 6,000) at every run: what it says hangs on the code alone
#   SECONDS  a search from another seed each time, which keeps what it learns in build/fuzz/grown
set -u
cd "$(cd "$(dirname "$0")/../.." && pwd)" || exit 1
form=$1
junit=$2
mkdir -p build
if ! { cmake --preset fuzz && cmake --build --preset fuzz; } >build/fuzz.log 2>&1; then
    grep -E 'error|FAILED' build/fuzz.log | head -n 20 >&2
    echo '<testsuite><testcase name="fuzz/build" status="fail"/></testsuite>' >"$junit"
    exit 1
fi

run_target() # name; leaves its line for the report in its findings
{
    local name=$1 grown extent runs=20000 findings=build/fuzz/findings/$1
    if [ "$form" = short ]; then
        grown=build/fuzz/short/$name
        rm -rf "$grown" # what an earlier run learnt would change what this one tries
        [ "$name" != spot_face ] || runs=6000 # each input opens a whole exchange
        extent="-seed=1 -runs=$runs -max_total_time=240" # the time is a bound for a stuck target, not the length
    else
        grown=build/fuzz/grown/$name
        extent="-max_total_time=$form"
    fi
    mkdir -p "$findings" "$grown"
    # shellcheck disable=SC2086 # several words
    if "build/fuzz/fuzz_$name" -artifact_prefix="$findings/" -rss_limit_mb=2048 $extent "$grown" "tests/fuzz/corpus/$name" >"$findings/log" 2>&1; then
        echo "<testcase name=\"fuzz/$name\" status=\"run\"/>" >"$findings/result.xml"
        echo "fuzz/$name: clean" >&2
    else
        echo "<testcase name=\"fuzz/$name\" status=\"fail\"/>" >"$findings/result.xml"
        echo "fuzz/$name: FAILED, see $findings" >&2
        tail -n 30 "$findings/log" >&2
    fi
}

# Two at a time: each keeps one processor busy.
names=()
for target in build/fuzz/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    names+=("${target##*/fuzz_}")
    rm -f "build/fuzz/findings/${names[-1]}/result.xml"
    run_target "${names[-1]}" &
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
done
wait

{
    echo '<testsuite name="fuzz">'
    for name in "${names[@]}"; do
        cat "build/fuzz/findings/$name/result.xml" 2>/dev/null || echo "<testcase name=\"fuzz/$name\" status=\"fail\"/>"
    done
    echo '</testsuite>'
} >"$junit"
! grep -q 'status="fail"' "$junit"
