#!/usr/bin/env python3
"""`patriot strategies`: the list, one strategy, JSON, the check of parameter files; and docs/strategies.md against the registry.
shows: STR-1, STR-3, R093, R103
"""
import json
import os
import subprocess
import sys
import tempfile

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PATRIOT = os.path.join(BUILD, "patriot")
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def patriot(*words):
    return subprocess.run([PATRIOT] + list(words), capture_output=True, text=True, timeout=30)


def expect(condition, *words):
    if not condition:
        print("FAILED:", *words)
        sys.exit(1)


listed = patriot("strategies")
rows = json.loads(patriot("strategies", "--json").stdout)
expect(listed.returncode == 0 and len(listed.stdout.splitlines()) == len(rows), listed.stdout)
with open(os.path.join(SOURCE, "docs", "strategies.md")) as file:
    pages = file.read()
for row in rows:
    expect(row["name"] in listed.stdout, row["name"], "is not listed")
    expect("| %s |" % row["name"] in pages, row["name"], "has no row in docs/strategies.md")
    one = patriot("strategies", row["name"])
    expect(one.returncode == 0 and " ".join(row["rule"].split()) in " ".join(one.stdout.split()), row["name"], one.stdout)
    for option in row["options"]:
        expect(option["minimum"] <= option["preset"] <= option["maximum"] and option["meaning"], row["name"], option)
        expect("%s = " % option["name"] in one.stdout, row["name"], option["name"])
    for alias in row["aliases"].split():
        expect(json.loads(patriot("strategies", alias, "--json").stdout)["name"] == row["name"], alias)
unknown = patriot("strategies", "DualMACD_RSJ")
expect(unknown.returncode == 2 and 'did you mean "DualMACD_RSI"' in unknown.stderr, unknown.stderr)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "parameters.ini")

    def check(text):
        with open(path, "w") as file:
            file.write(text)
        return patriot("strategies", "--check", path)

    good = check("# mine\n[WeightedScore BTCUSDT 1h]\nentry_score = 4.5\n")
    expect(good.returncode == 0 and "good, 1 section" in good.stdout, good.stdout, good.stderr)
    wrong = check("[WeightedScore]\n\nentry_scor = 4.5\n")
    expect(wrong.returncode == 1 and path + ":3: " in wrong.stderr and "did you mean entry_score" in wrong.stderr, wrong.stderr)
    expect(check("\0\xff[").returncode == 1, "bytes that are no text")
    missing = patriot("strategies", "--check", path + ".none")
    expect(missing.returncode == 1 and "cannot be read" in missing.stderr, missing.stderr)
    # the example of the page is a good file
    lines = pages[pages.index("    # weights of the weighted score"):].splitlines()
    example = []
    for line in lines:
        if line and not line.startswith("    "):
            break
        example.append(line[4:])
    shown = check("\n".join(example) + "\n")
    expect(shown.returncode == 0 and "good, 3 sections" in shown.stdout, shown.stdout, shown.stderr)
print("%d strategies: listed, explained, documented" % len(rows))
