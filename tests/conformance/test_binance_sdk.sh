#!/usr/bin/env bash
# test_binance_sdk.sh: Binance's own JavaScript SDK (a pinned version, unmodified) trades against `patriot exchange`: REST, socket API, streams.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_node @binance/derivatives-trading-usds-futures 38.1.1
start_exchange
timeout 120 node "$here/binance_sdk.mjs" "$address" "$node_folder"
