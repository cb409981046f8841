"""The formulas that TradingView publishes for Pine's `ta.` names, written out bar by bar; test_pine_formulas.py compares them with ours.
"""
import math

NAN = math.nan


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


# --- windows: what is na in a source is passed over, repeated, or makes na, as docs/indicators.md tells --------------------------------

EQUAL = 1e-10  # TradingView takes less for nothing in the functions that say so


def isna(x):
    return math.isnan(x)


def standing(values, length, of, holds=False):
    """Of the last `length` values that stand; na where the bar is na, unless the value before holds there."""
    out, window = [], []
    for x in values:
        window = window if isna(x) else (window + [x])[-length:]
        is_na = len(window) < length or (isna(x) and (length == 1 or not holds))
        out.append(NAN if is_na else of(window))
    return out


def whole(values, length, of):
    """Of the last `length` bars; na while one of them is."""
    return [NAN if w is None or any(map(isna, w)) else of(w) for w in windows(values, length)]


def among(values, length, of):
    """Of those that stand among the last `length` bars."""
    return [NAN if w is None or all(map(isna, w)) else of([x for x in w if not isna(x)]) for w in windows(values, length)]


def where(values, out):
    return [NAN if isna(x) else y for x, y in zip(values, out)]


def mean(w):
    return math.fsum(w) / len(w)


def spread(w, biased=True):
    return math.fsum((x - mean(w)) ** 2 for x in w) / (len(w) - (0 if biased else 1))


def weighted(values, length):
    """na takes the value before for its place; na until `length` values stand."""
    filled, last, stood, out = [], NAN, 0, []
    for x in values:
        last = last if isna(x) else x
        stood += not isna(x)
        filled.append(last)
        w = filled[-length:]
        out.append(NAN if isna(x) or stood < length else math.fsum((k + 1) * y for k, y in enumerate(w)) / (length * (length + 1) / 2))
    return out


def hull(values, length):
    """Of the values that stand, side by side."""
    stood = [x for x in values if not isna(x)]
    half, full = weighted(stood, length // 2), weighted(stood, length)
    averages = iter(weighted([2 * a - b for a, b in zip(half, full)], math.isqrt(length)))
    return [NAN if isna(x) else next(averages) for x in values]


def alma(values, length, offset=0.85, sigma=6):
    middle, width = offset * (length - 1), length / sigma
    weights = [math.exp(-((k - middle) ** 2) / (2 * width * width)) for k in range(length)]
    return whole(values, length, lambda w: math.fsum(a * x for a, x in zip(weights, w)) / math.fsum(weights))


def changes(values, length=1):
    return [values[i] - values[i - length] if i >= length else NAN for i in range(len(values))]


def quotient(a, b):
    return a / b if b != 0 else NAN


def cmo(values, length):
    up = [m if isna(m) or m >= -EQUAL else 0.0 for m in changes(values)]
    down = [m if isna(m) else 0.0 if m >= -EQUAL else -m for m in changes(values)]
    up, down = standing(up, length, math.fsum), standing(down, length, math.fsum)
    return [quotient(100 * (a - b), a + b) for a, b in zip(up, down)]


def cci(values, length):
    """None, not compared: where the market stands still TradingView's is na or what its sums have lost, as the sums before it were."""
    return whole(values, length, lambda w: None if len(set(w)) == 1 else (w[-1] - mean(w)) / (0.015 * mean([abs(x - mean(w)) for x in w])))


def bands(values, length, multiplier):
    middle = standing(values, length, mean, True)
    wide = standing(values, length, lambda w: multiplier * math.sqrt(spread(w)), True)
    return [middle, [a + b for a, b in zip(middle, wide)], [a - b for a, b in zip(middle, wide)]]


def correlation(a, b, length):
    def of(pairs):
        if pairs is None:
            return NAN
        x, y = zip(*pairs)
        covariance = math.fsum((p - mean(x)) * (q - mean(y)) for p, q in pairs) / length
        if min(spread(x) / mean(x) ** 2, spread(y) / mean(y) ** 2) < 1e-7:
            return None  # not compared: what the sums have lost decides
        return 0.0 if abs(covariance) <= EQUAL else covariance / math.sqrt(spread(x) * spread(y))
    return [of(w) for w in windows(list(zip(a, b)), length)]


def crosses(a, b, sign):
    """Of two series without na."""
    return [float(i > 0 and sign * (a[i] - b[i]) > 0 and sign * (a[i - 1] - b[i - 1]) <= 0) for i in range(len(a))]


def either_cross(a, b):
    side, out = 0, []
    for x, y in zip(a, b):
        out.append(float(side * (x - y) < 0))
        side = 1 if x - y > EQUAL else -1 if y - x > EQUAL else side
    return out


def runs(values, length, sign):
    run, out = 0, []
    for x in changes(values):
        run = run + 1 if sign * x > EQUAL else 0
        out.append(float(run >= length))
    return out


def oldest(values, length, best):
    """Bars back to the oldest of the equal extremes."""
    out = []
    for w in windows(values, length):
        stands = [] if w is None else [x for x in w if not isna(x)]
        out.append(-float(length - 1 - w.index(best(stands))) if stands else NAN)
    return out


def dmi(m, length, smoothing):
    up, down = changes(m.h), [-x for x in changes(m.l)]
    noise = 1e-12 * m.price  # TradingView: 1e-10, whatever the price
    plus = [NAN if isna(u) else u if u - d > noise and u > noise else 0.0 for u, d in zip(up, down)]
    minus = [NAN if isna(u) else d if d - u > noise and d > noise else 0.0 for u, d in zip(up, down)]
    span = rma(true_range(m, lambda h, l: NAN), length)
    plus, minus = ([100 * a / b if b != 0 else 0.0 for a, b in zip(rma(x, length), span)] for x in (plus, minus))
    return [plus, minus, [100 * x for x in rma([abs(a - b) / (a + b if a + b != 0 else 1.0) for a, b in zip(plus, minus)], smoothing)]]


def macd(values, fast, slow, signal):
    line = [a - b for a, b in zip(ema(values, fast), ema(values, slow))]
    mark = ema(line, signal)
    return [line, mark, [a - b for a, b in zip(line, mark)]]


def percentile(values, length, percent, is_linear):
    def of(w):
        if w is None or isna(w[-1]):
            return NAN
        ranks = sorted(x for x in w if not isna(x))
        place = length * percent / 100 + 0.5 if is_linear else math.ceil(percent * length / 100)
        place = min(max(place, 1), length)
        below, part = math.floor(place), place - math.floor(place)
        if part == 0:
            return ranks[below - 1] if below <= len(ranks) else NAN
        return NAN if len(ranks) < length else ranks[below - 1] * (1 - part) + ranks[below] * part
    return [of(w) for w in windows(values, length)]


def percentrank(values, length):
    return [NAN if i < length or isna(x) else 100 * sum(y - x <= EQUAL for y in values[i - length:i]) / length for i, x in enumerate(values)]


def pivots(values, left, right, sign):
    out = [NAN] * len(values)
    for i in range(left + right, len(values)):
        x = values[i - right]
        before, after = values[i - right - left:i - right], values[i - right + 1:i + 1]
        if all(sign * y <= sign * x for y in before) and all(sign * y < sign * x for y in after):
            out[i] = x
    return out


def rank_correlation(values, length):
    def of(w):
        groups, ranks = [], {}
        for x in sorted(w):
            groups = groups + [[x]] if not groups or x - groups[-1][0] >= EQUAL else groups[:-1] + [groups[-1] + [x]]
        below = 0
        for group in groups:
            ranks.update({x: below + (len(group) - 1) / 2 for x in group})
            below += len(group)
        y, t = [ranks[x] for x in w], list(range(length))
        return quotient(100 * math.fsum((a - mean(t)) * (b - mean(y)) for a, b in zip(t, y)) / length, math.sqrt(spread(t) * spread(y)))
    return [NAN] * length + whole(values, length, of)[length:]


def stochastic(values, highs, lows, length):
    top, bottom = among(highs, length, max), among(lows, length, min)
    return [quotient(100 * (x - b), a - b) if not isna(h + l) else NAN for x, h, l, a, b in zip(values, highs, lows, top, bottom)]


def total(steps):
    out, sum_ = [], 0.0
    for x in steps:
        sum_ += 0.0 if isna(x) else x
        out.append(sum_)
    return out


def volume_index(m, sign):
    out, value = [], 1.0
    for i in range(len(m.c)):
        if i > 0 and sign * (m.v[i] - m.v[i - 1]) > 0:
            value += (m.c[i] - m.c[i - 1]) / m.c[i - 1] * value
        out.append(value)
    return out


def williams(m):
    out = [0.0]
    for i in range(1, len(m.c)):
        c, last = m.c[i], m.c[i - 1]
        out.append(c - min(m.l[i], last) if c > last else c - max(m.h[i], last) if c < last else 0.0)
    return total(out)


def anchored(m, values, anchor, multiplier):
    """Sums since the anchor was last true, or since the UTC day began: bars are hours from 22:13:20 on."""
    out, sums = [[], [], []], None
    for i, (x, v) in enumerate(zip(values, m.v)):
        if anchor[i]:
            sums = [0.0, 0.0, 0.0]
        if sums is not None:
            sums = [sums[0] + v, sums[1] + v * x, sums[2] + v * x * x]
        middle = quotient(sums[1], sums[0]) if sums else NAN
        wide = NAN if isna(middle) else multiplier * math.sqrt(max(0.0, sums[2] / sums[0] - middle * middle))
        for column, value in zip(out, (middle, middle + wide, middle - wide)):
            column.append(value)
    return out


def when(condition, values, occurrence):
    seen, out = [], []
    for is_true, x in zip(condition, values):
        seen += [x] if is_true else []
        out.append(seen[-1 - occurrence] if len(seen) > occurrence else NAN)
    return out


def since(condition):
    out, bars = [], NAN
    for is_true in condition:
        bars = 0.0 if is_true else bars + 1
        out.append(bars)
    return out


def wvad(m):
    """na on a bar without a range: a source with na inside."""
    return [quotient(c - o, h - l) * v if h != l else NAN for o, h, l, c, v in zip(m.o, m.h, m.l, m.c, m.v)]
