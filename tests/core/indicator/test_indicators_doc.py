#!/usr/bin/env python3
"""docs/indicators.md names every indicator of the registry and every Pine name, as `patriot indicators` tells them.
shows: IND-1

The two tables of the page are made by this script: `test_indicators_doc.py BUILD write` puts them anew.
"""
import json
import os
import subprocess
import sys

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PROGRAM = os.path.join(BUILD, "patriot")
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "docs", "indicators.md")
KINDS = ("<!-- indicators: made by tests/core/indicator/test_indicators_doc.py -->", "<!-- end of indicators -->")
PINE = ("<!-- pine: made by tests/core/indicator/test_indicators_doc.py -->", "<!-- end of pine -->")


def listed(*words):
    return json.loads(subprocess.run([PROGRAM, "indicators", "--json", *words], capture_output=True, text=True, check=True).stdout)


def cell(text):
    return text.replace("|", "\\|")


def kinds_table():
    lines = ["| name | reads | options (preset; range) | outputs | warm-up | convention |", "| --- | --- | --- | --- | --- | --- |"]
    for kind in listed():
        options = ", ".join(f"{o['name']} {o['preset']:g} ({o['minimum']:g} .. {o['maximum']:g})" for o in kind["options"])
        bars = sorted(set(kind["output_warm_up"]))
        warm_up = str(bars[0]) if len(bars) == 1 else " / ".join(map(str, kind["output_warm_up"]))
        lines.append("| `%s` %s | %s | %s | %s | %s | %s |" % (kind["name"], cell(kind["title"]), " ".join(kind["inputs"]), options or "none",
                                                                ", ".join(kind["outputs"]), warm_up, cell(kind["convention"])))
    return "\n".join(lines)


def pine_table():
    lines = ["| Pine | here | columns |", "| --- | --- | --- |"]
    for row in listed("--pine"):
        lines.append("| `%s` | %s | %s |" % (row["call"], "`%s`" % row["indicator"] if row["indicator"] else row["convention"], ", ".join(row["outputs"]) or "one"))
    return "\n".join(lines)


def with_table(page, marks, table):
    before, rest = page.split(marks[0])
    return before + marks[0] + "\n" + table + "\n" + marks[1] + rest.split(marks[1])[1]


def main():
    if not os.path.exists(PROGRAM):
        print("skipped: " + PROGRAM + " is not built")
        return 77
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    wanted = with_table(with_table(page, KINDS, kinds_table()), PINE, pine_table())
    if "write" in sys.argv[2:]:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(wanted)
        return 0
    if page != wanted:
        print("docs/indicators.md does not say what the registry says; `python3 tests/core/indicator/test_indicators_doc.py BUILD write` makes its tables anew")
        return 1
    print("docs/indicators.md: %d indicators, %d Pine names" % (len(listed()), len(listed("--pine"))))
    return 0


sys.exit(main())
