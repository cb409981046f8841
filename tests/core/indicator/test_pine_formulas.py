#!/usr/bin/env python3
"""Pine's names, and scripts of TradingView's chart, against the formulas that TradingView publishes for them, written out here bar by bar, where markets tie, stand still or begin.
shows: IND-2

TradingView's exported values (test_tradingview.py) hold no ties, no flat stretches and no length of 1; here are markets of whole ticks, of flat
stretches without volume, of flat beginnings and of small and large prices, and sources with na inside. Every name of `ta.` must be among the
calls, but for ta.pivot_point_levels (test_pivot_points.c). `patriot data show` computes ours.
"""
import csv
import functools
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

from pine_formulas import *  # noqa: F403

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PROGRAM = os.path.join(BUILD, "patriot")
BARS = 400


def market(shape, seed):
    rng, price, rows = random.Random(seed), 100.0, []
    for i in range(BARS):
        flat = (i % 60 > 25 and shape == "flat") or (i < 30 and shape == "late")
        step = rng.choice((-1, 0, 0, 1)) if shape == "ticks" else 0.0 if flat else round(price * rng.gauss(0, 0.01), 2)
        reach = [float(rng.choice((0, 0, 1))) if shape == "ticks" else 0.0 if flat else round(price * 0.004 * rng.random(), 2) for _ in range(2)]
        close = round(price + step, 2)
        volume = 0.0 if flat and i % 2 else float(rng.randint(0, 9))
        rows.append((price, max(price, close) + reach[0], min(price, close) - reach[1], close, volume))
        price = close
    scale = {"small": 2.0 ** -27, "large": 2.0 ** 14}.get(shape, 1.0)
    return [tuple(x * scale for x in row[:4]) + (row[4],) for row in rows]


SOURCES = {"close": lambda m: m.c, "ta.wvad()": wvad}


def case_of(text, source, size, call, formula, floor=None):
    return "ta." + call.replace("SOURCE", text), lambda m: formula(source(m)), size if floor is None else floor


def of_sources():
    """Names that take any source: over the close, and over one with na inside. `price` scales what a difference is measured against."""
    for text, source in SOURCES.items():
        size = "price" if text == "close" else 10.0
        one = functools.partial(case_of, text, source, size)
        for n in (1, 2, 5, 14):
            yield one(f"sma(SOURCE, {n})", lambda x, n=n: [standing(x, n, mean, True)])
            yield one(f"ema(SOURCE, {n})", lambda x, n=n: [ema(x, n)])
            yield one(f"rma(SOURCE, {n})", lambda x, n=n: [rma(x, n)])
            yield one(f"wma(SOURCE, {n})", lambda x, n=n: [weighted(x, n)])
            yield one(f"highest(SOURCE, {n})", lambda x, n=n: [among(x, n, max)])
            yield one(f"lowest(SOURCE, {n})", lambda x, n=n: [among(x, n, min)])
            yield one(f"highestbars(SOURCE, {n})", lambda x, n=n: [oldest(x, n, max)])
            yield one(f"lowestbars(SOURCE, {n})", lambda x, n=n: [oldest(x, n, min)])
            yield one(f"range(SOURCE, {n})", lambda x, n=n: [where(x, among(x, n, lambda w: max(w) - min(w)))])
            yield one(f"stoch(SOURCE, SOURCE, SOURCE, {n})", lambda x, n=n: [stochastic(x, x, x, n)], 10)
            yield one(f"median(SOURCE, {n})", lambda x, n=n: [standing(x, n, statistics.median)])
            yield one(f"mode(SOURCE, {n})", lambda x, n=n: [where(x, among(x, n, lambda w: max(sorted(set(w)), key=w.count)))])
            yield one(f"change(SOURCE, {n})", lambda x, n=n: [changes(x, n)])
            yield one(f"mom(SOURCE, {n})", lambda x, n=n: [changes(x, n)])
            yield one(f"roc(SOURCE, {n})", lambda x, n=n: [[quotient(100 * d, a) for d, a in zip(changes(x, n), [NAN] * n + x)]], 1e-2)
            yield one(f"rising(SOURCE, {n})", lambda x, n=n: [runs(x, n, 1)])
            yield one(f"falling(SOURCE, {n})", lambda x, n=n: [runs(x, n, -1)])
            yield one(f"cmo(SOURCE, {n})", lambda x, n=n: [cmo(x, n)], 1e-1)
            yield one(f"percentrank(SOURCE, {n})", lambda x, n=n: [percentrank(x, n)])
            yield one(f"percentile_nearest_rank(SOURCE, {n}, 40)", lambda x, n=n: [percentile(x, n, 40, False)])
            yield one(f"percentile_linear_interpolation(SOURCE, {n}, 40)", lambda x, n=n: [percentile(x, n, 40, True)])
        yield one("alma(SOURCE, 9)", lambda x: [alma(x, 9)])
        yield one("swma(SOURCE)", lambda x: [whole(x, 4, lambda w: (w[0] + 2 * w[1] + 2 * w[2] + w[3]) / 6)])
        yield one("hma(SOURCE, 9)", lambda x: [hull(x, 9)])
        yield one("rci(SOURCE, 6)", lambda x: [rank_correlation(x, 6)], 1)
        yield one("macd(SOURCE, 3, 8, 4)", lambda x: macd(x, 3, 8, 4))
        yield one("max(SOURCE)", lambda x: [[max([y for y in x[:i + 1] if not isna(y)], default=NAN) for i in range(len(x))]])
        yield one("min(SOURCE)", lambda x: [[min([y for y in x[:i + 1] if not isna(y)], default=NAN) for i in range(len(x))]])
        yield one("cum(SOURCE)", lambda x: [where(x, total(x))])
        yield one("pivothigh(SOURCE, 2, 3)", lambda x: [pivots(x, 2, 3, 1)])
        yield one("pivotlow(SOURCE, 3, 1)", lambda x: [pivots(x, 3, 1, -1)])


def day_begins(m):
    return [i % 24 == 2 or i == 0 for i in range(len(m.c))]  # 1700000000 is 22:13:20 UTC


def over(m):
    return crosses(m.c, m.o, 1)


# Where TradingView loses digits of E[x^2] - E[x]^2, and so do the `_tv` kinds, a difference is measured against what is lost.
OTHERS = [
    ("ta.bb(close, 5, 2)", lambda m: bands(m.c, 5, 2), "lost"),
    ("ta.bbw(close, 5, 2)", lambda m: [[100 * (u - l) / b for b, u, l in zip(*bands(m.c, 5, 2))]], 1e5),
    ("ta.stdev(close, 14)", lambda m: [standing(m.c, 14, lambda w: math.sqrt(spread(w)), True)], "lost"),
    ("ta.stdev(close, 7, false)", lambda m: [standing(m.c, 7, lambda w: math.sqrt(spread(w, False)), True)], "lost"),
    ("ta.variance(ta.wvad(), 7)", lambda m: [standing(wvad(m), 7, spread, True)], 100),
    ("ta.variance(ta.wvad(), 7, false)", lambda m: [standing(wvad(m), 7, lambda w: spread(w, False), True)], 100),
    ("ta.cci(close, 10)", lambda m: [cci(m.c, 10)], 1),
    ("ta.correlation(close, high, 6)", lambda m: [correlation(m.c, m.h, 6)], 1e3),
    ("ta.vwma(close, 5)", lambda m: [[quotient(math.fsum(p), math.fsum(v)) if p else NAN for p, v in
                                      zip(windows([c * v for c, v in zip(m.c, m.v)], 5), windows(m.v, 5))]], "price"),
    ("ta.vwma(ta.wvad(), 3)", lambda m: [[quotient(a, b) for a, b in zip(
        standing([x * v for x, v in zip(wvad(m), m.v)], 3, mean, True), standing(m.v, 3, mean))]], 10),
    ("ta.stoch(close, high, low, 14)", lambda m: [stochastic(m.c, m.h, m.l, 14)], 10),
    ("ta.wpr(14)", lambda m: [[x - 100 for x in stochastic(m.c, m.h, m.l, 14)]], 10),
    ("ta.ema(ta.rsi(close, 14), 9)", lambda m: [ema(rsi(m, 14)[0], 9)], 1e-1),
    ("ta.cross(close, open)", lambda m: [either_cross(m.c, m.o)], 1),
    ("ta.crossover(close, open)", lambda m: [over(m)], 1),
    ("ta.crossunder(close, open)", lambda m: [crosses(m.c, m.o, -1)], 1),
    ("ta.barssince(ta.crossover(close, open))", lambda m: [since(over(m))], 1),
    ("ta.valuewhen(ta.crossover(close, open), high, 2)", lambda m: [when(over(m), m.h, 2)], "price"),
    ("ta.dmi(14, 14)", lambda m: dmi(m, 14, 14), 1e-1),
    ("ta.dmi(3, 5)", lambda m: dmi(m, 3, 5), 1e-1),
    ("ta.tr()", lambda m: [true_range(m, lambda h, l: NAN)], "price"),
    ("ta.tr(true)", lambda m: [true_range(m, lambda h, l: h - l)], "price"),
    ("ta.atr(1)", lambda m: [rma(true_range(m, lambda h, l: h - l), 1)], "price"),
    ("ta.atr(14)", lambda m: [rma(true_range(m, lambda h, l: h - l), 14)], "price"),
    ("ta.accdist()", lambda m: [total([quotient((c - l) - (h - c), h - l) * v for h, l, c, v in zip(m.h, m.l, m.c, m.v)])], 10),
    ("ta.iii()", lambda m: [[quotient(2 * c - h - l, (h - l) * v) for h, l, c, v in zip(m.h, m.l, m.c, m.v)]], 1),
    ("ta.wvad()", lambda m: [wvad(m)], 1),
    ("ta.nvi()", lambda m: [volume_index(m, -1)], 0),
    ("ta.pvi()", lambda m: [volume_index(m, 1)], 0),
    ("ta.obv()", lambda m: [[NAN] + total([v if d > 0 else -v if d < 0 else 0.0 for v, d in zip(m.v, changes(m.c))])[1:]], 1),
    ("ta.pvt()", lambda m: [[NAN] + total([d / a * v for d, a, v in zip(changes(m.c)[1:], m.c, m.v[1:])])], 1),
    ("ta.wad()", lambda m: [williams(m)], "price"),
    ("ta.vwap(hlc3)", lambda m: anchored(m, [(h + l + c) / 3 for h, l, c in zip(m.h, m.l, m.c)], day_begins(m), 0)[:1], "price"),
    ("ta.vwap(close, ta.crossover(close, open), 2)", lambda m: anchored(m, m.c, over(m), 2), "lost"),
]

def shares_of(ages, length):
    return [100 * (x + length) / length for x in ages]


def line(m):
    return total([quotient((c - l) - (h - c), h - l) * v for h, l, c, v in zip(m.h, m.l, m.c, m.v)])


def keltner(m, length, multiplier, of_range):
    middle, width = ema(m.c, length), rma(true_range(m, lambda h, l: h - l), of_range)
    return [[a + multiplier * b for a, b in zip(middle, width)], middle, [a - multiplier * b for a, b in zip(middle, width)]]


# Built-in scripts of TradingView's chart that are not what ta. or TA-Lib makes of the same name.
SCRIPTS = [
    ("aroon_tv(14)", lambda m: [shares_of(oldest(m.h, 15, max), 14), shares_of(oldest(m.l, 15, min), 14)], 1),
    ("aroon_tv(3)", lambda m: [shares_of(oldest(m.h, 4, max), 3), shares_of(oldest(m.l, 4, min), 3)], 1),
    ("adosc_tv(3, 10)", lambda m: [[a - b for a, b in zip(ema(line(m), 3), ema(line(m), 10))]], 10),
    ("keltner_tv(20, 2, 10)", lambda m: keltner(m, 20, 2, 10), "price"),
    ("keltner_tv(5, 1.5, 9)", lambda m: keltner(m, 5, 1.5, 9), "price"),
]

# Pine's call, the formula, what a difference is measured against where a value is smaller: a share of the price, or a number.
CASES = [
    ("ta.sar(0.02, 0.02, 0.2)", lambda m: sar(m, 0.02, 0.02, 0.2), "price"),
    ("ta.sar(0.1, 0.05, 0.3)", lambda m: sar(m, 0.1, 0.05, 0.3), "price"),
    ("ta.supertrend(3, 10)", lambda m: supertrend(m, 3, 10), "price"),
    ("ta.supertrend(1.5, 1)", lambda m: supertrend(m, 1.5, 1), "price"),
    ("ta.supertrend(0, 2)", lambda m: supertrend(m, 0, 2), "price"),
    ("ta.supertrend(200, 3)", lambda m: supertrend(m, 200, 3), "price"),
    ("ta.kc(close, 20, 2)", lambda m: kc(m, 20, 2, True), "price"),
    ("ta.kc(close, 1, 1.5)", lambda m: kc(m, 1, 1.5, True), "price"),
    ("ta.kc(close, 10, 1.5, false)", lambda m: kc(m, 10, 1.5, False), "price"),
    ("ta.kc(hl2, 10, 1.5)", lambda m: kc(m, 10, 1.5, True, hl2(m)), "price"),
    ("ta.kc(ta.sma(close, 3), 4, 1.5)", lambda m: kc(m, 4, 1.5, True, sma(m.c, 3)), "price"),
    ("ta.kcw(open, 5, 1.5)", lambda m: kcw(m, 5, 1.5, True, m.o), 1e-3),
    ("ta.kcw(close, 20, 2)", lambda m: kcw(m, 20, 2, True), 1e-3),
    ("ta.kcw(close, 5, 1.5, false)", lambda m: kcw(m, 5, 1.5, False), 1e-3),
    ("ta.mfi(close, 14)", lambda m: mfi(m, 14), 1e-3),
    ("ta.mfi(close, 1)", lambda m: mfi(m, 1), 1e-3),
    ("ta.cog(close, 10)", lambda m: cog(m, 10), 1e-3),
    ("ta.cog(close, 1)", lambda m: cog(m, 1), 1e-3),
    ("ta.linreg(close, 1, 0)", lambda m: linreg(m, 1, 0), "price"),
    ("ta.linreg(close, 1, 3)", lambda m: linreg(m, 1, 3), "price"),
    ("ta.linreg(close, 10, 3)", lambda m: linreg(m, 10, 3), "price"),
    ("ta.linreg(close, 10, -2)", lambda m: linreg(m, 10, -2), "price"),
    ("ta.tsi(close, 13, 25)", lambda m: tsi(m, 13, 25), 1e-3),
    ("ta.tsi(close, 1, 1)", lambda m: tsi(m, 1, 1), 1e-3),
    ("ta.rsi(close, 1)", lambda m: rsi(m, 1), 1e-3),
    ("ta.rsi(close, 14)", lambda m: rsi(m, 14), 1e-3),
    ("ta.dev(close, 1)", lambda m: dev(m, 1), "price"),
    ("ta.dev(close, 7)", lambda m: dev(m, 7), "price"),
] + list(of_sources()) + OTHERS + SCRIPTS


FLOORS = {"price": 1e-3, "lost": 1e3}  # of the price: with the digits that E[x^2] - E[x]^2 loses there, 1e-6 of it


def computed(path):
    """The columns of all cases, one after the other."""
    columns = []
    for at in range(0, len(CASES), 30):  # as many as one run takes
        calls = ", ".join(case[0] for case in CASES[at:at + 30])
        run = subprocess.run([PROGRAM, "data", "show", "--csv", path, "--with", calls, "--as", "csv"], capture_output=True, text=True, check=True)
        rows = list(csv.reader(run.stdout.splitlines()))[1:]
        columns += [list(column) for column in zip(*[[float(x) for x in row[6:]] for row in rows])]
    return columns


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        return 77
    failed, compared = 0, 0
    listed = json.loads(subprocess.run([PROGRAM, "indicators", "--pine", "--json"], capture_output=True, text=True, check=True).stdout)
    for name in (row["call"].split("(")[0] for row in listed):
        if name.startswith("ta.") and name != "ta.pivot_point_levels" and not any(name + "(" in case[0] for case in CASES):
            print(f"FAILED {name} is not compared")
            failed += 1
    with tempfile.TemporaryDirectory() as folder:
        for seed, shape in enumerate(("ticks", "flat", "late", "small", "large", "walk")):
            rows, path = market(shape, seed), os.path.join(folder, shape + ".csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("time,open,high,low,close,volume\n")
                file.writelines(f"{1700000000 + 3600 * i}," + ",".join(map(repr, row)) + "\n" for i, row in enumerate(rows))
            m, columns = Market(rows), computed(path)
            for call, formula, floor in CASES:
                for output, theirs in enumerate(formula(m)):
                    for i, (x, y) in enumerate(zip(columns.pop(0), theirs, strict=True)):
                        if y is None:
                            continue
                        size = max(abs(x), abs(y), m.price * FLOORS[floor] if floor in FLOORS else floor)
                        if not (x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= 1e-9 * size):
                            print(f"FAILED {call}, {shape}, output {output}, bar {i}: {x!r} here, {y!r} by the formula")
                            failed += 1
                            break
                        compared += not math.isnan(x)
    print(f"Pine's formulas: {compared} values of {len(CASES)} calls on 6 markets, {failed} outputs failed")
    return 1 if failed else 0


sys.exit(main())
