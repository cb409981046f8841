#!/usr/bin/env python3
"""Our indicators against the TA-Lib Python package, over real candles and random series of odd scales.
shows: IND-2

Pinned versions are installed into <build>/venv when they are not there; without them the test is skipped (77).

Deliberate differences, each compared in the way its comment says:
  - TA-Lib takes sums below 1e-14 for zero (RSI, BBANDS): on tiny prices its values are wrong, so RSI and the bands of a series scaled by a
    power of two are compared with TA-Lib's values of the unscaled series, which must be the same values scaled.
  - TA-Lib's BBANDS loses digits (E[x^2] - E[x]^2): bars whose deviation is below 1e-4 of the price are compared at 1e-6 of the price.
  - A flat window: RSI is 50 here, 0 there; such bars are left out and counted.
  - TA-Lib's MFI calls a flow below 1 zero; a window without any flow is 50 here, 0 there: such bars are left out and counted.
  - NATR with a period of 1: TA-Lib gives the plain range, not the percentage; not compared.
  - EMA, MACD with a period of 1: not in TA-Lib, not compared.
"""
import gzip
import os
import subprocess
import sys

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


def ours(name, options, bars):
    text = "\n".join(",".join(repr(float(x)) for x in row) for row in bars) + "\n"
    run = subprocess.run([PROGRAM, name] + [repr(float(x)) for x in options], input=text, capture_output=True, text=True, check=True)
    return np.array([[float(x) for x in line.split(",")] for line in run.stdout.split()]).T


def theirs(name, options, bars):
    open_, high, low, close, volume = (np.ascontiguousarray(bars[:, i]) for i in range(5))
    whole = [int(x) for x in options]
    return np.array({
        "ema": lambda: [talib.EMA(close, whole[0])],
        "sma": lambda: [talib.SMA(close, whole[0])],
        "rsi": lambda: [talib.RSI(close, whole[0])],
        "atr": lambda: [talib.ATR(high, low, close, whole[0])],
        "macd": lambda: talib.MACD(close, *whole),
        "bollinger": lambda: talib.BBANDS(close, whole[0], options[1], options[1], talib.MA_Type.SMA),
        # volume, volatility and channels
        "tr": lambda: [talib.TRANGE(high, low, close)],
        "natr": lambda: [talib.NATR(high, low, close, whole[0])],
        "ad": lambda: [talib.AD(high, low, close, volume)],
        "adosc": lambda: [talib.ADOSC(high, low, close, volume, *whole)],
        "mfi": lambda: [talib.MFI(high, low, close, volume, whole[0])],
        "obv": lambda: [talib.OBV(close, volume)],
        "bop": lambda: [talib.BOP(open_, high, low, close)],
        "donchian": lambda: [talib.MAX(high, whole[0]), (talib.MAX(high, whole[0]) + talib.MIN(low, whole[0])) / 2, talib.MIN(low, whole[0])],
    }[name]())


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


CASES = [("sma", [2]), ("sma", [20]), ("sma", [200]), ("ema", [2]), ("ema", [9]), ("ema", [21]), ("ema", [200]),
         ("rsi", [2]), ("rsi", [7]), ("rsi", [14]), ("rsi", [100]), ("atr", [2]), ("atr", [14]), ("atr", [50]),
         ("macd", [12, 26, 9]), ("macd", [5, 35, 5]), ("macd", [19, 39, 9]),
         ("bollinger", [20, 2]), ("bollinger", [5, 1]), ("bollinger", [50, 2.5])]
# volume, volatility and channels
CASES += [("tr", []), ("natr", [2]), ("natr", [14]), ("ad", []), ("adosc", [3, 10]), ("adosc", [5, 40]), ("mfi", [2]), ("mfi", [14]), ("obv", []),
          ("bop", []), ("donchian", [2]), ("donchian", [20])]
PRICE_FREE = {"rsi", "natr", "ad", "adosc", "mfi", "obv", "bop"}  # do not change when all prices are multiplied


def compare(label, name, options, bars, scale):
    """The worst difference relative to the size of the value (macd: of the price, whose digits it keeps)."""
    mine = ours(name, options, bars * [scale, scale, scale, scale, 1.0])
    reference = theirs(name, options, bars)
    if name not in PRICE_FREE:
        reference = reference * scale  # exact: the scale is a power of two
    price = bars[:, 3] * scale
    if not np.array_equal(np.isnan(mine), np.isnan(reference)):
        print("FAILED %s %s %s: warm-up differs: %s bars here, %s there" % (
            label, name, options, np.isnan(mine).sum(axis=1), np.isnan(reference).sum(axis=1)))
        return None, 0
    good = ~np.isnan(reference[0])
    size = np.maximum(np.abs(mine), np.abs(reference))
    if name == "macd":
        size = np.maximum(size, 0 * size + price * 1e-4)
    if name == "mfi":  # its sums leave up to 1e-13 there where the value is 0
        size = np.maximum(size, 100.0)
    if name == "adosc":  # keeps the digits of the line whose averages it subtracts
        size = np.maximum(size, np.abs(talib.AD(*(np.ascontiguousarray(bars[:, i]) for i in (1, 2, 3, 4)))))
    if name == "bollinger":
        size = np.maximum(size, np.abs(reference[1]))  # a band near zero keeps the digits of the middle
    difference = np.abs(mine - reference)
    left_out = np.zeros(len(good), dtype=bool)
    if name == "rsi":
        left_out = good & (mine[0] == 50.0) & (reference[0] == 0.0)
    allowed = TOLERANCE * size
    if name == "bollinger":
        narrow = np.abs(reference[0] - reference[1]) < 1e-4 * options[1] * price
        allowed = np.where(narrow, 1e-6 * price, allowed)
    if name == "mfi":  # no money moved
        left_out = good & (mine[0] == 50.0) & (reference[0] == 0.0)
    use = good & ~left_out
    if (difference[:, use] > allowed[:, use]).any():
        at = np.argwhere((difference > allowed) & use)[0]
        print("FAILED %s %s %s: bar %d output %d: %r here, %r there" % (
            label, name, options, at[1], at[0], mine[at[0], at[1]], reference[at[0], at[1]]))
        return None, 0
    wide = use if name != "bollinger" else use & ~narrow
    with np.errstate(invalid="ignore", divide="ignore"):
        worst = np.nan_to_num(difference[:, wide] / size[:, wide]).max() if wide.any() else 0.0
    return worst, int(left_out.sum())


failures, compared, worst_of = 0, 0, {}
for label, bars, scale in list(real_series()) + list(random_series()):
    for name, options in CASES:
        worst, left_out = compare(label, name, options, bars, scale)
        compared += 1
        if worst is None:
            failures += 1
        else:
            worst_of[name] = max(worst_of.get(name, 0.0), worst)
            if left_out:
                print("note: %s %s %s: %d flat bars left out" % (label, name, options, left_out))
print("TA-Lib %s: %d comparisons, %d failed; worst relative differences: %s" % (
    talib.__version__, compared, failures, ", ".join("%s %.1e" % item for item in sorted(worst_of.items()))))
sys.exit(1 if failures else 0)
