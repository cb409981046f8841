#!/usr/bin/env bash
# test_siebly.sh: the npm client `binance` of siebly (a pinned version, unmodified) trades against `patriot exchange`: REST, socket API, streams.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_node binance 3.6.5
start_exchange
timeout 120 node "$here/siebly.mjs" "$address" "$node_folder"
