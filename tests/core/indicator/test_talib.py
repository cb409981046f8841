#!/usr/bin/env python3
"""Our indicators against the TA-Lib Python package, over real candles and random series of odd scales.
shows: IND-2

Pinned versions are installed into <build>/venv when they are not there; without them the test is skipped (77).

Deliberate differences, each compared in the way its comment says:
  - TA-Lib takes sums below 1e-14 for zero (RSI, BBANDS): on tiny prices its values are wrong, so RSI and the bands of a series scaled by a
    power of two are compared with TA-Lib's values of the unscaled series, which must be the same values scaled.
  - TA-Lib's VAR, STDDEV and CORREL lose digits (running sums of squares): there the difference may be what they lose, and ours is also held
    against two passes over each window in long doubles.
  - TA-Lib's BBANDS loses digits (E[x^2] - E[x]^2): bars whose deviation is below 1e-4 of the price are compared at 1e-6 of the price. Its
    running sums also keep what far larger prices before have lost: where the two differ, bands around an EMA must be to 1e-14 those that
    fifty digits give.
  - A flat window: RSI is 50 here, 0 there; such bars are left out and counted.
  - TA-Lib's MFI calls a flow below 1 zero; a window without any flow is 50 here, 0 there: such bars are left out and counted.
  - NATR with a period of 1: TA-Lib gives the plain range, not the percentage; not compared.
  - EMA, MACD with a period of 1: not in TA-Lib, not compared.
"""
import gzip
import json
import os
import re
import subprocess
import sys
from decimal import Decimal, localcontext

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PROGRAM = os.path.join(BUILD, "test_core_indicator_indicator_series")
PINNED = ["TA-Lib==0.6.8", "numpy==2.2.6"]
TOLERANCE = 1e-9


def skip(reason):
    print("skipped: " + reason)
    sys.exit(77)


def in_venv():
    """Runs this script again with the venv's python, which has the pinned packages."""
    venv = os.path.join(BUILD, "venv")
    python = os.path.join(venv, "bin", "python3")
    if not os.path.exists(python) and subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True).returncode != 0:
        skip("python3 -m venv does not work here (python3-venv missing?)")
    probe = "import talib, numpy; assert (talib.__version__, numpy.__version__) == ('%s', '%s')" % tuple(p.split("==")[1] for p in PINNED)
    if subprocess.run([python, "-c", probe], capture_output=True).returncode != 0:
        pip = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"] + PINNED, capture_output=True, text=True)
        if pip.returncode != 0:
            skip("cannot install " + " ".join(PINNED) + ": " + (pip.stderr.strip().splitlines() or ["?"])[-1])
    os.execv(python, [python, os.path.abspath(__file__), BUILD, "--in-venv"])


if "--in-venv" not in sys.argv:
    if not os.path.exists(PROGRAM):
        skip(PROGRAM + " is not built")
    in_venv()

import numpy as np  # noqa: E402
import talib  # noqa: E402
import talib.abstract  # noqa: E402


def ours(name, options, bars):
    text = "\n".join(",".join(repr(float(x)) for x in row) for row in bars) + "\n"
    run = subprocess.run([PROGRAM, name] + [repr(float(x)) for x in options], input=text, capture_output=True, text=True, check=True)
    return np.array([[float(x) for x in line.split(",")] for line in run.stdout.split()]).T


class Bars:
    """The columns of a series, as TA-Lib takes them."""

    def __init__(self, bars):
        self.open, self.high, self.low, self.close, self.volume = (np.ascontiguousarray(bars[:, i]) for i in range(5))


def i(x):
    return int(x)


# What TA-Lib calls each of ours: options -> a call that gives the outputs in our order; the option sets that are tried; how outputs grow with the
# prices ("price": with them, "ratio": not at all, "square"); and below which share of the price (or which value of a ratio) a difference is
# measured against that instead of the value itself, because values near 0 are differences that keep the digits of what they come from.
PEERS = {
    "sma": (lambda b, o: [talib.SMA(b.close, i(o[0]))], [[2], [20], [200]], "price", 0),
    "ema": (lambda b, o: [talib.EMA(b.close, i(o[0]))], [[2], [9], [21], [200]], "price", 0),
    "wma": (lambda b, o: [talib.WMA(b.close, i(o[0]))], [[2], [20], [200]], "price", 0),
    "dema": (lambda b, o: [talib.DEMA(b.close, i(o[0]))], [[2], [20], [100]], "price", 0),
    "tema": (lambda b, o: [talib.TEMA(b.close, i(o[0]))], [[2], [20], [100]], "price", 0),
    "trima": (lambda b, o: [talib.TRIMA(b.close, i(o[0]))], [[2], [3], [20], [33]], "price", 0),
    "kama": (lambda b, o: [talib.KAMA(b.close, i(o[0]))], [[2], [10], [30]], "price", 0),
    "t3": (lambda b, o: [talib.T3(b.close, i(o[0]), o[1])], [[2, 0.7], [5, 0.7], [20, 0.3]], "price", 0),
    "rsi": (lambda b, o: [talib.RSI(b.close, i(o[0]))], [[2], [7], [14], [100]], "ratio", 0),
    "stochrsi": (lambda b, o: talib.STOCHRSI(b.close, i(o[0]), i(o[1]), i(o[2]), 0), [[14, 5, 3], [7, 14, 1]], "ratio", 1e-3),
    "stoch": (lambda b, o: talib.STOCH(b.high, b.low, b.close, i(o[0]), i(o[1]), 0, i(o[2]), 0), [[5, 3, 3], [14, 1, 5]], "ratio", 1e-3),
    "stochf": (lambda b, o: talib.STOCHF(b.high, b.low, b.close, i(o[0]), i(o[1]), 0), [[5, 3], [14, 1]], "ratio", 1e-3),
    "willr": (lambda b, o: [talib.WILLR(b.high, b.low, b.close, i(o[0]))], [[2], [14], [100]], "ratio", 1e-3),
    "macd": (lambda b, o: talib.MACD(b.close, *map(i, o)), [[12, 26, 9], [5, 35, 5], [19, 39, 9]], "price", 1e-4),
    "apo": (lambda b, o: [talib.APO(b.close, i(o[0]), i(o[1]), i(o[2]))], [[12, 26, 0], [12, 26, 1], [3, 10, 0]], "price", 1e-4),
    "ppo": (lambda b, o: [talib.PPO(b.close, i(o[0]), i(o[1]), i(o[2]))], [[12, 26, 0], [12, 26, 1], [3, 10, 0]], "ratio", 1e-2),
    "mom": (lambda b, o: [talib.MOM(b.close, i(o[0]))], [[1], [10], [100]], "price", 0),
    "roc": (lambda b, o: [talib.ROC(b.close, i(o[0]))], [[1], [10], [100]], "ratio", 1e-2),
    "rocp": (lambda b, o: [talib.ROCP(b.close, i(o[0]))], [[1], [10], [100]], "ratio", 0),
    "rocr": (lambda b, o: [talib.ROCR(b.close, i(o[0]))], [[1], [10], [100]], "ratio", 0),
    "rocr100": (lambda b, o: [talib.ROCR100(b.close, i(o[0]))], [[1], [10], [100]], "ratio", 0),
    "cci": (lambda b, o: [talib.CCI(b.high, b.low, b.close, i(o[0]))], [[5], [14], [50]], "ratio", 1e-1),
    "dev": (lambda b, o: [talib.AVGDEV(b.close, i(o[0]))], [[2], [14], [50]], "price", 1e-5),
    "cmo": (lambda b, o: [talib.CMO(b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "ultosc": (lambda b, o: [talib.ULTOSC(b.high, b.low, b.close, *map(i, o))], [[7, 14, 28], [3, 5, 9]], "ratio", 1e-2),
    "plus_dm": (lambda b, o: [talib.PLUS_DM(b.high, b.low, i(o[0]))], [[2], [14], [50]], "price", 1e-4),
    "minus_dm": (lambda b, o: [talib.MINUS_DM(b.high, b.low, i(o[0]))], [[2], [14], [50]], "price", 1e-4),
    "plus_di": (lambda b, o: [talib.PLUS_DI(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "minus_di": (lambda b, o: [talib.MINUS_DI(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "dx": (lambda b, o: [talib.DX(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "adx": (lambda b, o: [talib.ADX(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "adxr": (lambda b, o: [talib.ADXR(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "ratio", 1e-2),
    "aroon": (lambda b, o: talib.AROON(b.high, b.low, i(o[0])), [[2], [14], [100]], "ratio", 0),
    "aroonosc": (lambda b, o: [talib.AROONOSC(b.high, b.low, i(o[0]))], [[2], [14], [100]], "ratio", 0),
    "sar": (lambda b, o: [talib.SAR(b.high, b.low, o[0], o[1])], [[0.02, 0.2], [0.1, 0.05], [0.005, 0.5]], "price", 0),
    "trix": (lambda b, o: [talib.TRIX(b.close, i(o[0]))], [[2], [14], [30]], "ratio", 1e-3),
    "linreg": (lambda b, o: [f(b.close, i(o[0])) for f in (talib.LINEARREG, talib.LINEARREG_SLOPE, talib.LINEARREG_INTERCEPT,
                                                           talib.LINEARREG_ANGLE, talib.TSF)], [[3], [14], [60]], "line", 1e-4),
    "ma": (lambda b, o: [talib.MA(b.close, i(o[0]), i(o[1]))], [[1, 3]] + [[20, kind] for kind in range(9)] + [[2, 6], [70, 7]], "price", 0),
    "bbands": (lambda b, o: talib.BBANDS(b.close, i(o[0]), o[1], o[2], i(o[3])), [[20, 2, 2, kind] for kind in range(9)] + [[20, 1, 2.5, 1], [5, 1, 3, 1]], "bands", 0),
    "macdext": (lambda b, o: talib.MACDEXT(b.close, *map(i, o)), [[12, kind, 26, kind, 9, kind] for kind in range(9)] +
                [[3, 8, 10, 0, 5, 1], [12, 0, 26, 6, 1, 0], [2, 0, 20, 5, 9, 2], [10, 7, 20, 0, 9, 1]], "price", 1e-2),
    "macdfix": (lambda b, o: talib.MACDFIX(b.close, i(o[0])), [[9], [2], [30]], "price", 1e-4),
    "sarext": (lambda b, o: [talib.SAREXT(b.high, b.low, *o)], [[0, 0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2], [0, 0.01, 0.05, 0.03, 0.1, 0.01, 0.02, 0.4]],
               "price", 0),
    "mama": (lambda b, o: talib.MAMA(b.close, o[0], o[1]), [[0.5, 0.05], [0.9, 0.2], [0.1, 0.3]], "price", 0),
    "ht_dcperiod": (lambda b, o: [talib.HT_DCPERIOD(b.close)], [[]], "ratio", 0),
    "ht_phasor": (lambda b, o: talib.HT_PHASOR(b.close), [[]], "price", 1e-4),
    "ht_dcphase": (lambda b, o: [talib.HT_DCPHASE(b.close)], [[]], "ratio", 10),
    "ht_sine": (lambda b, o: talib.HT_SINE(b.close), [[]], "ratio", 1),
    "ht_trendline": (lambda b, o: [talib.HT_TRENDLINE(b.close)], [[]], "price", 0),
    "ht_trendmode": (lambda b, o: [np.where(np.arange(len(b.close)) < 63, np.nan, talib.HT_TRENDMODE(b.close))], [[]], "ratio", 0),
    "variance": (lambda b, o: [talib.VAR(b.close, i(o[0]), 1)], [[5], [20]], "square", 0),
    "stddev": (lambda b, o: [talib.STDDEV(b.close, i(o[0]), o[1])], [[5, 1], [20, 2.5]], "spread", 0),
    "correl": (lambda b, o: [talib.CORREL(b.high, b.low, i(o[0]))], [[5], [30]], "correlation", 1e-1),
    "beta": (lambda b, o: [talib.BETA(b.high, b.low, i(o[0]))], [[5], [20]], "ratio", 1e-1),
    "highest": (lambda b, o: [talib.MAX(b.high, i(o[0]))], [[2], [14], [100]], "price", 0),
    "lowest": (lambda b, o: [talib.MIN(b.low, i(o[0]))], [[2], [14], [100]], "price", 0),
    "midpoint": (lambda b, o: [talib.MIDPOINT(b.close, i(o[0]))], [[2], [14], [100]], "price", 0),
    "midprice": (lambda b, o: [talib.MIDPRICE(b.high, b.low, i(o[0]))], [[2], [14], [100]], "price", 0),
    "sum": (lambda b, o: [talib.SUM(b.close, i(o[0]))], [[2], [14], [100]], "price", 0),
    "atr": (lambda b, o: [talib.ATR(b.high, b.low, b.close, i(o[0]))], [[2], [14], [50]], "price", 0),
    "tr": (lambda b, o: [talib.TRANGE(b.high, b.low, b.close)], [[]], "price", 0),
    "natr": (lambda b, o: [talib.NATR(b.high, b.low, b.close, i(o[0]))], [[2], [14]], "ratio", 0),
    "ad": (lambda b, o: [talib.AD(b.high, b.low, b.close, b.volume)], [[]], "ratio", 0),
    "adosc": (lambda b, o: [talib.ADOSC(b.high, b.low, b.close, b.volume, *map(i, o))], [[3, 10], [5, 40]], "line of ad", 0),
    "mfi": (lambda b, o: [talib.MFI(b.high, b.low, b.close, b.volume, i(o[0]))], [[2], [14]], "ratio", 100),
    "obv": (lambda b, o: [talib.OBV(b.close, b.volume)], [[]], "ratio", 0),
    "bop": (lambda b, o: [talib.BOP(b.open, b.high, b.low, b.close)], [[]], "ratio", 0),
    "donchian": (lambda b, o: [talib.MAX(b.high, i(o[0])), (talib.MAX(b.high, i(o[0])) + talib.MIN(b.low, i(o[0]))) / 2,
                               talib.MIN(b.low, i(o[0]))], [[2], [20]], "price", 0),
    "bollinger": (lambda b, o: talib.BBANDS(b.close, i(o[0]), o[1], o[1], talib.MA_Type.SMA), [[20, 2], [5, 1], [50, 2.5]], "bands", 0),
}


def theirs(name, options, bars):
    return np.array(PEERS[name][0](Bars(bars), options))


def real_series():
    """Candles beside the repository when they are there, else the bundled ones: the last 6,000 bars of each."""
    shared = os.path.join(SOURCE, "..", "shared", "data")
    bundled = os.path.join(SOURCE, "market")
    folder = shared if os.path.isdir(shared) else bundled
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".csv.gz") or "1h" not in name:
            continue
        with gzip.open(os.path.join(folder, name), "rt") as file:
            header = file.readline().strip().lower().split(",")
            places = [header.index(column) for column in ("open", "high", "low", "close", "volume")]
            rows = [[float(line.split(",")[i]) for i in places] for line in file.readlines()[-6000:]]
        yield name, np.array(rows), 1.0


def random_series():
    for seed, scale in ((1, 1.0), (2, 2.0 ** -27), (3, 2.0 ** 20), (4, 2.0 ** -40), (5, 1.0)):
        random = np.random.default_rng(seed)
        close = 100.0 * np.exp(np.cumsum(random.normal(0, 0.01 if seed < 5 else 0.2, 3000)))
        open_ = np.concatenate(([100.0], close[:-1]))
        high = np.maximum(open_, close) * (1 + 0.005 * random.random(3000))
        low = np.minimum(open_, close) * (1 - 0.005 * random.random(3000))
        yield "random %d x %g" % (seed, scale), np.stack((open_, high, low, close, 1000 * random.random(3000)), axis=1), scale


def scaled(kind, reference, scale):
    """What TA-Lib's values are at another scale of the prices: exact, the scale is a power of two."""
    if kind in ("ratio", "correlation", "line of ad"):
        return reference
    if kind == "square":
        return reference * scale * scale
    if kind == "line":  # the angle is of the slope in its scale
        angle = np.degrees(np.arctan(reference[1] * scale))
        return np.array([reference[0] * scale, reference[1] * scale, reference[2] * scale, angle, reference[4] * scale])
    return reference * scale


def rolling_deviation(values, period):
    window = np.lib.stride_tricks.sliding_window_view(values, period)
    return np.concatenate((np.full(period - 1, np.nan), window.std(axis=1)))


def allowed_difference(kind, floor, options, mine, reference, bars):
    price = bars[:, 3]
    size = np.maximum(np.abs(mine), np.abs(reference))
    if kind == "ratio":
        size = np.maximum(size, floor)
    elif kind in ("price", "line"):
        size = np.maximum(size, price * floor)
    elif kind == "line of ad":  # keeps the digits of the line whose averages it subtracts
        size = np.maximum(size, np.abs(talib.AD(*(np.ascontiguousarray(bars[:, column]) for column in (1, 2, 3, 4)))))
    elif kind == "bands":
        size = np.maximum(size, np.abs(reference[1]))  # a band near zero keeps the digits of the middle
    allowed = TOLERANCE * size
    narrow = np.zeros(size.shape, dtype=bool)
    if kind == "bands":
        narrow[:] = np.abs(reference[0] - reference[1]) < 1e-4 * options[1] * price
        return np.where(narrow, 1e-6 * price, allowed), size, narrow
    if kind in ("spread", "square", "correlation"):
        highest = np.maximum.accumulate(price)  # TA-Lib's running sums of squares keep what the largest of them lost
        lost = 5e-14 * highest * highest
        if kind == "spread":
            lost = lost / np.maximum(np.abs(mine), 1e-300) * options[-1] ** 2
        if kind == "correlation":
            spread = rolling_deviation(bars[:, 1], i(options[0])) * rolling_deviation(bars[:, 2], i(options[0]))
            lost = np.minimum(lost / np.maximum(spread, 1e-300), 2.0)
        allowed = np.maximum(allowed, lost)
        narrow = allowed > TOLERANCE * size
    return allowed, size, narrow


def follows_definition(name, options, bars, mine):
    """Where TA-Lib loses digits: against two passes over each window in long doubles, to 1e-12."""
    view = np.lib.stride_tricks.sliding_window_view
    period = i(options[0])
    if name == "correl":
        x, y = (view(bars[:, column].astype(np.longdouble), period) for column in (1, 2))
        x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
        spread = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
        exact = np.where(spread > 0, (x * y).sum(axis=1) / np.where(spread > 0, spread, 1), 0)
        return (np.abs(mine[period - 1:] - exact) <= 1e-12).all()
    window = view(bars[:, 3].astype(np.longdouble), period)
    exact = ((window - window.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)
    exact = np.sqrt(exact) * options[1] if name == "stddev" else exact
    return (np.abs(mine[period - 1:] - exact) <= 1e-11 * exact).all()


def is_exact_band(options, bars, mine, output, at):
    """Of a band around an exponential average (bbands with average 1), in fifty digits."""
    period, up, down = i(options[0]), Decimal(options[1]), Decimal(options[2])
    with localcontext() as digits:
        digits.prec = 50
        close = [Decimal(float(x)) for x in bars[:at + 1, 3]]
        middle = sum(close[:period]) / period
        for x in close[period:]:
            middle += (x - middle) * 2 / (period + 1)
        window = close[-period:]
        deviation = (sum((x - sum(window) / period) ** 2 for x in window) / period).sqrt()
        exact = (middle + up * deviation, middle, middle - down * deviation)[output]
        return abs(Decimal(float(mine[output, at])) - exact) <= Decimal("1e-14") * middle


EXACT = ("variance", "stddev", "correl")


def compare(label, name, options, bars, scale):
    """The worst difference relative to the size of the value, and how many flat bars were left out."""
    _, _, kind, floor = PEERS[name]
    mine = ours(name, options, bars * [scale, scale, scale, scale, 1.0])
    reference = scaled(kind, theirs(name, options, bars), scale)
    price = bars[:, 3] * scale
    if not np.array_equal(np.isnan(mine), np.isnan(reference)):
        print("FAILED %s %s %s: warm-up differs: %s bars here, %s there" % (
            label, name, options, np.isnan(mine).sum(axis=1), np.isnan(reference).sum(axis=1)))
        return None, 0
    left_out = np.zeros(len(price), dtype=bool)
    if name in ("rsi", "correl"):  # flat windows; spreads whose product is below 1e-14 are flat to TA-Lib's CORREL
        left_out = (mine[0] != 0.0) & (reference[0] == 0.0)
    if name == "mfi":  # no money moved
        left_out = (mine[0] == 50.0) & (reference[0] == 0.0)
    use = ~np.isnan(reference) & ~left_out
    allowed, size, narrow = allowed_difference(kind, floor, options, mine, reference, bars * scale)
    difference = np.abs(mine - reference)
    apart = np.argwhere((difference > allowed) & use)
    if name == "bbands" and options[3] == 1:
        apart = [at for at in apart if not is_exact_band(options, bars * scale, mine, *at)]
    if len(apart) > 0:
        at = apart[0]
        print("FAILED %s %s %s: bar %d output %d: %r here, %r there" % (
            label, name, options, at[1], at[0], mine[at[0], at[1]], reference[at[0], at[1]]))
        return None, 0
    if name in EXACT and not follows_definition(name, options, bars * scale, mine[0]):
        print("FAILED %s %s %s: not the two-pass value" % (label, name, options))
        return None, 0
    wide = use & ~narrow
    with np.errstate(invalid="ignore", divide="ignore"):
        worst = np.nan_to_num(difference[wide] / size[wide]).max() if wide.any() else 0.0
    return worst, int(left_out.sum())


def registry_names():
    """Every indicator whose convention begins with a function of TA-Lib must be compared here."""
    program = os.path.join(BUILD, "patriot")
    if not os.path.exists(program):
        return []
    listed = json.loads(subprocess.run([program, "indicators", "--json"], capture_output=True, text=True, check=True).stdout)
    return [kind["name"] for kind in listed if kind["convention"].startswith("TA-Lib ") and not kind["name"].startswith("cdl_")]


# What TA-Lib has and is not called above: docs/indicators.md says what stands for it.
ELSEWHERE = set("AVGPRICE MEDPRICE TYPPRICE WCLPRICE MAXINDEX MININDEX MINMAX MINMAXINDEX MAVP".split())


def functions_without_peer():
    groups = talib.get_function_groups()
    arithmetic = set(groups["Math Operators"] + groups["Math Transform"]) - {"SUM", "MAX", "MIN"} - ELSEWHERE
    with open(os.path.abspath(__file__), encoding="utf-8") as file:
        called = set(re.findall(r"talib\.([A-Z][A-Z0-9_]+)", file.read()))
    return set(talib.get_functions()) - called - arithmetic - ELSEWHERE - set(groups["Pattern Recognition"])


failures, compared, worst_of = 0, 0, {}
for name in sorted(functions_without_peer()):
    print("FAILED TA-Lib's %s is not compared" % name)
    failures += 1
for name in registry_names():
    if name not in PEERS:
        print("FAILED %s says that it is TA-Lib's and is not compared" % name)
        failures += 1
for label, bars, scale in list(real_series()) + list(random_series()):
    for name, (_, cases, _, _) in PEERS.items():
        for options in cases:
            worst, left_out = compare(label, name, options, bars, scale)
            compared += 1
            if worst is None:
                failures += 1
            else:
                worst_of[name] = max(worst_of.get(name, 0.0), worst)
                if left_out:
                    print("note: %s %s %s: %d flat bars left out" % (label, name, options, left_out))

# --- candle patterns: the same 100, 80, -80, -100 and 0 on every bar ------------------------------------------------------------------
CANDLE_ONE = "doji dragonfly_doji gravestone_doji long_legged_doji rickshaw_man takuri belt_hold closing_marubozu marubozu long_line short_line high_wave spinning_top"
CANDLE_TWO = """counterattack dark_cloud_cover doji_star engulfing hammer hanging_man inverted_hammer shooting_star harami harami_cross homing_pigeon in_neck
    on_neck thrusting piercing kicking kicking_by_length matching_low separating_lines"""
CANDLE_MORE = {"two_crows": "2CROWS", "three_black_crows": "3BLACKCROWS", "three_inside": "3INSIDE", "three_outside": "3OUTSIDE",
               "three_line_strike": "3LINESTRIKE", "three_stars_in_south": "3STARSINSOUTH", "three_white_soldiers": "3WHITESOLDIERS",
               "abandoned_baby": "ABANDONEDBABY", "advance_block": "ADVANCEBLOCK", "breakaway": "BREAKAWAY",
               "conceal_baby_swallow": "CONCEALBABYSWALL", "evening_star": "EVENINGSTAR", "evening_doji_star": "EVENINGDOJISTAR",
               "morning_star": "MORNINGSTAR", "morning_doji_star": "MORNINGDOJISTAR", "gap_side_side_white": "GAPSIDESIDEWHITE",
               "identical_three_crows": "IDENTICAL3CROWS", "ladder_bottom": "LADDERBOTTOM", "mat_hold": "MATHOLD",
               "rise_fall_three_methods": "RISEFALL3METHODS", "stalled": "STALLEDPATTERN", "stick_sandwich": "STICKSANDWICH",
               "tasuki_gap": "TASUKIGAP", "tristar": "TRISTAR", "unique_three_river": "UNIQUE3RIVER", "upside_gap_two_crows": "UPSIDEGAP2CROWS",
               "x_side_gap_three_methods": "XSIDEGAP3METHODS"}
CANDLES = {name: name.replace("_", "").upper() for name in (CANDLE_ONE + " " + CANDLE_TWO).split()}
CANDLES.update(CANDLE_MORE)
CANDLES.update({"hikkake": "HIKKAKE", "hikkake_mod": "HIKKAKEMOD"})  # confirmed by a later bar


def candle_series():
    """Real candles, and walks whose figures are multiples of 1/16: sums of them are exact in both programs, so ties are equal, too. Every
    second one is made to gap, so that stars and babies occur, and leans one way for some bars, so that soldiers and crows do."""
    for name, bars, _ in real_series():
        yield name, bars
    calm = [(100, 102, 99, 101), (101, 102, 99, 100)] * 8
    rare = {
        "two crows": [(100, 107, 99, 106), (110, 111, 107, 108), (109, 110, 102, 103)],
        "mat hold": [(100, 107, 99, 106), (108, 108.5, 107, 107.5), (106.5, 107, 105, 105.5), (105.4, 106, 104, 104.6), (105, 111, 104, 110)],
    }
    for name, pattern in rare.items():
        bars = np.array(calm + pattern + calm, dtype=float)
        yield name, np.column_stack((bars, np.ones(len(bars))))
    for seed in range(24):
        random = np.random.default_rng(100 + seed)
        count, step = 6000, 1 / 16
        lean = np.repeat(random.normal(0, 1.5, count // 5), 5)
        body = np.round(random.normal(lean, random.choice([0.5, 1, 2.5, 6], count))).astype(float)
        gap = np.round(random.normal(0, 1.5 if seed % 2 else 0.4, count))
        # the market turns back where it has gone far: prices stay above zero
        level, opens, closes = 20000.0, np.empty(count), np.empty(count)
        for i in range(count):
            pull = -1.0 if level > 22000 else 1.0 if level < 18000 else 0.0
            opens[i] = level + gap[i] + pull
            closes[i] = level = opens[i] + body[i]
        reach = random.choice([0.0, 0.3, 1.0, 4.0], count), random.choice([0.0, 0.3, 1.0, 4.0], count)
        highs = np.maximum(opens, closes) + np.floor(np.abs(random.normal(0, 1, count)) * reach[0])
        lows = np.minimum(opens, closes) - np.floor(np.abs(random.normal(0, 1, count)) * reach[1])
        yield "walk %d" % seed, np.stack((opens, highs, lows, closes, np.ones(count) / step), axis=1) * step


def all_candles(bars):
    """Every pattern over the bars, in one run."""
    text = "\n".join(",".join(repr(float(x)) for x in row) for row in bars) + "\n"
    names = sorted(CANDLES)
    run = subprocess.run([PROGRAM, "+"] + ["cdl_" + name for name in names], input=text, capture_output=True, text=True, check=True)
    table = np.array([[float(x) for x in line.split(",")] for line in run.stdout.split()])
    return dict(zip(names, table.T))


missing = {name for name in talib.get_function_groups()["Pattern Recognition"]} - {"CDL" + name for name in CANDLES.values()}
if missing:
    print("FAILED patterns of TA-Lib that are not compared: " + ", ".join(sorted(missing)))
    failures += 1
found = dict.fromkeys(CANDLES, 0)
for label, bars in candle_series():
    mine = all_candles(bars)
    columns = [np.ascontiguousarray(bars[:, i]) for i in range(4)]
    for name, function in sorted(CANDLES.items()):
        reference = getattr(talib, "CDL" + function)(*columns)
        warm_up = talib.abstract.Function("CDL" + function).lookback
        compared += 1
        found[name] += int(np.count_nonzero(reference))
        here = np.nan_to_num(mine[name])
        if not np.array_equal(np.isnan(mine[name]), np.arange(len(bars)) < warm_up):
            print("FAILED %s cdl_%s: %d bars of warm-up here, %d there" % (label, name, np.isnan(mine[name]).sum(), warm_up))
            failures += 1
        elif not np.array_equal(here, reference):
            at = np.argwhere(here != reference)[:, 0]
            print("FAILED %s cdl_%s: %d bars differ, the first is bar %d: %d here, %d there" % (label, name, len(at), at[0], here[at[0]], reference[at[0]]))
            failures += 1
print("candle patterns found: " + ", ".join("%s %d" % item for item in sorted(found.items())))
never = [name for name, count in found.items() if count == 0]
if never:
    print("FAILED never seen in these series: " + ", ".join(never))
    failures += 1
print("TA-Lib %s: %d comparisons, %d failed; worst relative differences: %s" % (
    talib.__version__, compared, failures, ", ".join("%s %.1e" % item for item in sorted(worst_of.items()))))
sys.exit(1 if failures else 0)
