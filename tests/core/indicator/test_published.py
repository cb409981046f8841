#!/usr/bin/env python3
"""Indicators that TA-Lib does not have, against their published formulas, computed here in the plainest way: each bar anew from its window.
shows: IND-2

`test_core_indicator_indicator_series NAME OPTION ...` computes ours. Relative difference at most 1e-9 (of the price for differences of prices).
"""
import math
import os
import random
import subprocess
import sys

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PROGRAM = os.path.join(BUILD, "test_core_indicator_indicator_series")
NAN = math.nan


def bars(seed, scale):
    rng = random.Random(seed)
    price, made = 100.0, []
    for i in range(400):
        close = price if i % 60 > 52 else price * (1 + rng.gauss(0, 0.01))
        high, low = max(price, close) * (1 + 0.003 * rng.random()), min(price, close) * (1 - 0.003 * rng.random())
        made.append((price * scale, high * scale, low * scale, close * scale, 0.0 if i % 9 == 0 else 1000 * rng.random()))
        price = close
    return made


def ours(name, options, rows):
    text = "\n".join(",".join(map(repr, row)) for row in rows) + "\n"
    run = subprocess.run([PROGRAM, name, *map(repr, options)], input=text, capture_output=True, text=True, check=True)
    return list(zip(*[[float(x) for x in line.split(",")] for line in run.stdout.split()]))


def over(values, period, function):
    """function of each window; NaN before, and where the window has NaN."""
    out = []
    for i in range(len(values)):
        window = values[max(0, i + 1 - period):i + 1]
        out.append(function(window) if len(window) == period and not any(map(math.isnan, window)) else NAN)
    return out


def mean(window):
    return math.fsum(window) / len(window)


def weighted(window):
    return math.fsum((k + 1) * x for k, x in enumerate(window)) / (len(window) * (len(window) + 1) / 2)


def smoothed(values, period, factor):
    """Seeded with the mean of the first `period` values that are there."""
    out, seed, last = [], [], None
    for x in values:
        if math.isnan(x):
            out.append(NAN)
        elif last is None:
            seed.append(x)
            last = mean(seed) if len(seed) == period else None
            out.append(NAN if last is None else last)
        else:
            last += factor * (x - last)
            out.append(last)
    return out


def ema(values, period):
    return smoothed(values, period, 2 / (period + 1))


def changes(values):
    return [NAN] + [b - a for a, b in zip(values, values[1:])]


def combine(function, *columns):
    return [function(*row) if not any(map(math.isnan, row)) else NAN for row in zip(*columns)]


class Columns:
    def __init__(self, rows):
        self.open, self.high, self.low, self.close, self.volume = (list(column) for column in zip(*rows))


def true_ranges(b):
    return [NAN] + [max(h, c) - min(low, c) for h, low, c in zip(b.high[1:], b.low[1:], b.close)]


def movements(b):
    plus, minus = [NAN], [NAN]
    for i in range(1, len(b.close)):
        up, down = b.high[i] - b.high[i - 1], b.low[i - 1] - b.low[i]
        noise = 1e-12 * abs(b.high[i])
        plus.append(up if up > noise and up - down > noise else 0.0)
        minus.append(down if down > noise and down - up > noise else 0.0)
    return plus, minus


def hma(b, period):
    fast = combine(lambda half, whole: 2 * half - whole, over(b.close, period // 2, weighted), over(b.close, period, weighted))
    return [over(fast, math.isqrt(period), weighted)]


def vwma(b, period):
    pairs = [(c, v) for c, v in zip(b.close, b.volume)]
    out = []
    for i in range(len(pairs)):
        window = pairs[max(0, i + 1 - period):i + 1]
        volume = math.fsum(v for _, v in window)
        value = math.fsum(c * v for c, v in window) / volume if volume else mean([c for c, _ in window])
        out.append(value if len(window) == period else NAN)
    return [out]


def alma(b, period, offset, sigma):
    weights = [math.exp(-((i - offset * (period - 1)) ** 2) / (2 * (period / sigma) ** 2)) for i in range(period)]
    return [over(b.close, period, lambda w: math.fsum(x * y for x, y in zip(w, weights)) / math.fsum(weights))]


def tsi(b, short, long):
    change = changes(b.close)
    top, bottom = ema(ema(change, long), short), ema(ema([abs(x) for x in change], long), short)
    return [combine(lambda x, y: 100 * x / y, top, bottom)]


def ao(b, fast, slow):
    middle = [(h + low) / 2 for h, low in zip(b.high, b.low)]
    return [combine(lambda x, y: x - y, over(middle, fast, mean), over(middle, slow, mean))]


def vortex(b, period):
    plus = [NAN] + [abs(b.high[i] - b.low[i - 1]) for i in range(1, len(b.close))]
    minus = [NAN] + [abs(b.low[i] - b.high[i - 1]) for i in range(1, len(b.close))]
    ranges = over(true_ranges(b), period, math.fsum)
    return [combine(lambda x, r: x / r, over(side, period, math.fsum), ranges) for side in (plus, minus)]


def cog(b, period):
    return [over(b.close, period, lambda w: -math.fsum((age + 1) * x for age, x in enumerate(reversed(w))) / math.fsum(w))]


def zscore(b, period):
    def score(w):
        deviation = math.sqrt(math.fsum((x - mean(w)) ** 2 for x in w) / len(w))
        return (w[-1] - mean(w)) / deviation if max(w) > min(w) else 0.0
    return [over(b.close, period, score)]


def rsi_plain(b, period):
    def strength(w):
        gains, losses = math.fsum(x for x in w if x > 0), -math.fsum(x for x in w if x < 0)
        return 100 * gains / (gains + losses) if gains + losses else 50.0
    return [over(changes(b.close), period, strength)]


def cmo_plain(b, period):
    def balance(w):
        moved = math.fsum(map(abs, w))
        return 100 * math.fsum(w) / moved if moved else 0.0
    return [over(changes(b.close), period, balance)]


def indicators(plus, minus, ranges):
    return [combine(lambda x, r: 100 * x / r, side, ranges) for side in (plus, minus)]


def dmi_plain(b, period, smoothing):
    plus, minus = movements(b)
    di = indicators(over(plus, period, math.fsum), over(minus, period, math.fsum), over(true_ranges(b), period, math.fsum))
    dx = combine(lambda p, m: 100 * abs(p - m) / (p + m) if p + m else 0.0, *di)
    return [*di, over(dx, smoothing, mean)]


def dmi(b, period, smoothing):
    plus, minus = movements(b)
    wilder = [smoothed(x, period, 1 / period) for x in (plus, minus, true_ranges(b))]
    di = indicators(*wilder)
    dx = combine(lambda p, m: 100 * abs(p - m) / (p + m) if p + m else 0.0, *di)
    return [*di, smoothed(dx, smoothing, 1 / smoothing)]


def ichimoku(b, conversion, base, span, displacement):
    def middle(period):
        return combine(lambda h, low: (h + low) / 2, over(b.high, period, max), over(b.low, period, min))

    def later(values):
        return [NAN] * (displacement - 1) + values[:len(values) - (displacement - 1)]
    lines = middle(conversion), middle(base)
    return [*lines, later(combine(lambda x, y: (x + y) / 2, *lines)), later(middle(span))]


def ema_first(b, period):
    out = [b.close[0]]
    for close in b.close[1:]:
        out.append(out[-1] + 2 / (period + 1) * (close - out[-1]))
    return [out]


def lsma(b, period, offset):
    def line(w):
        middle = (len(w) - 1) / 2
        slope = math.fsum((k - middle) * x for k, x in enumerate(w)) / math.fsum((k - middle) ** 2 for k in range(len(w)))
        return mean(w) + slope * (len(w) - 1 - offset - middle)
    return [over(b.close, period, line)]


def hurst(b, period):
    returns = [NAN] + [math.log(y / x) for x, y in zip(b.close, b.close[1:])]

    def ranged(piece):
        deviation = math.sqrt(math.fsum((x - mean(piece)) ** 2 for x in piece) / len(piece))
        walk, reached = 0.0, [0.0]
        for x in piece:
            walk += x - mean(piece)
            reached.append(walk)
        return (max(reached) - min(reached)) / deviation if max(piece) > min(piece) else None

    def exponent(w):
        points, length = [], period
        while length >= 8:
            pieces = [ranged(w[end - length:end]) for end in range(period, length - 1, -length)]
            pieces = [x for x in pieces if x]
            if pieces:
                points.append((math.log(length), math.log(mean(pieces))))
            length //= 2
        x, y = mean([p[0] for p in points]), mean([p[1] for p in points])
        return math.fsum((p[0] - x) * (p[1] - y) for p in points) / math.fsum((p[0] - x) ** 2 for p in points)
    return [over(returns, period, exponent)]


def bollinger_sample(b, period, deviations):
    def reach(w):
        return deviations * math.sqrt(math.fsum((x - mean(w)) ** 2 for x in w) / (len(w) - 1))
    middle, width = over(b.close, period, mean), over(b.close, period, reach)
    return [combine(lambda m, r: m + r, middle, width), middle, combine(lambda m, r: m - r, middle, width)]


# options; whether a difference is measured against the price (values near 0 keep the digits of the prices), or against this number
CASES = [("hma", hma, [[9], [20]], 0), ("vwma", vwma, [[5], [20]], 0), ("alma", alma, [[9, 0.85, 6.0], [20, 0.5, 3.0]], 0),
         ("tsi", tsi, [[13, 25], [5, 9]], 1e-2), ("ao", ao, [[5, 34]], "price"), ("vortex", vortex, [[14]], 0), ("cog", cog, [[10], [21]], 0),
         ("zscore", zscore, [[5], [20]], 1e-2), ("rsi_plain", rsi_plain, [[14]], 1e-3), ("cmo_plain", cmo_plain, [[14]], 1e-2),
         ("dmi_plain", dmi_plain, [[14, 14]], 1e-3), ("dmi", dmi, [[14, 14], [17, 5]], 1e-3), ("ichimoku", ichimoku, [[9, 26, 52, 26], [3, 5, 8, 1]], 0),
         ("ema_first", ema_first, [[20]], 0), ("lsma", lsma, [[14, 0], [25, 3]], 0), ("hurst", hurst, [[64], [128]], 0),
         ("bollinger_sample", bollinger_sample, [[20, 2], [2, 100], [5, 1.5]], "price")]


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        return 77
    failed, compared, worst = 0, 0, 0.0
    for seed, scale in ((1, 1.0), (2, 1e-8), (3, 1e6)):
        rows = bars(seed, scale)
        for name, formula, option_sets, floor in CASES:
            for options in option_sets:
                mine, theirs = ours(name, options, rows), formula(Columns(rows), *options)
                for output, (a, b) in enumerate(zip(mine, theirs, strict=True)):
                    for i, (x, y) in enumerate(zip(a, b, strict=True)):
                        size = max(abs(x), abs(y), rows[i][3] * 1e-3 if floor == "price" else floor)
                        difference = 0.0 if x == y or (math.isnan(x) and math.isnan(y)) else abs(x - y) / size
                        if not difference <= 1e-9:
                            print(f"FAILED {name} {options} x {scale:g}, output {output}, bar {i}: {x!r} here, {y!r} by the formula")
                            failed += 1
                            break
                        compared += not math.isnan(x)
                        worst = max(worst, difference)
    print(f"published formulas: {compared} values of {len(CASES)} indicators, {failed} outputs failed, worst relative difference {worst:.1e}")
    return 1 if failed else 0


sys.exit(main())
