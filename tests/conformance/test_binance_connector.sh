#!/usr/bin/env bash
# test_binance_connector.sh: Binance's Python connector for futures (a pinned version, unmodified) trades against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_python binance-futures-connector 4.2.0
start_exchange
timeout 120 "$python" "$here/binance_connector.py" "$address"
