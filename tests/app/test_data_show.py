"""`patriot indicators` and `patriot data show`: what they print, in every form, and what they say about mistakes.

shows: IND-1, IND-2, UI-2
"""
import csv
import datetime
import gzip
import io
import json
import math
import pathlib

from harness import System, build_folder, check



def bar(i):
    open_, close = 100 + i % 7, 100 + i % 6
    return 1700000000000 + 3600000 * i, open_, max(open_, close) + 1 + i % 3, min(open_, close) - i % 4, close, 5 + i % 3


ROWS = [bar(i) for i in range(40)]


def write(path, header, rows):
    path.write_text("\n".join([",".join(header)] + [",".join(str(x) for x in row) for row in rows]) + "\n")
    return str(path)


def registry(system):
    kinds = json.loads(system.run("indicators", "--json", check=0).stdout)
    check(len(kinds) >= 60, f"only {len(kinds)} indicators")
    for kind in kinds:
        check(kind["convention"] and kind["source"] and kind["inputs"] and kind["outputs"], kind)
        check(all(o["minimum"] <= o["preset"] <= o["maximum"] for o in kind["options"]), kind)
    names = [kind["name"] for kind in kinds]
    check(names == sorted(names) and len(set(names)) == len(names), "names are not in order")
    shown = system.run("indicators", check=0).stdout
    check(all(name + "(" in shown for name in names), "the list leaves some out")
    explained = system.run("indicators", "rsi", "--help", check=0).stdout
    check("Wilder" in explained and "2 to 5000" in explained and "14 bars" in explained, explained)
    check(system.run("indicators", "RSI", check=0).stdout == explained, "rsi and RSI differ")
    pine = system.run("indicators", "ta.rsi", check=0).stdout
    check(pine.startswith("ta.rsi(source, length)\n") and "the indicator rsi_tv" in pine and "Wilder" in pine, pine)
    check("columns       middle, upper, lower" in system.run("indicators", "ta.bb", "--help", check=0).stdout, "ta.bb")
    check("timeframe.change(timeframe" in system.run("indicators", "timeframe.change", check=0).stdout, "timeframe.change")
    check([one["name"] for one in json.loads(system.run("indicators", "ta.kc", "--json", check=0).stdout)] == ["kc"], "ta.kc --json")
    check(system.run("indicators", "change").returncode == 2, "a name of Pine's without ta. was taken")
    wrong = system.run("indicators", "rsj")
    check(wrong.returncode == 2 and 'did you mean "rsi"' in wrong.stderr, wrong.stderr)
    return kinds


def every_indicator_over_a_file(system, kinds):
    """The way other programs go over the registry: each by its name with its presets."""
    path = write(system.root / "bars.csv", ("time", "open", "high", "low", "close", "volume"), ROWS)
    for kind in kinds:
        done = system.run("data", "show", "--csv", path, "--with", kind["name"], "--as", "csv", check=0)
        table = list(csv.reader(io.StringIO(done.stdout)))
        check(len(table) == len(ROWS) + 1 and len(table[0]) == 6 + len(kind["outputs"]), f"{kind['name']}: {table[0]}")
        for place, warm_up in enumerate(kind["output_warm_up"]):
            values = [float(row[6 + place]) for row in table[1:]]
            check(all(math.isnan(value) == (bar < warm_up) for bar, value in enumerate(values)), f"{kind['name']}: {values}")


def forms(system):
    path = write(system.root / "odd.csv", ("Close", "ignored", "TIMESTAMP", "low", "Volume", "HIGH", "open"),
                 [(row[4], "x", row[0] // 1000, row[3], row[5], row[2], row[1]) for row in ROWS])
    words = ("data", "show", "--csv", path, "--with", "sma(3), ta.bb(close, 20, 2)")
    table = list(csv.reader(io.StringIO(system.run(*words, "--as", "csv", check=0).stdout)))
    check(table[0][6:] == ["sma(3)", "ta.bb(close, 20, 2).middle", "ta.bb(close, 20, 2).upper", "ta.bb(close, 20, 2).lower"], table[0])
    check(float(table[3][6]) == sum(row[4] for row in ROWS[:3]) / 3 and table[2][6] == "NaN", table[:4])
    document = json.loads(system.run(*words, "--as", "json", check=0).stdout)
    check(document["columns"] == table[0] and document["rows"][1][6] is None, document["columns"])
    check([row[6] for row in document["rows"][2:]] == [float(row[6]) for row in table[3:]], "CSV and JSON differ")
    last = system.run(*words, "--last", "2", check=0).stdout.splitlines()
    check(len(last) == 3 and "2023-11-1" in last[1], last)


def as_programs_write_it(system):
    """The same bars as spreadsheets, pandas and others write them: the same values come out, and what comes out may go in again."""
    header = ("time", "open", "high", "low", "close", "volume")
    wanted = system.run("data", "show", "--csv", write(system.root / "plain.csv", header, ROWS), "--with", "sma(3)", "--as", "csv", check=0).stdout
    values = [line.split(",")[1:] for line in wanted.splitlines()]

    def same(name, text, with_="sma(3)"):
        path = system.root / name
        path.write_bytes(text)
        done = system.run("data", "show", "--csv", str(path), "--with", with_, "--as", "csv", check=0)
        check([line.split(",")[1:] for line in done.stdout.splitlines()] == values, f"{name}: {done.stdout[:300]}")

    plain = ["%d,%s" % (row[0], ",".join(map(str, row[1:]))) for row in ROWS]
    same("bom.csv", ("\ufeff" + "\r\n".join([",".join(header)] + plain) + "\r\n").encode())
    same("quoted.csv", "\n".join(['"Time","OPEN","High","low","close","volume","a ""b"", c"'] + [",".join(f'"{x}"' for x in row) + ',"x ""y"", z"' for row in ROWS]).encode())
    whole = "\n".join([",".join(header)] + plain).encode() + b"\n"
    for name, text in (("semicolons.csv", whole.replace(b",", b";")), ("tabs.tsv", whole.replace(b",", b"\t")), ("packed.csv.gz", gzip.compress(whole))):
        same(name, text)
    for name, scale in (("s", 0.001), ("us", 1000), ("ns", 1000000)):
        same(f"{name}.csv", "\n".join([",".join(header)] + [f"{int(row[0] * scale)}," + text.split(",", 1)[1] for row, text in zip(ROWS, plain)]).encode())
    utc = [datetime.datetime.fromtimestamp(row[0] / 1000, datetime.timezone.utc) for row in ROWS]
    east, west = datetime.timezone(datetime.timedelta(hours=5, minutes=30)), datetime.timezone(datetime.timedelta(hours=-8))
    zones = [utc, [t.astimezone(east) for t in utc], [t.astimezone(west) for t in utc]]
    days = []
    for i, times in enumerate(zones):
        for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S%z"):
            text = "\n".join([",".join(header)] + [t.strftime(form) + "," + text.split(",", 1)[1] for t, text in zip(times, plain)])
            same("iso.csv", text.encode())
            path = write(system.root / "iso.csv", header, [(t.strftime(form), *row[1:]) for t, row in zip(times, ROWS)])
            days.append(system.run("data", "show", "--csv", path, "--with", "timeframe.change('D')", "--as", "csv", check=0).stdout.count(",1\n"))
    check(len(set(days)) == 1 and days[0] >= 1, f"the offset moves the day: {days}")
    for wrong in ("2026-01-31T00:00:00+24:00", "2026-01-31T00:00:00+2", "2026-01-31T00:00:00+02:60", "2026-01-31T00:00:00+0x:00", "2026-13-01"):
        path = write(system.root / "bad.csv", header, [(wrong, *ROWS[0][1:])])
        done = system.run("data", "show", "--csv", path)
        check(done.returncode == 1 and "bad.csv:2: not a time" in done.stderr, done.stderr)
    days = [(datetime.date(2026, 1, 30) + datetime.timedelta(days=i)).strftime("%Y%m%d") for i in range(4)]
    shown = [system.run("data", "show", "--csv", write(system.root / "days.csv", ("date",) + header[1:], [(day, *row[1:]) for day, row in zip(given, ROWS)]))
             for given in (days, days[:3] + ["20260231"], days[:3] + ["1770000000"], ["20260131", "20261331"], ["18000000", "20260131", "20260201"])]
    check(shown[0].returncode == 0 and [line.split()[0] for line in shown[0].stdout.splitlines()[1:]] ==
          ["2026-01-30T00:00:00Z", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"], shown[0].stdout + shown[0].stderr)
    for line, done in zip((5, 5, 3), shown[1:4]):
        check(done.returncode == 1 and f"days.csv:{line}: not a day" in done.stderr, done.stderr)
    check(shown[4].returncode == 0 and "1970-08-23T11:50:01Z" in shown[4].stdout, "seconds that run into the range of days are seconds")
    titled = 'ta.pivot_point_levels("DM", timeframe.change("D")).p'
    first = system.run("data", "show", "--csv", str(system.root / "plain.csv"), "--with", f"{titled}, rsi(close, 14)", "--as", "csv", check=0).stdout
    path = system.root / "again.csv"
    path.write_text(first)
    again = list(csv.reader(io.StringIO(system.run("data", "show", "--csv", str(path), "--with", f"{titled}, rsi(close, 14)", "--as", "csv", check=0).stdout)))
    check(again == list(csv.reader(io.StringIO(first))) and again[0][6:] == [titled, "rsi(close, 14)"], again[:2])
    for scale in (1e-9, 1e9, 1 / 3):  # what is printed is the same double again
        rows = [(row[0], *(x * scale for x in row[1:])) for row in ROWS]
        path = write(system.root / "scaled.csv", header, rows)
        table = list(csv.reader(io.StringIO(system.run("data", "show", "--csv", path, "--as", "csv", check=0).stdout)))
        check([[float(x) for x in row[1:]] for row in table[1:]] == [list(row[1:]) for row in rows], table[:3])


def candles(system):
    """The data folder's own files, by the exchange's name of the symbol or by ours."""
    folder = pathlib.Path(system.root / "folder")
    folder.mkdir()
    write(folder / "BINANCE_ETH_USDT_1h.csv", ("time_ms", "open", "high", "low", "close", "volume", "quote_volume", "trades", "state"),
          [(1700002800000 + 3600000 * i, *row[1:], 0, 0, "traded") for i, row in enumerate(ROWS)])
    for symbol in ("ETHUSDT", "BINANCE_ETH_USDT"):
        done = system.run("data", "show", symbol, "1h", "--data", str(folder), "--with", "rsi(14)", "--as", "csv", check=0)
        check(len(done.stdout.splitlines()) == 41, done.stdout[:200])
    none = system.run("data", "show", "BTCUSDT", "1h", "--data", str(folder))
    check(none.returncode == 1 and "BINANCE_ETH_USDT" in none.stderr, none.stderr)
    check(system.run("data", "show", "ETHUSDT", "7h", "--data", str(folder)).returncode == 1, "timeframe 7h was taken")


def other_names_of_time(system):
    """As exchanges and data services call it; time and timestamp go before all of them."""
    for name in ("open_time", "Open time", "Date", "datetime", "unix"):
        text = system.run("data", "show", "--csv", write(system.root / "names.csv", (name, "open", "high", "low", "close", "volume"), ROWS), "--as", "csv", check=0)
        check(text.stdout.splitlines()[1].startswith(str(ROWS[0][0]) + ","), text.stdout[:200])
    names = ("24h change", "unix", "time", "open", "high", "low", "close", "volume")  # a name may begin with a digit
    rows = [("31 January", 5, *row) for row in ROWS]
    text = system.run("data", "show", "--csv", write(system.root / "names.csv", names, rows), "--as", "csv", check=0)
    check(text.stdout.splitlines()[1].startswith(str(ROWS[0][0]) + ","), text.stdout[:200])


def mistakes(system):
    header = ("time", "open", "high", "low", "close", "volume")
    good = [list(row) for row in ROWS[:5]]
    for line, column, value, word in ((3, 4, "NaN", "close"), (4, 2, "1", "contradict"), (3, 5, "-1", "negative volume"), (5, 0, good[2][0], "same time"),
                                      (5, 0, good[0][0], "older"), (3, 0, "yesterday", "not a time"), (2, 1, "1e400", "open"), (6, 3, "", "low")):
        rows = [list(row) for row in good]
        rows[line - 2][column] = value
        path = write(system.root / "bad.csv", header, rows)
        done = system.run("data", "show", "--csv", path, "--with", "sma(3)", "--as", "csv")
        check(done.returncode == 1 and not done.stdout, f"{word}: {done.stdout}")
        check(f"bad.csv:{line}:" in done.stderr and word in done.stderr, f"line {line}: {done.stderr}")
    plain = (",".join(header) + "\n" + "\n".join(",".join(map(str, row)) for row in ROWS)).encode()
    packed = gzip.compress(plain)
    assert plain[-1:].isdigit()  # a file that is cut loses digits of its last number first
    for text, word in ((plain[:20], "no column"), (",".join(header).encode(), ":1: the file ends here"), (b"", ":1: the file ends here"), (packed[:-9], "was cut"),
                       (packed[:60], "was cut"), (packed[:-8] + b"12345678", "damaged"), (plain.replace(b",101,", b",0x65,", 1), "not a number"),
                       (plain.replace(b",101,", b",101\0,", 1), "NUL"), (plain.replace(b",", b";").replace(b";101;", b";100,9;", 1), "not a number")):
        path = system.root / "odd.csv"
        path.write_bytes(text)
        done = system.run("data", "show", "--csv", str(path), "--with", "sma(3)", "--as", "csv")
        check(done.returncode == 1 and not done.stdout and "odd.csv:" in done.stderr and word in done.stderr, f"{word}: {done.stderr} {done.stdout[:200]}")
    for text, word in ((b"PK\x03\x04" + bytes(30), "zip archive"), (b"1700000000000,1,2,0.5,1.5,10,1700003599999\n", "values, not the names")):
        path.write_bytes(text)
        done = system.run("data", "show", "--csv", str(path))
        check(done.returncode == 1 and "odd.csv:1:" in done.stderr and word in done.stderr, f"{word}: {done.stderr}")
    for names, word in ((header[:5], "volume"), (header[1:], "time"), (header + ("close",), "two columns")):
        path = write(system.root / "bad.csv", names, [])
        done = system.run("data", "show", "--csv", path)
        check(done.returncode == 1 and word in done.stderr, done.stderr)
    path = write(system.root / "good.csv", header, good)
    for text, word in (("rsi(1)", "from 2 to 5000"), ("rsj(14)", "did you mean"), ("ta.nosuch(1)", "no Pine name"), ("rsi(14", "column 7")):
        done = system.run("data", "show", "--csv", path, "--with", text)
        check(done.returncode == 2 and word in done.stderr, done.stderr)
    check(system.run("data", "show", "--csv", path, "--as", "xml").returncode == 2, "--as xml was taken")
    check(system.run("data", "show").returncode == 2, "show without a source was taken")
    check(system.run("data", "show", "--csv", str(system.root / "nowhere.csv")).returncode == 1, "a file that is not there")
    big = write(system.root / "big.csv", header, [[row[0], 9e99, 9e99, 9e99, 9e99, 1] for row in good])
    done = system.run("data", "show", "--csv", big, "--states")  # no exchange has such prices, and no strategy meets them
    check(done.returncode == 1 and "up to 1e+20" in done.stderr and not done.stdout, done.stderr)
    short = system.run("data", "show", "--csv", path, "--with", "sma(200)", "--as", "csv", check=0)
    check(all(line.endswith("NaN") for line in short.stdout.splitlines()[1:]), short.stdout)


def main():
    with System(build_folder(), "data-show") as system:
        kinds = registry(system)
        every_indicator_over_a_file(system, kinds)
        forms(system)
        as_programs_write_it(system)
        candles(system)
        other_names_of_time(system)
        mistakes(system)
    print("ok")


main()
