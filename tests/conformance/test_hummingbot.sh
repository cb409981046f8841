#!/usr/bin/env bash
# test_hummingbot.sh: hummingbot's connectors binance_perpetual and binance (a pinned version, unmodified) trade a day against `patriot exchange`.
# shows: VEN-3
set -u
build=$1
. "$(dirname "$0")/client_common.sh"
python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null ||
    skip "hummingbot has no binary package, and this python3 (not Debian's) has no headers"
export WITHOUT_CYTHON_OPTIMIZATIONS=1 # of its setup.py: built in a third of the time
need_python hummingbot 20260922 cython==3.3.1 setuptools==80.9.0 wheel aiohttp==3.14.5 async-timeout==4.0.3 bidict==0.24.1 brotli==1.2.1 \
    cachetools==8.0.1 hexbytes==2.0.0 numpy==2.4.6 pandas==3.1.1 pydantic==2.14.3 python-dateutil==4.0.0 ujson==6.1.0
day() { # KIND OPTIONS...
    local kind=$1
    shift
    start_exchange --market synthetic:BTCUSDT=50000 "$@"
    timeout 100 "$python" "$here/hummingbot_day.py" "$kind" "$address" "$work/data" "$build/patriot" || { cat "$work/exchange.log"; exit 1; }
    stop_exchange
}
day futures --face binance-usdm=127.0.0.1:0 --start 2026-01-01T07:00:00Z # an hour before funding
holdings=USDT=10000,BTC=1
day spot --face binance-spot=127.0.0.1:0
