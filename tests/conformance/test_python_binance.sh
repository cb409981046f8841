#!/usr/bin/env bash
# test_python_binance.sh: python-binance (a pinned version, unmodified) trades futures against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_python python-binance 1.0.37
start_exchange
timeout 120 "$python" "$here/python_binance.py" "$address"
