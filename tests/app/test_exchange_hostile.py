"""A hostile client beside a trading one, over loopback: slow senders, half frames, bodies of 1 MB, more connections than there are places.
Every order of the trader is answered, a newcomer is served, the memory stays bounded, and the exchange ends in order.

What a crowd costs in time: bench/bench_hostile.sh; how much one connection may have done in a turn: tests/edge/net/test_http_crowd.c.

shows: VEN-2, VEN-3, OPS-16, I17, I20
"""
import hashlib
import hmac
import pathlib
import re
import resource
import socket
import struct
import tempfile
import time

from harness import Exchange, build_folder, check

PLACES, OWN = 600, 256  # descriptors of the exchange: for clients, and those it keeps for itself
HEAD = b"POST /fapi/v1/order HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
RESET = struct.pack("ii", 1, 0)


def connect(port, host):
    stream = socket.socket()
    stream.bind((f"127.0.0.{host}", 0))
    stream.settimeout(30)
    stream.connect(("127.0.0.1", port))
    return stream


class Trader:
    def __init__(self, port, host):
        self.stream = connect(port, host)

    def order(self):
        text = ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=49000&recvWindow=60000"
                f"&timestamp={int(time.time() * 1000)}")
        text += "&signature=" + hmac.new(b"SECRET", text.encode(), hashlib.sha256).hexdigest()
        self.stream.sendall(f"POST /fapi/v1/order/test HTTP/1.1\r\nHost: h\r\nX-MBX-APIKEY: KEY\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())
        reply = b""
        while b"\r\n\r\n" not in reply:
            more = self.stream.recv(65536)
            check(more, "the trader's connection was closed")
            reply += more
        check(reply.startswith(b"HTTP/1.1 200 "), f"the trader's order: {reply[:200]!r}")


def stranger(port, number):
    """One that will not go by itself."""
    try:
        stream = connect(port, 2 + number % 8)
        if number % 4 == 1:
            stream.sendall(HEAD[: 1 + number % len(HEAD)])
        elif number % 4 == 2:
            stream.sendall(HEAD + b"Content-Length: 200000\r\n\r\n" + b"x" * 100000)
        elif number % 4 == 3:
            stream.sendall(UPGRADE)
            stream.recv(1024)
            stream.sendall(b"\x81\xfe\x10\x00abcdxyz")
        return stream
    except OSError:
        return None  # put out already: that is what the exchange may do


def send_what_goes(stream, data):
    try:
        stream.sendall(data)
    except OSError:
        pass


def crowd_stands(port, trader):
    """Twice as many as there are places; every tenth time the trader orders."""
    crowd = []
    for number in range(2 * PLACES):
        crowd.append(stranger(port, number))
        if number % 10 == 0:
            trader.order()
    Trader(port, 9).order()  # who comes last is served as well
    for stream in crowd:
        if stream:
            send_what_goes(stream, b"G")  # a byte now and then keeps nobody's place
    trader.order()
    return crowd


def attack(port, trader):
    megabyte = b"x" * (1 << 20)
    for _ in range(10):
        body = connect(port, 10)
        send_what_goes(body, HEAD + b"Content-Length: 1048576\r\n\r\n" + megabyte)
        trader.order()
        body.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        body.close()
        pipeline = connect(port, 10)
        send_what_goes(pipeline, b"GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n" * 500)
        trader.order()
        pipeline.close()
    flood = connect(port, 10)
    flood.sendall(UPGRADE)
    flood.recv(1024)
    send_what_goes(flood, b"\x89\x80abcd" * 1000)
    said = b""
    try:
        for more in iter(lambda: flood.recv(65536), b""):
            said += more
    except OSError:
        pass  # reset behind the close frame: the pings that nobody read are lost
    check(said == b"" or said[:2] == b"\x8a\x00", f"1,000 pings in a second: {said[:40]!r}")
    trader.order()


def rss_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    with tempfile.TemporaryDirectory(prefix="patriot-hostile-") as folder:
        narrow = pathlib.Path(folder) / "narrow"  # a `patriot` that may open few descriptors
        narrow.mkdir()
        (narrow / "patriot").write_text(f'#!/bin/sh\nulimit -n {PLACES + OWN}\nexec {build_folder()}/patriot "$@"\n')
        (narrow / "patriot").chmod(0o755)
        with Exchange(narrow, pathlib.Path(folder) / "data", "--ephemeral", "--market", "synthetic:BTCUSDT=50000") as exchange:
            pid, port = exchange.process.pid, int(exchange.url.rsplit(":", 1)[1])
            trader = Trader(port, 1)
            trader.order()
            before = rss_mb(pid)
            crowd = crowd_stands(port, trader)
            check(rss_mb(pid) - before < 150, f"{before:.0f} MB before the crowd, {rss_mb(pid):.0f} MB beside it")
            attack(port, trader)
            for stream in crowd:
                if stream:
                    stream.close()
            trader.order()
            check(exchange.process.poll() is None, "the exchange has ended")
        check(exchange.process.returncode == 0, f"the exchange ended with {exchange.process.returncode}: {exchange.said}")


if __name__ == "__main__":
    main()
