#!/usr/bin/env bash
# The scripts work from any folder, say what they would install, and refuse what they do not know.
# shows: UI-1, UI-11, R009, R014
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
bash -n "$root"/*.sh "$root"/tools/scripts/*.sh
"$root/start_patriot.sh" --help | grep -q -- --seed
if "$root/watchdog.sh" nonsense >/dev/null 2>&1; then echo "watchdog.sh took nonsense"; exit 1; fi
"$root/watchdog.sh" help | grep -q istop
"$root/run_tests.sh" --help >help.txt
grep -q conformance help.txt
if grep -q 'set -u' help.txt; then echo "run_tests.sh --help prints its source"; exit 1; fi
for pair in "strat start" "lgos logs"; do
    "$root/watchdog.sh" ${pair% *} 2>&1 | grep -q "did you mean ${pair#* }?" || { echo "watchdog.sh ${pair% *}: not ${pair#* }"; exit 1; }
done
# refuses SCRIPT WHAT-IT-SAYS WORDS...: exit 2, with that on standard error, and nothing is started or made
refuses()
{
    local script=$1 wanted=$2 code=0
    shift 2
    "$root/$script" "$@" >refused.txt 2>&1 </dev/null || code=$?
    if [ "$code" != 2 ] || ! grep -q -- "$wanted" refused.txt; then echo "$script $*: $code, not \"$wanted\": $(cat refused.txt)"; exit 1; fi
}
refuses watchdog.sh "did you mean status?" staus
refuses watchdog.sh "--data wants a folder" start --data
refuses watchdog.sh "no such action: nosuch" --data "$folder/none" nosuch
refuses watchdog.sh "-n wants a number" logs -n x
refuses watchdog.sh "--level wants" logs --level LOUD
refuses watchdog.sh "--since wants" logs --since yesterday
refuses watchdog.sh "did you mean --level?" logs --leven INFO
refuses restart_patriot.sh "--data wants a folder" --data
refuses restart_patriot.sh "no such word here: y" --data "$folder/none" y
refuses start_patriot.sh "did you mean monitor?" monitr
refuses start_patriot.sh "wants wall time" --for 5
refuses run_tests.sh "did you mean structure?" strcture
refuses check_system_status.sh "did you mean --json?" --jsn
[ ! -e "$folder/none" ] || { echo "a refused command has made its folder"; exit 1; }
# What a start says of installing and building is not on standard output, where --json puts the one object.
mkdir -p fresh/bin
printf '#!/bin/sh\nmkdir -p build/product && touch build/product/patriot && chmod +x build/product/patriot\n' >fresh/bin/cmake
chmod +x fresh/bin/cmake
(cd fresh && PATH="$PWD/bin:$PATH" && . "$root/tools/scripts/install.sh" && patriot_build product patriot) >fresh/out 2>fresh/err
if [ -s fresh/out ] || ! grep -q building fresh/err; then echo "a build says on standard output: $(cat fresh/out)"; exit 1; fi
"$root/start_patriot.sh" --data "$folder/data" --for 50vh --json >summary.json 2>lines.txt
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' summary.json || { cat summary.json; exit 1; }
grep -q '"tie_out":"0"' summary.json || { cat summary.json lines.txt; exit 1; }
code=0
"$root/check_system_status.sh" --data "$folder/data" >/dev/null || code=$?
[ "$code" = 2 ] || { echo "status of a stopped system: $code"; exit 1; }
"$root/watchdog.sh" start --data "$folder/data" >start.txt
"$root/watchdog.sh" check --data "$folder/data" >check.txt || true
grep -q monitor check.txt
timeout 20 "$root/watchdog.sh" logs nope --data "$folder/data" >none.txt 2>&1 || true
grep -q "there are: .*monitor" none.txt || { echo "logs of nothing: $(cat none.txt)"; exit 1; }
"$root/watchdog.sh" stop --data "$folder/data" | grep -q stopped
[ -z "$(ls "$root" | grep -x data || true)" ] || echo "note: a data folder stands in the source tree"
echo ok
