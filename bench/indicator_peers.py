#!/usr/bin/env python3
"""indicator_peers.py: our indicators against TA-Lib and Tulip over the same random series, in turns; see bench_indicator.sh.

    indicator_peers.py PROGRAM [BARS]        run by the Python that has talib, tulipy and numpy

For each shared indicator: nanoseconds a bar of our whole-series form, of the peers (best of three turns of six calls each, ours and theirs), the ratio to the faster one, and our one-bar
form as a multiple of our series. Bars of issue 5: at least as fast on every one, twice as fast on half of them, one bar <= 3 times the series.
"""
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import talib
import tulipy

PROGRAM, BARS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
ROUNDS, TURNS = 6, 3

random = np.random.default_rng(7)
close = 100.0 * np.exp(np.cumsum(random.normal(0, 0.001, BARS)))
open_ = np.concatenate(([100.0], close[:-1]))
high = np.maximum(open_, close) * (1 + 0.0005 * random.random(BARS))
low = np.minimum(open_, close) * (1 - 0.0005 * random.random(BARS))
volume = 1000 * random.random(BARS)

# name and options of ours; TA-Lib's call; Tulip's call (None: it has none of that meaning)
RACES = [
    ("sma 20", lambda: talib.SMA(close, 20), lambda: tulipy.sma(close, 20)),
    ("ema 20", lambda: talib.EMA(close, 20), lambda: tulipy.ema(close, 20)),
    ("wma 20", lambda: talib.WMA(close, 20), lambda: tulipy.wma(close, 20)),
    ("dema 20", lambda: talib.DEMA(close, 20), lambda: tulipy.dema(close, 20)),
    ("tema 20", lambda: talib.TEMA(close, 20), lambda: tulipy.tema(close, 20)),
    ("trima 20", lambda: talib.TRIMA(close, 20), lambda: tulipy.trima(close, 20)),
    ("kama 30", lambda: talib.KAMA(close, 30), lambda: tulipy.kama(close, 30)),
    ("t3 5", lambda: talib.T3(close, 5), None),
    ("rma 14", None, lambda: tulipy.wilders(close, 14)),
    ("hma 20", None, lambda: tulipy.hma(close, 20)),
    ("vwma 20", None, lambda: tulipy.vwma(close, volume, 20)),
    ("rsi 14", lambda: talib.RSI(close, 14), lambda: tulipy.rsi(close, 14)),
    ("macd", lambda: talib.MACD(close, 12, 26, 9), lambda: tulipy.macd(close, 12, 26, 9)),
    ("stoch", lambda: talib.STOCH(high, low, close, 5, 3, 0, 3, 0), lambda: tulipy.stoch(high, low, close, 5, 3, 3)),
    ("stochf", lambda: talib.STOCHF(high, low, close, 5, 3, 0), None),
    ("stochrsi", lambda: talib.STOCHRSI(close, 14, 5, 3, 0), None),
    ("willr 14", lambda: talib.WILLR(high, low, close, 14), lambda: tulipy.willr(high, low, close, 14)),
    ("apo", lambda: talib.APO(close, 12, 26, 0), None),
    ("ppo", lambda: talib.PPO(close, 12, 26, 0), None),
    ("mom 10", lambda: talib.MOM(close, 10), lambda: tulipy.mom(close, 10)),
    ("roc 10", lambda: talib.ROC(close, 10), None),
    ("rocp 10", lambda: talib.ROCP(close, 10), lambda: tulipy.roc(close, 10)),
    ("rocr 10", lambda: talib.ROCR(close, 10), lambda: tulipy.rocr(close, 10)),
    ("cci 14", lambda: talib.CCI(high, low, close, 14), lambda: tulipy.cci(high, low, close, 14)),
    ("dev 14", lambda: talib.AVGDEV(close, 14), lambda: tulipy.md(close, 14)),
    ("cmo 14", lambda: talib.CMO(close, 14), None),
    ("cmo_plain 14", None, lambda: tulipy.cmo(close, 14)),
    ("ultosc", lambda: talib.ULTOSC(high, low, close, 7, 14, 28), lambda: tulipy.ultosc(high, low, close, 7, 14, 28)),
    ("ao", None, lambda: tulipy.ao(high, low)),
    ("plus_di 14", lambda: talib.PLUS_DI(high, low, close, 14), None),
    ("dx 14", lambda: talib.DX(high, low, close, 14), lambda: tulipy.dx(high, low, close, 14)),
    ("adx 14", lambda: talib.ADX(high, low, close, 14), lambda: tulipy.adx(high, low, close, 14)),
    ("adxr 14", lambda: talib.ADXR(high, low, close, 14), lambda: tulipy.adxr(high, low, close, 14)),
    ("aroon 14", lambda: talib.AROON(high, low, 14), lambda: tulipy.aroon(high, low, 14)),
    ("aroonosc 14", lambda: talib.AROONOSC(high, low, 14), lambda: tulipy.aroonosc(high, low, 14)),
    ("sar", lambda: talib.SAR(high, low, 0.02, 0.2), lambda: tulipy.psar(high, low, 0.02, 0.2)),
    ("trix 14", lambda: talib.TRIX(close, 14), lambda: tulipy.trix(close, 14)),
    ("lsma 14", lambda: talib.LINEARREG(close, 14), lambda: tulipy.linreg(close, 14)),
    ("variance 20", lambda: talib.VAR(close, 20), lambda: tulipy.var(close, 20)),
    ("stddev 20", lambda: talib.STDDEV(close, 20), lambda: tulipy.stddev(close, 20)),
    ("correl 30", lambda: talib.CORREL(high, low, 30), None),
    ("beta 5", lambda: talib.BETA(high, low, 5), None),
    ("highest 14", lambda: talib.MAX(high, 14), lambda: tulipy.max(high, 14)),
    ("lowest 14", lambda: talib.MIN(low, 14), lambda: tulipy.min(low, 14)),
    ("midpoint 14", lambda: talib.MIDPOINT(close, 14), None),
    ("midprice 14", lambda: talib.MIDPRICE(high, low, 14), None),
    ("sum 14", lambda: talib.SUM(close, 14), lambda: tulipy.sum(close, 14)),
    ("atr 14", lambda: talib.ATR(high, low, close, 14), lambda: tulipy.atr(high, low, close, 14)),
    ("natr 14", lambda: talib.NATR(high, low, close, 14), lambda: tulipy.natr(high, low, close, 14)),
    ("bollinger 20 2", lambda: talib.BBANDS(close, 20, 2.0, 2.0), lambda: tulipy.bbands(close, 20, 2)),
    ("obv", lambda: talib.OBV(close, volume), lambda: tulipy.obv(close, volume)),
    ("ad", lambda: talib.AD(high, low, close, volume), lambda: tulipy.ad(high, low, close, volume)),
    ("adosc 3 10", lambda: talib.ADOSC(high, low, close, volume, 3, 10), lambda: tulipy.adosc(high, low, close, volume, 3, 10)),
    ("mfi 14", lambda: talib.MFI(high, low, close, volume, 14), lambda: tulipy.mfi(high, low, close, volume, 14)),
]


def best(call):
    if call is None:
        return float("inf")
    took = []
    for _ in range(ROUNDS):
        begun = time.thread_time_ns()
        call()
        took.append(time.thread_time_ns() - begun)
    return min(took) / BARS


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "columns.bin")
        np.concatenate((open_, high, low, close, volume)).tofile(path)
        ours = subprocess.Popen([PROGRAM, path, str(BARS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ratios, slow_bars = [], []
        print("%-16s %9s %9s %9s %7s %9s %7s" % ("indicator", "ours", "TA-Lib", "Tulip", "ratio", "one bar", "/series"))
        for name, of_talib, of_tulip in RACES:
            theirs, series, one = (float("inf"), float("inf")), float("inf"), float("inf")
            for _ in range(TURNS):
                theirs = tuple(map(min, theirs, (best(of_talib), best(of_tulip))))
                ours.stdin.write(name + "\n")
                ours.stdin.flush()
                now = tuple(map(float, ours.stdout.readline().split()))
                series, one = min(series, now[0]), min(one, now[1])
            ratio = min(theirs) / series
            ratios.append((ratio, name))
            if one > 3 * series:
                slow_bars.append(name)
            shown = ["%9.2f" % x if x < 1e9 else "%9s" % "-" for x in theirs]
            print("%-16s %9.2f %s %s %7.2f %9.2f %7.2f" % (name, series, shown[0], shown[1], ratio, one, one / series))
        ours.stdin.close()
        ours.wait()
    slower = sorted(name + " %.2f" % ratio for ratio, name in ratios if ratio < 1.0)
    twice = sum(ratio >= 2.0 for ratio, _ in ratios)
    print("ns a bar over %d bars; at least as fast as the faster peer on %d of %d, twice as fast on %d; one bar above 3 times the series: %s" % (
        BARS, len(ratios) - len(slower), len(ratios), twice, ", ".join(slow_bars) or "none"))
    print("slower: " + (", ".join(slower) or "none"))
    return 1 if slower or 2 * twice < len(ratios) or slow_bars else 0


sys.exit(main())
