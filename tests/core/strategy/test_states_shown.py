#!/usr/bin/env python3
"""`patriot data show --states`: M's 54 named states and nine inputs against M's formulas, written out here with plain loops over the whole series.
shows: IND-3, R060, R061, R063, R064, R065, R066, R067, R068

Where the two sides of a comparison are equal but for rounding, the bar is passed over.
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
BARS, FIRST = 1500, 199


class Unsure(Exception):
    """Two values that are equal but for rounding were compared."""


def above(a, b):
    if a != b and abs(a - b) <= 1e-11 * max(abs(a), abs(b)):
        raise Unsure
    return a > b


def market(seed):
    rng, price, rows = random.Random(seed), 100.0, []
    for i in range(BARS):
        step = rng.gauss(0, 0.012 if (i // 150) % 2 else 0.004) + (0.0008 if (i // 400) % 2 else -0.0007)
        close = round(price * (1 + step), 2)
        reach = [round(abs(rng.gauss(0, 0.003 * price)), 2) for _ in range(2)]
        volume = round(abs(rng.gauss(100, 60)) * (3 if rng.random() < 0.05 else 1), 3)
        rows.append((1700000000 + 3600 * i, price, round(max(price, close) + reach[0], 2), round(min(price, close) - reach[1], 2), close, volume))
        price = close
    return rows


def ema(values, period):
    out = [values[0]]
    for x in values[1:]:
        out.append(out[-1] + 2 / (period + 1) * (x - out[-1]))
    return out


def mean(values):
    return math.fsum(values) / len(values)


def place(value, low, high):
    return (value - low) / (high - low) if high > low else 0.5


class States:
    def __init__(self, rows):
        self.t, self.o, self.h, self.l, self.c, self.v = (list(column) for column in zip(*rows))
        c, h, l = self.c, self.h, self.l
        self.emas = {period: ema(c, period) for period in (9, 21, 50, 200)}
        self.macd = [a - b for a, b in zip(ema(c, 12), ema(c, 26))]
        self.signal = ema(self.macd, 9)
        self.log_volume = [math.log(1 + v) for v in self.v]
        up, down = [0.0] + [b - a for a, b in zip(h, h[1:])], [0.0] + [a - b for a, b in zip(l, l[1:])]
        self.range = [h[0] - l[0]] + [max(h[i] - l[i], abs(h[i] - c[i - 1]), abs(l[i] - c[i - 1])) for i in range(1, BARS)]
        self.plus = [a if a > b and a > 0 else 0.0 for a, b in zip(up, down)]
        self.minus = [b if b > a and b > 0 else 0.0 for a, b in zip(up, down)]
        self.swings = {"high": self.swing_levels(h, 1), "low": self.swing_levels(l, -1)}

    def swing_levels(self, values, sign):
        """Ten bars on each side; an equal bar before is allowed, an equal one after is not; known when the right side has closed."""
        last, out = math.nan, []
        for i in range(BARS):
            middle = i - 10
            if middle >= 10:
                x = sign * values[middle]
                if all(sign * y <= x for y in values[middle - 10:middle]) and all(sign * y < x for y in values[middle + 1:i + 1]):
                    last = values[middle]
            out.append(last)
        return out

    def rsi(self, i, period):
        moves = [self.c[k] - self.c[k - 1] for k in range(i - period + 1, i + 1)]
        gains, losses = math.fsum(m for m in moves if m > 0), -math.fsum(m for m in moves if m < 0)
        return 100 * gains / (gains + losses) if gains + losses else 50.0

    def directional(self, i):
        whole = math.fsum(self.range[i - 13:i + 1])
        return [100 * math.fsum(moves[i - 13:i + 1]) / whole for moves in (self.plus, self.minus)]

    def adx(self, i):
        lines = [self.directional(k) for k in range(i - 13, i + 1)]
        return mean([100 * abs(a - b) / (a + b) if a + b else 0.0 for a, b in lines])

    def slow(self, i):
        return mean([100 * place(self.c[k], min(self.l[k - 13:k + 1]), max(self.h[k - 13:k + 1])) for k in range(i - 2, i + 1)])

    def middle(self, i, bars):
        return (max(self.h[i - bars + 1:i + 1]) + min(self.l[i - bars + 1:i + 1])) / 2

    def atr(self, i):
        return mean(self.range[i - 13:i + 1])

    def vwap(self, i):
        day = [k for k in range(i + 1) if self.t[k] // 86400 == self.t[i] // 86400]
        return math.fsum(self.c[k] * self.v[k] for k in day) / math.fsum(self.v[k] for k in day)

    def bands(self, i):
        window = self.c[i - 19:i + 1]
        middle = mean(window)
        width = 2 * math.sqrt(math.fsum((x - middle) ** 2 for x in window) / 19)
        return middle - width, middle, middle + width

    def diverges(self, i, of, sign):
        """Of two stretches of five bars the closes made a new extreme and the oscillator did not."""
        now, before = range(i - 4, i + 1), range(i - 9, i - 4)
        prices = max(sign * self.c[k] for k in now), max(sign * self.c[k] for k in before)
        values = max(sign * of(k) for k in now), max(sign * of(k) for k in before)
        return above(prices[0], prices[1]) and above(values[1], values[0])

    def at_level(self, i, share):
        high, low = max(self.h[i - 49:i + 1]), min(self.l[i - 49:i + 1])
        level = high - share * (high - low)
        return not above(abs(self.c[i] - level), 0.005 * level)

    def crosses(self, names, i, a, b):
        side, last = above(a(i), b(i)) - above(b(i), a(i)), above(a(i - 1), b(i - 1)) - above(b(i - 1), a(i - 1))
        return {names[0]: side > 0 >= last, names[1]: side < 0 <= last}

    def of(self, i):
        """Name -> a function that tells the state or the input of the bar."""
        c, o, h, l = self.c[i], self.o[i], self.h[i], self.l[i]
        support, resistance = self.swings["low"][i], self.swings["high"][i]
        pairs = {("EMA_9_gt_21", "EMA_9_lt_21"): (lambda k: self.emas[9][k], lambda k: self.emas[21][k], ("EMA_9_cross_21_up", "EMA_9_cross_21_down")),
                 ("EMA_50_gt_200", "EMA_50_lt_200"): (lambda k: self.emas[50][k], lambda k: self.emas[200][k], None),
                 ("MACD_gt_signal", "MACD_lt_signal"): (lambda k: self.macd[k], lambda k: self.signal[k], ("MACD_cross_up", "MACD_cross_down")),
                 ("Ichimoku_TK_Cross_Up", "Ichimoku_TK_Cross_Down"): (lambda k: self.middle(k, 9), lambda k: self.middle(k, 26),
                                                                      ("Ichimoku_TK_Crossed_Up", "Ichimoku_TK_Crossed_Down")),
                 ("DI_Plus_Above", "DI_Minus_Above"): (lambda k: self.directional(k)[0], lambda k: self.directional(k)[1], None),
                 ("High_Volatility", "Low_Volatility"): (self.atr, lambda k: mean([self.atr(j) for j in range(k - 19, k + 1)]), None),
                 ("Price_Above_VWAP", "Price_Below_VWAP"): (lambda k: self.c[k], self.vwap, None),
                 (None, None): (self.slow, lambda k: mean([self.slow(j) for j in range(k - 2, k + 1)]), ("Stoch_K_Cross_Up", "Stoch_K_Cross_Down"))}
        told = {}
        for (more, less), (a, b, crossings) in pairs.items():
            if more:
                told[more], told[less] = lambda a=a, b=b: above(a(i), b(i)), lambda a=a, b=b: above(b(i), a(i))
            for name in crossings or ():
                told[name] = lambda a=a, b=b, n=crossings, name=name: self.crosses(n, i, a, b)[name]
        for period in (7, 14, 21):
            for name, state in (("oversold", lambda x: above(30, x)), ("overbought", lambda x: above(x, 70)), ("gt_50", lambda x: above(x, 50)),
                                ("lt_50", lambda x: above(50, x))):
                told[f"RSI_{period}_{name}"] = lambda p=period, state=state: state(self.rsi(i, p))
            told[f"norm_RSI_{period}"] = lambda p=period: self.rsi(i, p) / 100
        for name, of in (("RSI", lambda k: self.rsi(k, 14)), ("MACD", lambda k: self.macd[k])):
            told[f"{name}_Bullish_Div"] = lambda of=of: self.diverges(i, of, -1)
            told[f"{name}_Bearish_Div"] = lambda of=of: self.diverges(i, of, 1)
        levels = {"236": 0.236, "382": 0.382, "500": 0.5, "618": 0.618}
        for name, share in levels.items():
            told["at_fibo_" + name] = lambda share=share: self.at_level(i, share)
        low, middle, high = self.bands(i)
        told.update({
            "at_fibo_key_level": lambda: any([self.at_level(i, share) for share in levels.values()]),
            "Price_lt_BB_Low": lambda: above(low, c), "Price_gt_BB_Up": lambda: above(c, high),
            "Vol_Spike": lambda: above(self.v[i], 2 * mean(self.v[i - 19:i + 1])),
            "ADX_Strong": lambda: above(self.adx(i), 25), "ADX_Weak": lambda: above(20, self.adx(i)),
            "Stoch_Oversold": lambda: above(20, self.slow(i)), "Stoch_Overbought": lambda: above(self.slow(i), 80),
            "at_support": lambda: not above(abs(c - support), 0.01 * support),
            "at_resistance": lambda: not above(abs(c - resistance), 0.01 * resistance),
            "bounce_from_support": lambda: told["at_support"]() and c > o and not above(l, 1.01 * support),
            "bounce_from_resistance": lambda: told["at_resistance"]() and c < o and not above(0.99 * resistance, h),
            "breakout_above_resistance": lambda: c > resistance >= self.c[i - 1],
            "breakout_below_support": lambda: c < support <= self.c[i - 1],
            "norm_MACD": lambda: place(self.macd[i], min(self.macd[i - 99:i + 1]), max(self.macd[i - 99:i + 1])),
            "norm_BB_Width": lambda: (high - low) / middle, "norm_Price_in_BB": lambda: place(c, low, high),
            "norm_Volume": lambda: place(self.log_volume[i], min(self.log_volume[i - 99:i + 1]), max(self.log_volume[i - 99:i + 1])),
            "norm_ADX": lambda: self.adx(i) / 100, "norm_ATR": lambda: self.atr(i) / c})
        return told


def compare(seed, folder):
    rows, path = market(seed), os.path.join(folder, "bars.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("time,open,high,low,close,volume\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in rows)
    run = subprocess.run([PROGRAM, "data", "show", "--csv", path, "--states", "--as", "csv"], capture_output=True, text=True, check=True)
    shown = list(csv.DictReader(run.stdout.splitlines()))
    states, failed, unsure, seen = States(rows), 0, 0, set()
    names = [name for name in shown[0] if name not in ("time", "open", "high", "low", "close", "volume")]
    for i, row in enumerate(shown):
        if i < FIRST:
            failed += sum(row[name] != "NaN" for name in names)
            continue
        told = states.of(i)
        if set(told) != set(names):
            print(f"FAILED names: {set(told) ^ set(names)}")
            return 1, 0
        for name in names:
            ours = float(row[name])
            try:
                theirs = float(told[name]())
            except Unsure:
                unsure += 1
                continue
            seen.add((name, ours > 0))
            if abs(ours - theirs) > 1e-9 * max(1.0, abs(theirs)):
                print(f"FAILED {name}, bar {i}: {ours} shown, {theirs} by the formula")
                failed += 1
    silent = [name for name in names if (name, True) not in seen or (not name.startswith("norm_") and (name, False) not in seen)]
    if silent or unsure > BARS:
        print(f"FAILED: never or always so: {silent}; {unsure} passed over")
        failed += 1
    return failed, len(names) * (BARS - FIRST) - unsure


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        failed, compared = compare(5, folder)
    print(f"states: {compared} values compared, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
