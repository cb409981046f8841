#!/usr/bin/env python3
"""Volume, volatility and channel indicators against the values that TradingView exported (shared/data/tradingview/ta).
shows: IND-2

Skipped (77) where these files are not beside the repository. The first values must begin at the same bar, each value must agree to 1e-10
relative to its size; how many are the same bits is printed.
"""
import csv
import math
import os
import subprocess
import sys

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
FOLDER = os.path.join(SOURCE, "..", "shared", "data", "tradingview", "ta")
PROGRAM = os.path.join(BUILD, "test_core_indicator_indicator_series")
TOLERANCE = 1e-10
# TradingView's deviation lies this far from the exact one (rational arithmetic gives ours), so more cannot be asked of an exact value
TOLERANCE_OF = {"bollinger_width": 2e-9}
SESSION = 21 * 60  # the files' market opens its day at 21:00 UTC

# file, column there, indicator, options, output
CASES = [
    ("accdist+pvi+pvt+wad+wvad.csv", "ta.accdist", "ad", [], 0),
    ("accdist+pvi+pvt+wad+wvad.csv", "ta.pvi", "pvi", [], 0),
    ("accdist+pvi+pvt+wad+wvad.csv", "ta.pvt", "pvt", [], 0),
    ("accdist+pvi+pvt+wad+wvad.csv", "ta.wad", "wad", [], 0),
    ("accdist+pvi+pvt+wad+wvad.csv", "ta.wvad", "wvad", [], 0),
    ("iii+nvi+obv.csv", "ta.iii", "iii", [], 0),
    ("iii+nvi+obv.csv", "ta.nvi", "nvi", [], 0),
    ("iii+nvi+obv.csv", "ta.obv", "obv", [0], 0),
    ("kc.csv", "ta.kc(close, 20, 2).upper", "keltner", [20, 2, 1], 0),
    ("kc.csv", "ta.kc(close, 20, 2).base", "keltner", [20, 2, 1], 1),
    ("kc.csv", "ta.kc(close, 20, 2).lower", "keltner", [20, 2, 1], 2),
    ("kc.csv", "ta.kcw(close, 20, 2.1, useTrueRange=false)", "keltner_width", [20, 2.1, 0], 0),
    ("bb.csv", "ta.bbw(close, 20, 2.1)", "bollinger_width", [20, 2.1], 0),
    ("mfi+rsi+stoch.csv", "ta.mfi(close, 14)", "mfi_close", [14], 0),
    ("tr.csv", "ta.tr(false)", "tr", [0], 0),
    ("tr.csv", "ta.tr(true)", "tr", [1], 0),
    ("tr.csv", "ta.tr", "tr", [0], 0),
    ("tr.csv", "ta.atr(14)", "atr_rma", [14], 0),
    ("vwap.csv", "ta.vwap(close)", "vwap", [SESSION, 1, 1], 0),
]


def ours(name, options, rows, output):
    columns = ("open", "high", "low", "close", "Volume", "time")
    text = "".join(",".join(row[column] for column in columns) + "\n" for row in rows)
    run = subprocess.run([PROGRAM, name] + [repr(float(x)) for x in options], input=text, capture_output=True, text=True, check=True)
    return [float(line.split(",")[output]) for line in run.stdout.split()]


def compare(file, column, name, options, output):
    """True when all agree."""
    with open(os.path.join(FOLDER, file), newline="") as stream:
        rows = list(csv.DictReader(stream))
    theirs = [float(row[column]) for row in rows]
    mine = ours(name, options, rows, output)
    same, worst = 0, 0.0
    for bar, (a, b) in enumerate(zip(mine, theirs)):
        if math.isnan(a) != math.isnan(b):
            print("FAILED %s: bar %d: %r here, %r there" % (column, bar, a, b))
            return False
        if not math.isnan(a):
            same += a == b
            worst = max(worst, abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0)
    values = sum(not math.isnan(x) for x in theirs)
    good = len(mine) == len(theirs) and values > 0 and worst <= TOLERANCE_OF.get(name, TOLERANCE)
    print("%s%s = %s%s: %d values, %d the same bits, worst %.1e" % ("" if good else "FAILED ", column, name, options, values, same, worst))
    return good


if not os.path.isdir(FOLDER):
    print("skipped: no %s" % FOLDER)
    sys.exit(77)
if not os.path.exists(PROGRAM):
    print("skipped: %s is not built" % PROGRAM)
    sys.exit(77)
failed = sum(not compare(*case) for case in CASES)
print("%d columns, %d failed" % (len(CASES), failed))
sys.exit(1 if failed else 0)
