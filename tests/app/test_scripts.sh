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
for pair in "staus status" "strat start" "lgos logs"; do
    "$root/watchdog.sh" ${pair% *} 2>&1 | grep -q "did you mean ${pair#* }?" || { echo "watchdog.sh ${pair% *}: not ${pair#* }"; exit 1; }
done
"$root/start_patriot.sh" --data "$folder/data" --for 50vh --json >summary.json 2>lines.txt
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
