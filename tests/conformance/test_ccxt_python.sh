#!/usr/bin/env bash
# test_ccxt_python.sh: ccxt for Python (a pinned version, unmodified), blocking and with sockets, trades against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_python ccxt 4.5.84
start_exchange
timeout 120 "$python" "$here/ccxt_binanceusdm.py" "$address"
