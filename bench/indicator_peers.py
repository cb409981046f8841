#!/usr/bin/env python3
"""indicator_peers.py: our indicators against TA-Lib and Tulip over the same random series, in turns; see bench_indicator.sh.

    indicator_peers.py PROGRAM [BARS]        run by the Python that has talib, tulipy and numpy

For each shared indicator: nanoseconds a bar of our whole-series form, of the peers (best of three turns of up to six calls each, ours and theirs; two of those that take long), the ratio to
the faster one, and our one-bar form as a multiple of our series. Bars of issue 5: at least as fast on every one, twice as fast on half of them, one bar <= 3 times the series.

Every function that both have is here, but for those that are no indicators: arithmetic of one or two columns, and the mean prices (AVGPRICE, MEDPRICE, TYPPRICE, WCLPRICE), which are sources here. Ours
that give several outputs at once (linreg, aroon, ..) do so in the races of each; MINMAX is MAX and MIN, MINMAXINDEX MAXINDEX and MININDEX. Tulip's stochrsi, ppo, apo and macd of a first value are other formulas.
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
LONG_NS = 30_000_000  # what has taken that long in one turn has been called often enough, from the second time on

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
    ("plus_dm 14", lambda: talib.PLUS_DM(high, low, 14), None),
    ("minus_dm 14", lambda: talib.MINUS_DM(high, low, 14), None),
    ("minus_di 14", lambda: talib.MINUS_DI(high, low, close, 14), None),
    ("bop", lambda: talib.BOP(open_, high, low, close), lambda: tulipy.bop(open_, high, low, close)),
    ("tr", lambda: talib.TRANGE(high, low, close), None),
    ("tr 1", None, lambda: tulipy.tr(high, low, close)),
    ("rocr100 10", lambda: talib.ROCR100(close, 10), None),
    ("ma 30", lambda: talib.MA(close, 30), None),
    ("ma 30 1", lambda: talib.MA(close, 30, 1), None),
    ("ma 30 3", lambda: talib.MA(close, 30, 3), None),
    ("ma 30 8", lambda: talib.MA(close, 30, 8), None),
    ("bbands 20 2 2", lambda: talib.BBANDS(close, 20, 2.0, 2.0, 0), None),
    ("bbands 20 2 1 1", lambda: talib.BBANDS(close, 20, 2.0, 1.0, 1), None),
    ("macdext", lambda: talib.MACDEXT(close, 12, 0, 26, 0, 9, 0), None),
    ("macdext 12 1 26 1 9 1", lambda: talib.MACDEXT(close, 12, 1, 26, 1, 9, 1), None),
    ("macdfix 9", lambda: talib.MACDFIX(close, 9), None),
    ("apo 12 26 1", lambda: talib.APO(close, 12, 26, 1), None),
    ("ppo 12 26 1", lambda: talib.PPO(close, 12, 26, 1), None),
    ("sarext", lambda: talib.SAREXT(high, low), None),
    ("mama", lambda: talib.MAMA(close, 0.5, 0.05), None),
    ("ht_dcperiod", lambda: talib.HT_DCPERIOD(close), None),
    ("ht_dcphase", lambda: talib.HT_DCPHASE(close), None),
    ("ht_phasor", lambda: talib.HT_PHASOR(close), None),
    ("ht_sine", lambda: talib.HT_SINE(close), None),
    ("ht_trendline", lambda: talib.HT_TRENDLINE(close), None),
    ("ht_trendmode", lambda: talib.HT_TRENDMODE(close), None),
    ("highestbars 14", lambda: talib.MAXINDEX(high, 14), None),
    ("lowestbars 14", lambda: talib.MININDEX(low, 14), None),
    ("linreg 14 slope", lambda: talib.LINEARREG_SLOPE(close, 14), lambda: tulipy.linregslope(close, 14)),
    ("linreg 14 base", lambda: talib.LINEARREG_INTERCEPT(close, 14), lambda: tulipy.linregintercept(close, 14)),
    ("linreg 14 angle", lambda: talib.LINEARREG_ANGLE(close, 14), None),
    ("linreg 14 tsf", lambda: talib.TSF(close, 14), lambda: tulipy.tsf(close, 14)),
    ("nvi", None, lambda: tulipy.nvi(close, volume)),
    ("pvi", None, lambda: tulipy.pvi(close, volume)),
    ("wad", None, lambda: tulipy.wad(high, low, close)),
    ("mfi 14", lambda: talib.MFI(high, low, close, volume, 14), lambda: tulipy.mfi(high, low, close, volume, 14)),
]

# Candle patterns: our words, TA-Lib's letters, where they are not the same without their spaces.
PATTERNS = """abandoned_baby advance_block belt_hold breakaway closing_marubozu conceal_baby_swallow:CONCEALBABYSWALL counterattack dark_cloud_cover doji doji_star dragonfly_doji engulfing
evening_doji_star evening_star gap_side_side_white gravestone_doji hammer hanging_man harami harami_cross high_wave hikkake hikkake_mod homing_pigeon identical_three_crows:IDENTICAL3CROWS
in_neck inverted_hammer kicking kicking_by_length ladder_bottom long_legged_doji long_line marubozu mat_hold matching_low morning_doji_star morning_star on_neck piercing rickshaw_man
rise_fall_three_methods:RISEFALL3METHODS separating_lines shooting_star short_line spinning_top stalled:STALLEDPATTERN stick_sandwich takuri tasuki_gap three_black_crows:3BLACKCROWS
three_inside:3INSIDE three_line_strike:3LINESTRIKE three_outside:3OUTSIDE three_stars_in_south:3STARSINSOUTH three_white_soldiers:3WHITESOLDIERS thrusting tristar two_crows:2CROWS
unique_three_river:UNIQUE3RIVER upside_gap_two_crows:UPSIDEGAP2CROWS x_side_gap_three_methods:XSIDEGAP3METHODS"""


def pattern_race(word):
    ours, _, theirs = word.partition(":")
    function = getattr(talib, "CDL" + (theirs or ours.replace("_", "").upper()))
    return "cdl_" + ours, lambda: function(open_, high, low, close), None


RACES += [pattern_race(word) for word in PATTERNS.split()]


def best(call):
    if call is None:
        return float("inf")
    took = []
    for _ in range(ROUNDS):
        begun = time.thread_time_ns()
        call()
        took.append(time.thread_time_ns() - begun)
        if len(took) > 1 and sum(took) > LONG_NS:
            break
    return min(took) / BARS


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "columns.bin")
        np.concatenate((open_, high, low, close, volume)).tofile(path)
        ours = subprocess.Popen([PROGRAM, path, str(BARS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ratios, slow_bars = [], []
        print("%-24s %9s %9s %9s %7s %9s %7s" % ("indicator", "ours", "TA-Lib", "Tulip", "ratio", "one bar", "/series"))
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
            print("%-24s %9.2f %s %s %7.2f %9.2f %7.2f" % (name, series, shown[0], shown[1], ratio, one, one / series))
        ours.stdin.close()
        ours.wait()
    slower = sorted(name + " %.2f" % ratio for ratio, name in ratios if ratio < 1.0)
    twice = sum(ratio >= 2.0 for ratio, _ in ratios)
    print("ns a bar over %d bars; at least as fast as the faster peer on %d of %d, twice as fast on %d; one bar above 3 times the series: %s" % (
        BARS, len(ratios) - len(slower), len(ratios), twice, ", ".join(slow_bars) or "none"))
    print("slower: " + (", ".join(slower) or "none"))
    return 1 if slower or 2 * twice < len(ratios) or slow_bars else 0


sys.exit(main())
