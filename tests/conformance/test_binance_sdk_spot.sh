#!/usr/bin/env bash
# test_binance_sdk_spot.sh: Binance's own JavaScript SDK for spot (a pinned version, unmodified) trades against `patriot exchange`: REST, socket API, user
# data, streams.
# shows: VEN-1, VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_node @binance/spot 32.0.4
holdings=USDT=10000,ETH=2
start_exchange --face binance-spot=127.0.0.1:0
timeout 120 node "$here/binance_sdk_spot.mjs" "$address" "$node_folder"
