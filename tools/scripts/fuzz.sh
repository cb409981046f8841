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
failed=0
{
    echo '<testsuite name="fuzz">'
    for target in build/fuzz/fuzz_*; do
        [ -x "$target" ] && [ -f "$target" ] || continue
        name=${target##*/fuzz_}
        corpus=tests/fuzz/corpus/$name
        findings=build/fuzz/findings/$name
        if [ "$form" = short ]; then
            grown=build/fuzz/short/$name
            rm -rf "$grown" # what an earlier run learnt would change what this one tries
            runs=20000
            [ "$name" != spot_face ] || runs=6000 # each input opens a whole exchange
            extent="-seed=1 -runs=$runs -max_total_time=120" # the time is a bound for a stuck target, not the length
        else
            grown=build/fuzz/grown/$name
            extent="-max_total_time=$form"
        fi
        mkdir -p "$findings" "$grown"
        # shellcheck disable=SC2086 # several words
        if "$target" -artifact_prefix="$findings/" -rss_limit_mb=2048 $extent "$grown" "$corpus" >"$findings/log" 2>&1; then
            echo "<testcase name=\"fuzz/$name\" status=\"run\"/>"
            echo "fuzz/$name: clean" >&2
        else
            failed=1
            echo "<testcase name=\"fuzz/$name\" status=\"fail\"/>"
            echo "fuzz/$name: FAILED, see $findings" >&2
            tail -n 30 "$findings/log" >&2
        fi
    done
    echo '</testsuite>'
} >"$junit"
exit $failed
