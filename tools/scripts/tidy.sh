#!/usr/bin/env bash
# tidy.sh JUNIT [FILE...]: clang-tidy with the tree's .clang-tidy over the release build's C files: the named ones, else those that differ from main, else all.
# One test case a file; what is found stands on standard error.
set -u
cd "$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)" || exit 1
junit=$1
shift
commands=build/release/compile_commands.json
files=$*
[ -n "$files" ] || files=$(git diff --name-only main -- '*.c' 2>/dev/null)
[ -n "$files" ] || files=$(grep -o '"file": "[^"]*"' $commands | cut -d'"' -f4 | grep -E "^$PWD/(src|tests|bench)/" | sort -u)
failed=0
{
    echo '<testsuite name="tidy">'
    for file in $files; do
        name=${file#"$PWD"/}
        if [ ! -e "$name" ] || ! grep -q "/$name\"" $commands; then continue; fi
        if found=$(clang-tidy -p build/release --quiet "$name" 2>/dev/null); then
            echo "<testcase name=\"tidy/$name\" status=\"run\"/>"
        else
            failed=1
            echo "<testcase name=\"tidy/$name\" status=\"fail\"/>"
            grep -E 'warning:|error:' <<<"$found" >&2
        fi
    done
    echo '</testsuite>'
} >"$junit"
exit $failed
