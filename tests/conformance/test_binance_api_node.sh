#!/usr/bin/env bash
# test_binance_api_node.sh: the npm client `binance-api-node` (a pinned version, unmodified) trades a day of futures, over a funding, and of spot
# against `patriot exchange`, with both markets of one name; its balances are exact to the last unit.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
command -v python3 >/dev/null || skip "python3 is not installed"
need_node binance-api-node 0.13.10
holdings=USDT=10000,ETH=1,BTC=1,BNB=2
start_exchange --face binance-usdm=127.0.0.1:0 --face binance-spot=127.0.0.1:0 --start 2026-01-01T07:50:00Z \
    --market usdm:synthetic:BTCUSDT=50000 --market usdm:synthetic:BNBUSDT=600 --market spot:synthetic:BTCUSDT=50000 --market spot:synthetic:ETHUSDT=3000
timeout 100 node "$here/binance_api_node.mjs" "$address" "$spot_address" "$node_folder" "$work/day.json" || { cat "$work/exchange.log"; exit 1; }
python3 "$here/day_exact.py" "$work/day.json" demo "$work/data" "$build/patriot"
