#!/usr/bin/env bash
# test_ccxt.sh: the third-party client ccxt (a pinned version, unmodified) trades against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
here=$(cd "$(dirname "$0")" && pwd)
node_folder=$build/node
work=$(mktemp -d)
exchange=""
finish() {
    [ -z "$exchange" ] || { kill "$exchange" 2>/dev/null; wait "$exchange" 2>/dev/null; }
    rm -rf "$work"
}
trap finish EXIT

command -v node >/dev/null || { echo "skipped: node is not installed"; exit 77; }
command -v npm >/dev/null || { echo "skipped: npm is not installed"; exit 77; }
if [ ! -f "$node_folder/node_modules/ccxt/package.json" ]; then
    mkdir -p "$node_folder"
    timeout 300 npm install --prefix "$node_folder" --no-audit --no-fund --silent ccxt@4.5.84 >"$work/npm.log" 2>&1 ||
        { echo "skipped: npm could not fetch ccxt: $(tail -n 1 "$work/npm.log")"; exit 77; }
fi

"$build/patriot" exchange --data "$work/data" --ephemeral --account demo:KEY:SECRET:USDT=10000 --seed 7 --speed 60 >"$work/exchange.log" 2>&1 &
exchange=$!
for _ in $(seq 200); do
    [ -s "$work/data/run/exchange.addr" ] && break
    kill -0 "$exchange" 2>/dev/null || break
    sleep 0.05
done
[ -s "$work/data/run/exchange.addr" ] || { cat "$work/exchange.log"; echo "the exchange did not come up"; exit 1; }
timeout 120 node "$here/ccxt_binanceusdm.mjs" "$(cat "$work/data/run/exchange.addr")" "$node_folder"
