#!/usr/bin/env python3
"""Our indicators under Pine's names against what TradingView itself computed: `patriot data show --csv FILE --with "ta.rsi(close, 14)" --as csv`.
shows: IND-2

The bars and values are exports of TradingView's charts (CAPITALCOM:EURUSD), found in the test data of PyneSys/pynecore (Apache-2.0); only the
numbers are used. Excerpts stand in tradingview/ beside this file; the whole files are read from ../shared/data where they are there. A column's
title is the Pine expression. Every value must be within 1e-10 of TradingView's, and not a number exactly where TradingView has none.

Titles that are no expression of ours:
  - cross: ema1, ema2 are the EMA of 5 and 11 closes; rising and falling: ema is that of 20, and true is drawn as -1 for falling and crossunder, as 1/2 for cross;
  - supertrend: drawn as two lines, up where the direction is -1 and down where it is 1, which it is before the first value, too;
  - vwap: the session of EURUSD began at 21:00 UTC; ours is told so. Anchors (timeframe.change) are in vwap_anchors.csv;
  - outputs have other names: .base is .middle, .dip and .dim are .plus and .minus.
"""
import csv
import html
import math
import os
import re
import subprocess
import sys

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.path.join(HERE, "..", "..", "..", "..", "shared", "data", "tradingview", "ta")
PROGRAM = os.path.join(BUILD, "patriot")
TOLERANCE = 1e-10
BARS = ("time", "open", "high", "low", "close", "volume")


def expression_of(title, name):
    """The expression whose values stand in a column, and what turns them into what the chart draws."""
    title = html.unescape(title)
    pick = lambda values: values[0]  # noqa: E731
    if name.startswith("supertrend"):
        call, line = title.rsplit(".", 1)
        wanted = -1.0 if line == "up" else 1.0
        return [call + ".supertrend", call + ".direction"], lambda v: v[0] if v[1] == wanted else math.nan
    if name.startswith("cross"):
        drawn = {"ta.cross(": 0.5, "ta.crossunder(": -1.0}.get(title.split("ema1")[0], 1.0)
        title = title.replace("ema1", "ema(close, 5)").replace("ema2", "ema(close, 11)")
        pick = lambda values: drawn * values[0]  # noqa: E731
    if name.startswith("falling"):
        title = title.replace("ema", "ema(close, 20)")
        if "falling" in title:
            pick = lambda values: -values[0]  # noqa: E731
    if title == "ta.vwap(close)":
        title = "ta.vwap(close, session_start=1260)"
    for theirs, ours in ((".base", ".middle"), (".dip", ".plus"), (".dim", ".minus")):
        title = title[: -len(theirs)] + ours if title.endswith(theirs) else title
    return [title], pick


def computed(path, expressions):
    run = subprocess.run([PROGRAM, "data", "show", "--csv", path, "--with", ", ".join(expressions), "--as", "csv"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.strip().splitlines()[0]
    rows = list(csv.reader(run.stdout.splitlines()))
    return [[float(x) for x in row[6:]] for row in rows[1:]], ""


def compare(name, path, totals):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file))
    failed = 0
    for place, title in enumerate(rows[0]):
        if title.lower() in BARS or "timeframe.change(&quot;" in title:
            continue
        expressions, pick = expression_of(title, name)
        ours, error = computed(path, expressions)
        if ours is None:
            print(f"FAILED {name} {title}: {error}")
            failed += 1
            continue
        worst, same, compared = 0.0, 0, 0
        for row, values in zip(rows[1:], ours):
            theirs, mine = float(row[place]), pick(values)
            if math.isnan(theirs) or math.isnan(mine):
                worst = worst if math.isnan(theirs) == math.isnan(mine) else math.inf
            else:
                compared += 1
                same += theirs == mine
                size = max(abs(theirs), abs(mine))
                worst = max(worst, abs(theirs - mine) / size if size > 0 else 0.0)
        totals[0] += compared
        totals[1] += same
        totals[2] = max(totals[2], worst)
        if worst > TOLERANCE or compared == 0 or len(ours) != len(rows) - 1:
            print(f"FAILED {name} {title}: worst relative difference {worst:.2e} of {compared} values")
            failed += 1
        elif "--all" in sys.argv:
            print(f"{name:28} {title:50} {compared:4} values, {same:4} the same bits, worst {worst:.1e}")
    return failed


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        sys.exit(77)
    totals, failed, columns = [0, 0, 0.0], 0, 0
    excerpts = os.path.join(HERE, "tradingview")
    files = sorted(name for name in os.listdir(excerpts) if name.endswith(".csv"))
    whole = [name for name in files if os.path.exists(os.path.join(SHARED, name))]
    for name in files:
        failed += compare(name, os.path.join(SHARED if name in whole else excerpts, name), totals)
    print(f"TradingView: {len(whole)} whole files, {len(files) - len(whole)} excerpts: {totals[0]} values, {totals[1]} with the same bits, worst relative "
          f"difference {totals[2]:.1e}, {failed} columns failed")
    sys.exit(1 if failed else 0)


main()
