"""`patriot exchange` alone: bad arguments, a port in use, kill -9 at any moment, damaged files, the books' tie-out.

shows: VEN-3, VEN-4
"""
import gzip
import os
import signal
import socket
import subprocess
import sys
import tempfile

import harness

BUILD = harness.build_folder()
PATRIOT = os.path.join(BUILD, "patriot")
ACCOUNT = harness.Exchange.ACCOUNT


def run(*words):
    return subprocess.run([PATRIOT, "exchange", *words], capture_output=True, text=True, timeout=60, check=False)


def start(folder, *words):
    return harness.Exchange(BUILD, folder, *words)


def books(exchange):
    document = exchange.ctl("books")
    document.pop("ok")
    return document


def test_bad_arguments():
    for words, wanted in [(("--market", "stones:x"), "stones"), (("--market", "candles:nothing.csv"), "nothing.csv: not found"),
                          (("--market", "candles:ETHUSDT=/no/such.csv"), "/no/such.csv"), (("--account", "demo"), "NAME:KEY:SECRET"),
                          (("--face", "nasdaq=1"), "binance-usdm"), (("--spedd", "3"), "--speed"), (("--speed", "0"), "--speed"),
                          (("--lockstep", "--speed", "5"), "--pace"), (("--pace", "5"), "--lockstep"), (("--for", "1s", "--until", "9"), "--until"),
                          (("--market", "bundled:NOSUCHUSDT"), "ETHUSDT"), (("--face", "binance-usdm=127.0.0.1:99999"), "65535"), (("--face", "binance-usdm=nosuch:1"), "IP address"),
                          (("--start", "1999-01-01T00:00:00Z"), "--start"), (("--rules", "/no/rules.json"), "/no/rules.json"),
                          (("--account", "demo:K:S:GOLD=1", "--for", "1s"), "no market settles in it"),
                          (("--account", "demo:K:S:USDT=1,USDT=1"), "stands twice"), (("--account", "demo:K:S:USDT=2000000000"), "1000000000"),
                          (("--account", "demo:K:S:USDT=0.000000001"), "8 digits")]:
        result = run(*words)
        assert result.returncode == 2, (words, result.returncode, result.stderr)
        assert wanted in result.stderr, (words, result.stderr)


def test_bad_candle_files(folder):
    """Each says which file, what is wrong with it, and what to do; nothing starts."""
    header, bar = "timestamp,open,high,low,close,volume\n", "1700002800,10,11,9,10,5\n"
    whole = gzip.compress((header + "".join(f"{1700002800 + 3600 * i},10,11,9,10,{i}\n" for i in range(2000))).encode())
    damaged = whole[:-8] + bytes(8)
    for name, content, wanted in [("empty.csv", b"", ("empty.csv:1: the file is empty", "timestamp,open,high,low,close,volume")),
                                  ("empty.csv.gz", b"", ("empty.csv.gz:1: the file is empty",)),
                                  ("header.csv", header.encode(), ("header.csv: holds fewer than two bars: none", "two or more")),
                                  ("one.csv", (header + bar).encode(), ("one.csv: holds fewer than two bars: one", "two or more")),
                                  ("columns.csv", b"a,b,c\n1,2,3\n", ("columns.csv:1: time: the first line names no such column",)),
                                  ("cut.csv.gz", whole[:len(whole) // 2], ("cut.csv.gz:", "the gzip file was cut", "get it again")),
                                  ("head.csv.gz", whole[:12], ("head.csv.gz:1: the gzip file was cut", "get it again")),
                                  ("damaged.csv.gz", damaged, ("damaged.csv.gz:", "the gzip file is damaged", "get it again")),
                                  ("folder.csv", None, ("folder.csv: is a folder; name the file in it",))]:
        for path in (os.path.join(folder, name), os.path.join(folder, "ethusdt-1h-" + name)):  # timeframe by its bars, by its name
            if content is None:
                os.mkdir(path)
            else:
                with open(path, "wb") as file:
                    file.write(content)
            result = run("--market", "candles:ETHUSDT=" + path, "--account", ACCOUNT, "--for", "1s")
            assert result.returncode == 2 and "venue time" not in result.stdout, (path, result.returncode, result.stdout, result.stderr)
            for text in wanted:
                assert text in result.stderr, (path, text, result.stderr)
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)  # opening it would wait for somebody to write
    for kind in ("candles", "stream"):
        for path, wanted in ((pipe, "is no ordinary file"), (os.path.join(folder, "folder.csv"), "is a folder; name the file in it")):
            result = run("--market", f"{kind}:ETHUSDT={path}", "--account", ACCOUNT, "--for", "1s")
            assert result.returncode == 2 and wanted in result.stderr, (path, result.returncode, result.stderr)


def test_bad_recordings(folder):
    """A line that is no message is named with its number, and nothing starts."""
    quote = ('1723161256000000000 {"e":"bookTicker","u":%d,"s":"BTCUSDT","b":"61000.1","B":"1","a":"61000.2","A":"2",'
             '"T":1723161256000,"E":1723161256001}\n')
    good = "".join(quote % i for i in range(1, 21))
    for name, content, wanted in [("garbage", good + "garbage\n" + good, "garbage:21: a line begins with the local time"),
                                  ("broken", good + '1723161256000000000 {"e":\n', "broken:21: what follows the time is not one whole JSON message"),
                                  ("cut", good[:-40], "cut:20: what follows the time is not one whole JSON message"),
                                  ("tail", good + "1723161256000000000 {} {}\n", "tail:21: what follows the time"),
                                  ("long", good + "1 " + "9" * 300000 + "\n", "long:21: the line is longer")]:
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(content)
        result = run("--market", "stream:BTCUSDT=" + path, "--account", ACCOUNT, "--for", "1s")
        assert result.returncode == 2 and "venue time" not in result.stdout, (path, result.returncode, result.stdout, result.stderr)
        assert wanted in result.stderr, (path, result.stderr)


def test_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("--face", "binance-usdm=127.0.0.1:%d" % taken.getsockname()[1])
        assert result.returncode == 1 and "in use" in result.stderr, result.stderr


def test_second_start(folder):
    exchange = start(folder, "--seed", "3")
    result = run("--data", folder)
    assert result.returncode == 3 and "already running" in result.stderr, result.stderr
    exchange.end()


def test_survives_kill(folder):
    """Whatever a client was told stands again after kill -9, ids go on, and the books are the same to the last unit."""
    options = ("--seed", "7", "--speed", "600")
    exchange = start(folder, *options)
    orders = []
    for turn in range(6):
        filled = exchange.call("POST", "/fapi/v1/order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.05", newOrderRespType="RESULT")
        assert filled["status"] == "FILLED", filled
        bid = float(exchange.call("GET", "/fapi/v1/ticker/bookTicker", signed=False, symbol="ETHUSDT")["bidPrice"])
        resting = exchange.call("POST", "/fapi/v1/order", symbol="ETHUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.05",
                                price=str(int(bid * 0.96)))
        stop = exchange.call("POST", "/fapi/v1/algoOrder", algoType="CONDITIONAL", symbol="ETHUSDT", side="SELL", type="STOP_MARKET",
                             quantity="0.05", triggerPrice=str(int(bid * 0.7)), reduceOnly="true")
        assert not orders or filled["orderId"] > orders[-1], "ids go on"
        orders += [filled["orderId"], resting["orderId"]]
        exchange.ctl("pause")
        before = books(exchange)
        open_before = exchange.call("GET", "/fapi/v1/openOrders", symbol="ETHUSDT")
        exchange.end(signal.SIGKILL)
        exchange = start(folder, *options)
        exchange.ctl("pause")
        after = books(exchange)
        assert [a["deposits"] for a in after["accounts"]] == ["10000"]
        if after["venue_ms"] == before["venue_ms"]:
            assert before == after, (before, after)
        for key in ("realised", "fees", "orders", "fills"):
            assert before["accounts"][0][key] == after["accounts"][0][key] or after["venue_ms"] > before["venue_ms"]
        assert {o["orderId"] for o in open_before} == {o["orderId"] for o in exchange.call("GET", "/fapi/v1/openOrders", symbol="ETHUSDT")}
        assert stop["algoId"] in {a["algoId"] for a in exchange.call("GET", "/fapi/v1/openAlgoOrders")}
        account = after["accounts"][0]
        exact = {key: int(round(float(account[key]) * 1e8)) for key in ("wallet", "deposits", "realised", "fees", "funding")}
        assert exact["wallet"] == exact["deposits"] + exact["realised"] - exact["fees"] + exact["funding"], account
        assert all(money["difference"] == "0" for money in after["money"]), after
        exchange.ctl("resume")
    exchange.end()
    result = run("--data", folder, "--account", ACCOUNT, "--seed", "8")
    assert result.returncode == 2 and "seed 7" in result.stderr, result.stderr


def test_damage(folder):
    """A torn end is cut off; a damaged record or snapshot is named with its place and nothing is guessed."""
    exchange = start(folder, "--seed", "7", "--speed", "600")
    for _ in range(5):
        exchange.call("POST", "/fapi/v1/order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.05")
    exchange.end(signal.SIGKILL)
    log = next(os.path.join(folder, "exchange", name) for name in os.listdir(os.path.join(folder, "exchange")) if name.startswith("inputs"))
    with open(log, "ab") as file:
        file.write(b"\x10\x00\x00\x00torn")
    exchange = start(folder, "--seed", "7")
    assert exchange.ctl("books")["accounts"][0]["fills"] == 5
    exchange.end(signal.SIGKILL)
    with open(log, "r+b") as file:
        file.seek(40)
        byte = file.read(1)
        file.seek(40)
        file.write(bytes([byte[0] ^ 1]))
    result = run("--data", folder, "--account", ACCOUNT)
    assert result.returncode == 4 and "inputs-" in result.stderr and "byte 0" in result.stderr and "from a copy" in result.stderr, result.stderr
    # The name of the input log that goes with the snapshot stands in its head: a wrong one would lose what came since. Byte 7 is the version.
    for place, said in ((8, "checksum"), (7, "made by a version that this one cannot read")):
        with open(os.path.join(folder, "exchange/state.snap"), "r+b") as file:
            file.seek(place)
            byte = file.read(1)
            file.seek(place)
            file.write(bytes([byte[0] ^ 1]))
        result = run("--data", folder, "--account", ACCOUNT)
        assert result.returncode == 4 and "state.snap" in result.stderr and said in result.stderr and "another --data" in result.stderr, result.stderr
    with open(os.path.join(folder, "exchange/state.snap"), "r+b") as file:
        file.truncate(1000)
    result = run("--data", folder, "--account", ACCOUNT)
    assert result.returncode == 4 and "state.snap" in result.stderr and "another --data" in result.stderr, result.stderr
    # A lost snapshot is no new world, whose ids would begin again.
    os.unlink(os.path.join(folder, "exchange/state.snap"))
    result = run("--data", folder, "--account", ACCOUNT)
    assert result.returncode == 2 and "state.snap is missing, but inputs-" in result.stderr and "another --data" in result.stderr, result.stderr


def main():
    if not os.path.exists(PATRIOT):
        print("skipped: the program is not built")
        sys.exit(77)
    test_bad_arguments()
    test_port_in_use()
    with tempfile.TemporaryDirectory() as folder:
        test_bad_candle_files(folder)
        test_bad_recordings(folder)
    for test in (test_second_start, test_survives_kill, test_damage):
        with tempfile.TemporaryDirectory() as folder:
            test(os.path.join(folder, "data"))
    print("ok")


main()
