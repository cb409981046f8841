#!/usr/bin/env bash
# bench_indicator.sh [BUILD [BARS]]: our indicators over 1,000,000 bars against TA-Lib and Tulip, in turns, in the same run.
#
# The peers are PyPI's packages (their C code runs; Python only calls it), installed into BUILD/venv when they are not there. Bars of the issue:
# at least as fast as the faster peer on every shared indicator, twice as fast on half of them, one bar at a time at most 3 times the
# series. Exits 1 when a bar is missed, 2 when the peers are not to be had.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
build=$(readlink -m "${1:-$here/../build/release}")
pinned=(TA-Lib==0.6.8 numpy==2.2.6 tulipy==0.4.0)
cmake --build "$build" --target bench_indicator_series >/dev/null
python=$build/venv/bin/python3
[ -x "$python" ] || python3 -m venv "$build/venv"
if ! "$python" -c 'import talib, tulipy, numpy' 2>/dev/null && ! "$python" -m pip install -q --disable-pip-version-check --no-input "${pinned[@]}"; then
    echo "bench_indicator: cannot install ${pinned[*]}" >&2
    exit 2
fi
exec "$python" "$here/indicator_peers.py" "$build/bench_indicator_series" "${2:-1000000}"
