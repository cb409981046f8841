#!/usr/bin/env bash
# test_ccxt_spot.sh: the third-party client ccxt (a pinned version, unmodified), class binance, trades spot against `patriot exchange`.
# shows: VEN-1, VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_node ccxt 4.5.84
holdings=USDT=10000,ETH=2
start_exchange --face binance-spot=127.0.0.1:0
timeout 120 node "$here/ccxt_binance_spot.mjs" "$address" "$node_folder"
