#!/usr/bin/env bash
# test_nautilus.sh: NautilusTrader's Binance adapter (a pinned version, unmodified) trades a day of futures and a day of spot against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || skip "NautilusTrader needs Python 3.11"
need_python nautilus_trader 1.221.0
day() { # KIND OPTIONS...
    local kind=$1
    shift
    start_exchange --market synthetic:BTCUSDT=50000 "$@"
    timeout 100 "$python" "$here/nautilus_day.py" "$kind" "$address" || { cat "$work/exchange.log"; exit 1; }
    stop_exchange
}
day futures --face binance-usdm=127.0.0.1:0
holdings=USDT=10000,BTC=1
day spot --face binance-spot=127.0.0.1:0
