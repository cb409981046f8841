#!/usr/bin/env bash
# test_python_binance.sh: python-binance (a pinned version, unmodified) trades futures against `patriot exchange`, and a day of
# futures and of spot on two accounts each, whose every balance is known to the last unit.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
need_python python-binance 1.0.37
start_exchange
timeout 120 "$python" "$here/python_binance.py" "$address" || exit 1
stop_exchange
start_exchange --face binance-usdm=127.0.0.1:0 --face binance-spot=127.0.0.1:0 --start 2026-01-01T07:30:00Z --fee-asset BNB \
    --market usdm:synthetic:BTCUSDT=50000 --market usdm:synthetic:BNBUSDT=600 --market spot:synthetic:ETHUSDT=3000 --market spot:synthetic:BNBUSDT=600 \
    --account ann:ann-key:ann-secret:USDT=10000,BNB=5 --account bob:bob-key:bob-secret:USDT=400 \
    --account cid:cid-key:cid-secret:USDT=10000,ETH=1,BNB=2 --account dan:dan-key:dan-secret:USDT=2000
timeout 100 "$python" "$here/python_binance_day.py" "$address" "$spot_address" "$work/data" "$build/patriot" || { cat "$work/exchange.log"; exit 1; }
