#!/usr/bin/env python3
"""The candle cache is an Arrow IPC file that pyarrow opens: columns, types, exact decimals, and the same figures as the CSV beside it.
shows: MKT-3

A pinned pyarrow is installed into <build>/venv when it is not there; without it the test is skipped (77).
"""
import csv
import decimal
import os
import subprocess
import sys
import tempfile

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
PROGRAM = os.path.join(BUILD, "test_edge_store_candle_cache")
PINNED = "pyarrow==21.0.0"


def skip(reason):
    print("skipped: " + reason)
    sys.exit(77)


def in_venv():
    venv = os.path.join(BUILD, "venv")
    python = os.path.join(venv, "bin", "python3")
    if not os.path.exists(python) and subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True).returncode != 0:
        skip("python3 -m venv does not work here (python3-venv missing?)")
    probe = "import pyarrow; assert pyarrow.__version__ == '%s'" % PINNED.split("==")[1]
    if subprocess.run([python, "-c", probe], capture_output=True).returncode != 0:
        pip = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", PINNED], capture_output=True, text=True)
        if pip.returncode != 0:
            skip("cannot install " + PINNED + ": " + (pip.stderr.strip().splitlines() or ["?"])[-1])
    os.execv(python, [python, os.path.abspath(__file__), BUILD, "--in-venv"])


if "--in-venv" not in sys.argv:
    if not os.path.exists(PROGRAM):
        skip(PROGRAM + " is not built")
    in_venv()

import pyarrow  # noqa: E402
import pyarrow.ipc  # noqa: E402

decimal.getcontext().prec = 60
for bars in (0, 1, 7, 64, 1000):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, "write", folder, str(bars)], check=True)
        stem = os.path.join(folder, "BINANCE_ETH_USDT_1h")
        with pyarrow.OSFile(stem + ".arrow") as file:
            table = pyarrow.ipc.open_file(file).read_all()
        table.validate(full=True)
        with open(stem + ".arrow", "rb") as file:
            file.seek(8)  # after the magic and its padding an IPC file holds a stream
            assert pyarrow.ipc.open_stream(file).read_all().equals(table)
        price = pyarrow.decimal128(38, 18)
        expected = [("open_ns", pyarrow.int64())] + [(n, price) for n in ("open", "high", "low", "close", "volume", "quote_volume")]
        expected += [("trades", pyarrow.int64()), ("state", pyarrow.int8())]
        assert [(f.name, f.type) for f in table.schema] == expected, table.schema
        assert b"patriot.source" in table.schema.metadata
        with open(stem + ".csv") as file:
            rows = list(csv.DictReader(file))
        columns = table.to_pydict()
        assert table.num_rows == len(rows) == bars
        for i, row in enumerate(rows):
            assert columns["open_ns"][i] == int(row["time_ms"]) * 1000000
            for name in ("open", "high", "low", "close", "volume", "quote_volume"):
                assert columns[name][i] == decimal.Decimal(row[name]), (i, name, columns[name][i], row[name])
            assert columns["trades"][i] == int(row["trades"])
            assert columns["state"][i] == ["traded", "quiet", "missing"].index(row["state"])
print("pyarrow %s reads the cache: same columns, same figures" % pyarrow.__version__)
