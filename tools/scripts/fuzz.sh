#!/usr/bin/env bash
# fuzz.sh SECONDS JUNIT-FILE: builds the fuzz targets and runs each over its corpus and SECONDS more; findings stay in build/fuzz/findings.
set -u
cd "$(cd "$(dirname "$0")/../.." && pwd)" || exit 1
seconds=$1
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
        mkdir -p "$findings" "build/fuzz/grown/$name"
        if "$target" -max_total_time="$seconds" -artifact_prefix="$findings/" -rss_limit_mb=2048 "build/fuzz/grown/$name" \
            $( [ -d "$corpus" ] && echo "$corpus" ) >"$findings/log" 2>&1; then
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
