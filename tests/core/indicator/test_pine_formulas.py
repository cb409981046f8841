#!/usr/bin/env python3
"""Pine's names against the formulas that TradingView publishes for them, written out here bar by bar, where markets tie, stand still or begin.
shows: IND-2

TradingView's exported values (test_tradingview.py) hold no ties, no flat stretches and no length of 1; here are markets of whole ticks, of flat
stretches without volume, of flat beginnings and of small and large prices. `patriot data show` computes ours.
"""
import csv
import math
import os
import random
import subprocess
import sys
import tempfile

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PROGRAM = os.path.join(BUILD, "patriot")
NAN = math.nan
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


def recursion(values, length, step):
    """na is passed over; seeded with the mean of the first `length`."""
    out, seed, last = [], [], None
    for x in values:
        if not math.isnan(x):
            if last is None:
                seed.append(x)
                last = math.fsum(seed) / length if len(seed) == length else None
            else:
                last = step(last, x)
        out.append(NAN if last is None or math.isnan(x) else last)
    return out


def ema(values, length):
    return recursion(values, length, lambda last, x: last + 2 / (length + 1) * (x - last))


def rma(values, length):
    return recursion(values, length, lambda last, x: (last * (length - 1) + x) / length)


def windows(values, length):
    return [None if i + 1 < length else values[i + 1 - length:i + 1] for i in range(len(values))]


def sma(values, length):
    """Of the last `length` values that stand; a bar with na repeats the value."""
    out, window = [], []
    for x in values:
        window = window if math.isnan(x) else (window + [x])[-length:]
        out.append(math.fsum(window) / length if len(window) == length else NAN)
    return out


def true_range(m, first):
    return [first(m.h[0], m.l[0])] + [max(h - l, abs(h - c), abs(l - c)) for h, l, c in zip(m.h[1:], m.l[1:], m.c)]


class Market:
    def __init__(self, rows):
        self.o, self.h, self.l, self.c, self.v = ([row[i] for row in rows] for i in range(5))
        self.price = max(self.h)


def sar(m, start, inc, most):
    """The reference manual's own pine_sar()."""
    out, result, extreme, speed, below = [NAN], NAN, NAN, NAN, False
    for i in range(1, len(m.c)):
        first = i == 1
        if first:
            below = m.c[1] > m.c[0]
            extreme, result, speed = (m.h[1], m.l[0], start) if below else (m.l[1], m.h[0], start)
        result += speed * (extreme - result)
        if below and result > m.l[i]:
            first, below, result, extreme, speed = True, False, max(m.h[i], extreme), m.l[i], start
        elif not below and result < m.h[i]:
            first, below, result, extreme, speed = True, True, min(m.l[i], extreme), m.h[i], start
        if not first and (m.h[i] > extreme if below else m.l[i] < extreme):
            extreme, speed = (m.h[i] if below else m.l[i]), min(speed + inc, most)
        limits = (m.l if below else m.h)[max(0, i - 2):i]
        result = min(result, *limits) if below else max(result, *limits)
        out.append(result)
    return [out]


def supertrend(m, factor, length):
    """The reference manual's own pine_supertrend(): nz() of the bands makes the first bar 0."""
    atr = rma(true_range(m, lambda h, l: h - l), length)
    lines, directions, last = [], [], (NAN, NAN, NAN, NAN)  # close, atr, upper, lower
    for i, (h, l, c) in enumerate(zip(m.h, m.l, m.c)):
        upper, lower = (h + l) / 2 + factor * atr[i], (h + l) / 2 - factor * atr[i]
        upper_was, lower_was = (0.0 if math.isnan(x) else x for x in last[2:])
        lower = lower if lower > lower_was or last[0] < lower_was else lower_was
        upper = upper if upper < upper_was or last[0] > upper_was else upper_was
        if math.isnan(last[1]):
            direction = 1.0
        elif lines[-1] == upper_was:
            direction = -1.0 if c > upper else 1.0
        else:
            direction = 1.0 if c < lower else -1.0
        lines.append(lower if direction == -1.0 else upper)
        directions.append(direction)
        last = (c, atr[i], upper, lower)
    return [lines, directions]


def kc(m, length, multiplier, of_true_range, source=None):
    """The ranges are those of the bars, whatever the source is."""
    span = true_range(m, lambda h, l: NAN) if of_true_range else [h - l for h, l in zip(m.h, m.l)]
    middle, width = ema(source or m.c, length), [multiplier * x for x in ema(span, length)]
    return [middle, [a + b for a, b in zip(middle, width)], [a - b for a, b in zip(middle, width)]]


def kcw(m, length, multiplier, of_true_range, source=None):
    return [[(upper - lower) / middle for middle, upper, lower in zip(*kc(m, length, multiplier, of_true_range, source))]]


def hl2(m):
    return [(h + l) / 2 for h, l in zip(m.h, m.l)]


def mfi(m, length):
    """The first bar has no change and counts on both sides."""
    flow, out = [c * v for c, v in zip(m.c, m.v)], []
    rose = [x if i == 0 or m.c[i] > m.c[i - 1] else 0.0 for i, x in enumerate(flow)]
    fell = [x if i == 0 or m.c[i] < m.c[i - 1] else 0.0 for i, x in enumerate(flow)]
    for up, down in zip(windows(rose, length), windows(fell, length)):
        down = math.fsum(down) if down else down
        out.append(NAN if up is None else 100.0 - 100.0 / (1.0 + math.fsum(up) / down) if down else 100.0)
    return [out]


def cog(m, length):
    return [[NAN if w is None else -math.fsum((k + 1) * x for k, x in enumerate(reversed(w))) / math.fsum(w) for w in windows(m.c, length)]]


def linreg(m, length, offset):
    out = []
    for w in windows(m.c, length):
        if w is None or length == 1:
            out.append(NAN if w is None else w[0])
            continue
        middle, mean = (length - 1) / 2, math.fsum(w) / length
        slope = math.fsum((k - middle) * x for k, x in enumerate(w)) / math.fsum((k - middle) ** 2 for k in range(length))
        out.append(mean + slope * (length - 1 - offset - middle))
    return [out]


def tsi(m, short, long):
    moves = [NAN] + [b - a for a, b in zip(m.c, m.c[1:])]
    over, under = (ema(ema(values, long), short) for values in (moves, [abs(x) for x in moves]))
    return [[a / b if b != 0 else NAN for a, b in zip(over, under)]]


def rsi(m, length):
    rose = rma([NAN] + [max(b - a, 0.0) for a, b in zip(m.c, m.c[1:])], length)
    fell = rma([NAN] + [max(a - b, 0.0) for a, b in zip(m.c, m.c[1:])], length)
    return [[NAN if math.isnan(up) else 100.0 if down == 0 else 100 - 100 / (1 + up / down) for up, down in zip(rose, fell)]]


def dev(m, length):
    return [[NAN if w is None else math.fsum(abs(x - math.fsum(w) / length) for x in w) / length for w in windows(m.c, length)]]


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
]


def computed(path):
    """The columns of each case, from one run."""
    run = subprocess.run([PROGRAM, "data", "show", "--csv", path, "--with", ", ".join(case[0] for case in CASES), "--as", "csv"],
                         capture_output=True, text=True, check=True)
    rows = list(csv.reader(run.stdout.splitlines()))[1:]
    return [list(column) for column in zip(*[[float(x) for x in row[6:]] for row in rows])]


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        return 77
    failed, compared = 0, 0
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
                        size = max(abs(x), abs(y), m.price * 1e-3 if floor == "price" else floor)
                        if not (x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= 1e-9 * size):
                            print(f"FAILED {call}, {shape}, output {output}, bar {i}: {x!r} here, {y!r} by the formula")
                            failed += 1
                            break
                        compared += not math.isnan(x)
    print(f"Pine's formulas: {compared} values of {len(CASES)} calls on 6 markets, {failed} outputs failed")
    return 1 if failed else 0


sys.exit(main())
