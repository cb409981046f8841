#!/usr/bin/env bash
# restart_patriot.sh: stops everything and brings it back in six steps, each checked before the next.
#
#   ./restart_patriot.sh [--data DIR]     asks nothing without a terminal: recovery then follows the exchange
set -u
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$here/tools/scripts/words.sh"
data=$here/data
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage_of "$0"; exit 0 ;;
        --data) [ -n "${2:-}" ] || { echo "restart_patriot.sh: --data wants a folder" >&2; exit 2; }; data=$2; shift 2 ;;
        --data=) echo "restart_patriot.sh: --data wants a folder" >&2; exit 2 ;;
        --data=*) data=${1#--data=}; shift ;;
        *) refuse_word "$0" "no such word here" "$1" --data --help ;;
    esac
done
patriot=$here/build/product/patriot

echo "[1/6] stopping everything (orders and stops stay at the exchange)"
if [ -x "$patriot" ]; then "$patriot" stop --data "$data" || true; fi
echo "[2/6] checking the journal"
if [ -d "$data/journal" ] && [ -x "$patriot" ]; then
    "$patriot" journal verify --data "$data" || { echo "the journal is damaged: nothing was started; see the message above" >&2; exit 1; }
else
    echo "      no journal yet"
fi
echo "[3/6] starting; the watchdog reconciles with the exchange before its first entry"
"$here/start_patriot.sh" up --background --data "$data" || exit 1
echo "[4/6] checking connection and account"
"$patriot" doctor --data "$data" || true
if [ -t 0 ]; then
    printf '[5/6] recovery: 1 go on (default)  2 look at every order first  3 entries off until told otherwise: '
    read -r answer || answer=1
    case "$answer" in
        2) "$patriot" status --all --data "$data" ;;
        3) "$patriot" kill 1 --data "$data" ;;
    esac
else
    echo "[5/6] recovery: no terminal, going on"
fi
echo "[6/6] final state"
"$patriot" status --all --data "$data"
code=$?
echo "next: ./watchdog.sh logs"
exit $code
