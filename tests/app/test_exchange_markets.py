"""`patriot exchange` by itself, as the README gives its command line: every kind of market trades, and a bad file is named before anything starts.

shows: VEN-1, UI-2, MKT-3
"""
import gzip
import json
import os
import pathlib
import random
import socket
import subprocess
import tempfile
import urllib.error

import harness
from harness import build_folder, check, fail

PATRIOT = str(pathlib.Path(build_folder()) / "patriot")
MINUTE = 60_000
HOUR = 60 * MINUTE
HEADER = "timestamp,datetime,open,high,low,close,volume\n"
BEGIN = 1_735_689_600_000  # 2025-01-01


class Exchange(harness.Exchange):
    """The issue's own words, on any free port."""

    def __init__(self, folder, market, *words):
        super().__init__(build_folder(), tempfile.mkdtemp(dir=folder), "--face", "binance-usdm=127.0.0.1:0", "--market", market, "--seed", "7",
                         "--speed", "600", "--ephemeral", *words)

    def get(self, path, **parameters):
        return self.call("GET", path, signed=False, **parameters)

    def trades_at_market(self, symbol, quantity):
        bid, ask = self.book(symbol)
        check(0 < bid < ask, f"{symbol}: bid {bid}, ask {ask}")
        try:
            order = self.call("POST", "/fapi/v1/order", symbol=symbol, side="BUY", type="MARKET", quantity=quantity, newOrderRespType="RESULT")
        except urllib.error.HTTPError as error:
            fail(f"{symbol}: {error.read().decode()}")
        check(order.get("status") == "FILLED" and float(order["executedQty"]) > 0, f"{symbol}: {order}")
        return bid

    def book(self, symbol):
        """Best bid and ask. A recording begins with what came first: perhaps a trade, and a quote later."""
        book = self.get("/fapi/v1/depth", symbol=symbol, limit=5)
        if not (book["bids"] and book["asks"]):
            self.await_quote(symbol)
            book = self.get("/fapi/v1/depth", symbol=symbol, limit=5)
        check(book["bids"] and book["asks"], f"{symbol}: no book after its first quote: {book}")
        return float(book["bids"][0][0]), float(book["asks"][0][0])

    def await_quote(self, symbol):
        """Until the first byte of the first quote on its socket."""
        host, port = self.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as wire, wire.makefile("rb") as heard:
            wire.sendall(f"GET /public/ws/{symbol.lower()}@bookTicker HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
            check(b" 101 " in heard.readline(), f"{symbol}: no socket for quotes")
            while heard.readline() != b"\r\n":
                pass
            check(heard.read(1), f"{symbol}: the socket of quotes was closed")

def bars(step_ms, count, price=100.0, skip=()):
    text, volume = HEADER, 1e7 / price
    for i in range(count):
        if i not in skip:
            at = price * (1 + 0.01 * ((i * 7) % 5))
            text += f"{BEGIN + i * step_ms},-,{at:.8f},{at * 1.01:.8f},{at * 0.99:.8f},{at * 1.005:.8f},{volume:.0f}\n"
    return text


def write(folder, name, text):
    path = pathlib.Path(folder) / name
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def candles_trade(folder):
    for name, step, quantity in (("a_ethusdt_1h.csv", HOUR, "1"), ("b_ethusdt_1h.csv.gz", HOUR, "1"), ("ethusdt.csv", 4 * HOUR, "1"),
                                 ("ETH-USDT-1d.csv", 24 * HOUR, "1"), ("ethusdt-5m.csv.gz", 5 * MINUTE, "1")):
        path = write(folder, name, bars(step, 400, 2000.0))
        with Exchange(folder, f"candles:{path}") as exchange:
            exchange.trades_at_market("ETHUSDT", quantity)
            daily = exchange.get("/fapi/v1/klines", symbol="ETHUSDT", interval="1d", limit=10)
            check(daily and float(daily[-1][4]) > 1000, f"{name}: daily bars {daily}")


def small_prices_keep_their_digits(folder):
    path = write(folder, "pepeusdt_1h.csv", bars(HOUR, 400, 0.00001234))
    with Exchange(folder, f"candles:{path}") as exchange:
        bid = exchange.trades_at_market("PEPEUSDT", "1000000")
        check(0.00001 < bid < 0.00002, f"a price of 0.00001234 became {bid}")
        # Eight hundred thousand million coins an hour: more than the venue counts in a bar, and a day more than an int64 of 10^-8 holds.
        volume = float(exchange.get("/fapi/v1/klines", symbol="PEPEUSDT", interval="1d", limit=3)[0][5])
        check(volume == 24 * 80e9, f"a day's volume of {volume}")
    check("400 bars have a volume above 80000000000" in exchange.said, exchange.said)


def gaps_are_told(folder):
    path = write(folder, "btcusdt-1m.csv", bars(MINUTE, 3000, 600.0, skip=range(100, 2000)))
    with Exchange(folder, f"candles:{path}") as exchange:
        exchange.trades_at_market("BTCUSDT", "0.5")
        rows = exchange.get("/fapi/v1/klines", symbol="BTCUSDT", interval="1m", startTime=BEGIN, endTime=BEGIN + 1999 * MINUTE, limit=1500)
        check(all(float(row[4]) > 0 for row in rows), "a bar without a price")
    check("1900 are missing in 1 gaps" in exchange.said and "2025-01-01T01:40:00Z .. 2025-01-02T09:20:00Z" in exchange.said, exchange.said)


def chance_trades(folder):
    with Exchange(folder, "synthetic:DOGEUSDT=0.2") as exchange:
        bid = exchange.trades_at_market("DOGEUSDT", "100")
        check(0.1 < bid < 0.4, f"chance began at {bid}")


def recording(kind):
    """A few seconds as Binance sends them; the recorder's clock is 1.2 s behind, and spot quotes carry no time."""
    lines, at = [], BEGIN
    for i in range(400):
        at += 50
        local = (at - 1200) * 1_000_000
        price = 50_000 + i % 7
        if kind == "usdm":
            quote = {"e": "bookTicker", "u": i, "s": "BTCUSDT", "b": f"{price}.0", "B": "3", "a": f"{price}.1", "A": "3", "T": at, "E": at}
        else:
            quote = {"u": i, "s": "BTCUSDT", "b": f"{price}.00", "B": "3", "a": f"{price}.10", "A": "3"}
        trade = {"e": "trade", "E": at, "T": at, "s": "BTCUSDT", "t": i, "p": f"{price}.1", "q": "0.5", "m": False}
        if kind == "usdm":
            trade["X"] = "MARKET"
        for stream, message in (("trade", trade), ("bookTicker", quote)):
            lines.append(f'{local} {json.dumps({"stream": f"btcusdt@{stream}", "data": message}, separators=(",", ":"))}')
    return "\n".join(lines) + "\n"


def recordings_trade(folder):
    for kind in ("usdm", "spot"):
        path = write(folder, f"binance-{kind}-btcusdt.stream.gz", recording(kind))
        with Exchange(folder, f"stream:{path}", "--speed", "1") as exchange:
            bid = exchange.trades_at_market("BTCUSDT", "0.01")
            check(49_990 < bid < 50_020, f"{kind}: bid {bid}")
    shared = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    for path in sorted(shared.glob("*.stream.gz")) if shared.exists() else []:
        with Exchange(folder, f"stream:{path}", "--speed", "20") as exchange:
            bid = exchange.trades_at_market("BTCUSDT", "0.01")
            check(50_000 < bid < 70_000, f"{path.name}: bid {bid}")


def its_messages_say_the_symbol(folder):
    btc = recording("usdm")
    eth = btc.replace("BTCUSDT", "ETHUSDT").replace("btcusdt", "ethusdt").replace('"500', '"30')
    path = write(folder, "today.gz", eth)
    with Exchange(folder, f"stream:{path}", "--speed", "1") as exchange:
        bid = exchange.trades_at_market("ETHUSDT", "0.1")
        check(2_990 < bid < 3_010, f"bid {bid}")
    # A recorder that follows two markets: only one is played, whichever is asked for.
    mixed = "".join(a + "\n" + b + "\n" for a, b in zip(btc.splitlines(), eth.splitlines()))
    path = write(folder, "both.gz", mixed)
    for symbol, least, most in (("BTCUSDT", 49_990, 50_020), ("ETHUSDT", 2_990, 3_010)):
        with Exchange(folder, f"stream:{symbol}={path}", "--speed", "1") as exchange:
            for _ in range(10):
                bid = exchange.trades_at_market(symbol, "0.1")
                check(least < bid < most, f"{symbol}: bid {bid}")
    refused(f"stream:{path}", "both.gz", "BTCUSDT, ETHUSDT", "SYMBOL=FILE")
    refused(f"stream:XRPUSDT={path}", "both.gz", "BTCUSDT, ETHUSDT")


def refused(market, *wanted, account="demo:KEY:SECRET:USDT=10000"):
    done = subprocess.run([PATRIOT, "exchange", "--face", "binance-usdm=127.0.0.1:0", "--market", market, "--account", account, "--seed", "7"],
                          capture_output=True, text=True, timeout=60)
    check(done.returncode == 2, f"--market {market}: exit {done.returncode}, wanted 2\n{done.stderr}")
    check("venue time" not in done.stderr + done.stdout, f"--market {market}: something started\n{done.stderr}")
    for text in wanted:
        check(text in done.stderr, f"--market {market}: {text!r} is not in: {done.stderr}")


def bad_files_are_named(folder):
    good = bars(HOUR, 300, 2000.0)
    lines = good.splitlines(keepends=True)
    refused(f"candles:{folder}/none-ethusdt-1h.csv", "none-ethusdt-1h.csv", "not found")
    refused(f"candles:{folder}/none.csv", "none.csv", "not found")
    refused(f"candles:{write(folder, 'nameless.csv', good)}", "nameless.csv", "SYMBOL=FILE")
    refused(f"candles:{write(folder, 'garbage-ethusdt.csv', random.Random(1).randbytes(4000))}", "garbage-ethusdt.csv:1:")
    refused(f"candles:{write(folder, 'empty-ethusdt.csv', '')}", "empty-ethusdt.csv:1:")
    refused(f"candles:{write(folder, 'header-ethusdt.csv', 'a,b,c' + chr(10) + '1,2,3' + chr(10))}", "header-ethusdt.csv:1: time")
    refused(f"candles:{write(folder, 'only-ethusdt.csv', HEADER)}", "only-ethusdt.csv", "fewer than two bars")
    refused(f"candles:{write(folder, 'unsorted-ethusdt-1h.csv', lines[0] + lines[2] + lines[1])}", "unsorted-ethusdt-1h.csv:3:", "out of order")
    refused(f"candles:{write(folder, 'twice-ethusdt-1h.csv', lines[0] + lines[1] + lines[1])}", "twice-ethusdt-1h.csv:3:")
    refused(f"candles:{write(folder, 'grid-ethusdt-4h.csv', good)}", "grid-ethusdt-4h.csv:3:", "grid")
    refused(f"candles:{write(folder, 'number-ethusdt-1h.csv', lines[0] + lines[1] + lines[2].replace(',5000', ',5e3'))}", "number-ethusdt-1h.csv:3:")
    whole = gzip.compress(good.encode())
    path = pathlib.Path(folder) / "cut-ethusdt-1h.csv.gz"
    path.write_bytes(whole[:len(whole) * 2 // 3])
    refused(f"candles:{path}", "cut-ethusdt-1h.csv.gz:", "gzip")
    stream = gzip.compress(recording("usdm").encode())
    path = pathlib.Path(folder) / "cut-btcusdt.stream.gz"
    path.write_bytes(stream[:len(stream) * 2 // 3])
    refused(f"stream:{path}", "cut-btcusdt.stream.gz:", "gzip")
    path = pathlib.Path(folder) / "damaged-btcusdt.stream.gz"
    path.write_bytes(stream[:400] + bytes(byte ^ 0x55 for byte in stream[400:420]) + stream[420:])
    refused(f"stream:{path}", "damaged-btcusdt.stream.gz:", "gzip")
    refused(f"stream:{folder}/none-btcusdt.gz", "none-btcusdt.gz", "cannot be opened")
    refused(f"stream:{write(folder, 'candles-ethusdt.csv', good)}", "candles-ethusdt.csv", "a line begins with the local time")
    refused("synthetic:", "synthetic wants SYMBOL")
    refused("synthetic:FOO", "quote currency")
    refused("synthetic:BTCUSDT", "BTCUSDT begins at 100, and its rules allow 556.8 to 4529764", "synthetic:BTCUSDT=PRICE")
    refused("synthetic:BTC USDT=100", "synthetic wants SYMBOL")
    refused("cnadles:x", "there are candles:FILE, stream:FILE, synthetic:SYMBOL and bundled")
    refused("synthetic:ETHUSD", "account demo has USDT", "settles in USD")
    refused("synthetic:ETHUSDT", "NAME:KEY:SECRET:ASSET=AMOUNT", account="demo")


def main():
    with tempfile.TemporaryDirectory(prefix="patriot-markets-") as folder:
        candles_trade(folder)
        small_prices_keep_their_digits(folder)
        gaps_are_told(folder)
        chance_trades(folder)
        recordings_trade(folder)
        its_messages_say_the_symbol(folder)
        bad_files_are_named(folder)
    print("ok")


main()
