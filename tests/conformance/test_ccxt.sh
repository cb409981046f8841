#!/usr/bin/env bash
# test_ccxt.sh: the third-party client ccxt (a pinned version, unmodified) trades against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_node ccxt 4.5.84
start_exchange
timeout 120 node "$here/ccxt_binanceusdm.mjs" "$address" "$node_folder"
