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
"$root/start_patriot.sh" --data "$folder/data" --for 50vh --json >summary.json 2>lines.txt
grep -q '"tie_out":"0"' summary.json || { cat summary.json lines.txt; exit 1; }
code=0
"$root/check_system_status.sh" --data "$folder/data" >/dev/null || code=$?
[ "$code" = 2 ] || { echo "status of a stopped system: $code"; exit 1; }
"$root/watchdog.sh" start --data "$folder/data" >start.txt
"$root/watchdog.sh" check --data "$folder/data" >check.txt || true
grep -q monitor check.txt
"$root/watchdog.sh" stop --data "$folder/data" | grep -q stopped
[ -z "$(ls "$root" | grep -x data || true)" ] || echo "note: a data folder stands in the source tree"
echo ok
