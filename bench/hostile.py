"""hostile.py: what a hostile crowd costs whoever trades beside it, on the simulated exchange over loopback (bench_hostile.sh).

usage: hostile.py PATRIOT [CONNECTIONS]

Two exchanges, one alone, one with the crowd; a client of each sends signed orders over one kept-alive connection, one after the other,
in turns of 100, now the one first and now the other, so that whatever else the machine does meets both; told is the median over 200 pairs
of turns, which see the crowd stand and its unfinished requests time out. Until the attack both exchanges stand on one core, since two cores
of a virtual machine can differ in speed by four. Counted are the server's processor time an order (/proc/PID/schedstat,
in nanoseconds) and, under attack, the time an order waits:
  crowd      CONNECTIONS (10,000) strangers from 32 hosts of loopback stand there: a fourth say nothing, a fourth have sent half a
             head, a fourth a part of a body, a fourth half a WebSocket frame
  attack     another process, as fast as it can: bodies of 1 MB, connections that come and go, heads dripping byte by byte, floods of
             WebSocket pings and of pipelined requests
Bar: the crowd costs an order at most 1.05 times. The waits under attack have no bar: attacker, clients and servers share the cores.
"""
import hashlib
import hmac
import multiprocessing
import os
import re
import resource
import socket
import subprocess
import sys
import time

HEAD = b"POST /fapi/v1/order HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
CORES = sorted(os.sched_getaffinity(0))
TURN = 100  # orders between two looks at the clock
TURNS = 200
WAITS = 1000  # orders of a turn under attack
WAIT_TURNS = 9


def connect(port, host):
    stream = socket.socket()
    stream.bind((f"127.0.0.{host}", 0))
    stream.settimeout(20)
    stream.connect(("127.0.0.1", port))
    return stream


class Trader:
    """A kept-alive connection that sends signed orders, one after the other."""

    def __init__(self, port, pid):
        self.stream, self.pid = connect(port, 1), pid
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def order(self):
        text = f"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=49000&recvWindow=60000&timestamp={int(time.time() * 1000)}"
        text += "&signature=" + hmac.new(b"SECRET", text.encode(), hashlib.sha256).hexdigest()
        self.stream.sendall(f"POST /fapi/v1/order/test HTTP/1.1\r\nHost: h\r\nX-MBX-APIKEY: KEY\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())
        reply = b""
        while b"\r\n\r\n" not in reply:
            more = self.stream.recv(65536)
            if not more:
                raise SystemExit("hostile.py: the trader's connection was closed")
            reply += more
        if not reply.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"hostile.py: {reply[:200]!r}")

    def cpu_ns(self):
        with open(f"/proc/{self.pid}/schedstat") as file:
            return int(file.read().split()[0])

    def ns_an_order(self):
        before = self.cpu_ns()
        for _ in range(TURN):
            self.order()
        return (self.cpu_ns() - before) / TURN


def median(values):
    values = list(values)
    return sorted(values)[len(values) // 2]


def stranger(port, number):
    """One of the standing crowd; None when the server did not let it in."""
    try:
        stream = connect(port, 2 + number % 32)
        kind = number // 32 % 4
        if kind == 1:
            stream.sendall(HEAD[: 1 + number % len(HEAD)])
        elif kind == 2:
            stream.sendall(HEAD + b"Content-Length: 200000\r\n\r\n" + b"x" * 4000)
        elif kind == 3:
            stream.sendall(UPGRADE)
            stream.recv(1024)
            stream.sendall(b"\x81\xfe\x10\x00abcdxyz")
        return stream
    except OSError:
        return None


def reset(stream):
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    stream.close()


def attack(port, stop):
    """As fast as one process can, until told to stop."""
    megabyte, number = b"x" * (1 << 20), 0
    flooding = connect(port, 60)
    flooding.sendall(UPGRADE)
    flooding.recv(1024)
    dripping = [connect(port, 61) for _ in range(50)]
    while not stop.is_set():
        number += 1
        try:
            body = connect(port, 62)
            body.sendall(HEAD + b"Content-Length: 1048576\r\n\r\n")
            body.sendall(megabyte)
            reset(body)
        except OSError:
            pass
        try:
            flooding.sendall(b"\x89\x80abcd" * 1000)
            flooding.setblocking(False)
            flooding.recv(1 << 16)
            flooding.setblocking(True)
        except BlockingIOError:
            flooding.setblocking(True)
        except OSError:
            flooding = connect(port, 60)
        try:
            pipeline = connect(port, 63)
            pipeline.sendall(b"GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n" * 200)
            reset(pipeline)
            reset(connect(port, 64))
        except OSError:
            pass
        for place, stream in enumerate(dripping):
            try:
                stream.sendall(b"G")
            except OSError:
                dripping[place] = connect(port, 61)


class Server:
    def __init__(self, patriot):
        self.process = subprocess.Popen([patriot, "exchange", "--ephemeral", "--face", "binance-usdm=127.0.0.1:0", "--market", "synthetic:BTCUSDT=50000",
                                         "--account", "demo:KEY:SECRET:USDT=10000", "--speed", "0.001"], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline()).group(1))
        self.trader = Trader(self.port, self.process.pid)
        self.trader.ns_an_order()

    def stand_on(self, cores):
        os.sched_setaffinity(self.process.pid, cores)

    def rss_mb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024

    def end(self):
        self.process.terminate()
        if self.process.wait(20) not in (0, -15):
            raise SystemExit(f"hostile.py: the exchange ended with {self.process.returncode}")


def turns(alone, beside):
    """Processor time an order of each, and their ratio: medians over pairs of turns."""
    pairs = []
    for number in range(TURNS):
        first, second = (alone, beside) if number % 2 == 0 else (beside, alone)
        taken = first.trader.ns_an_order(), second.trader.ns_an_order()
        pairs.append(taken if first is alone else taken[::-1])
    return [median(pair[0] for pair in pairs), median(pair[1] for pair in pairs), median(pair[1] / pair[0] for pair in pairs)]


def waits(server):
    taken = []
    for _ in range(WAITS):
        at = time.perf_counter_ns()
        server.trader.order()
        taken.append(time.perf_counter_ns() - at)
    return median(taken)


def main():
    patriot, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(count, hard - 200)
    alone, beside = Server(patriot), Server(patriot)
    for server in (alone, beside):
        server.stand_on(CORES[:1])
    os.sched_setaffinity(0, CORES[-1:])
    before = turns(alone, beside)
    crowd = [stranger(beside.port, i) for i in range(count)]
    standing = turns(alone, beside)
    inside, rss = sum(1 for stream in crowd if stream), beside.rss_mb()
    for stream in crowd:
        if stream:
            reset(stream)
    for server in (alone, beside):
        server.stand_on(CORES)
    os.sched_setaffinity(0, CORES)
    stop = multiprocessing.Event()
    hostile = multiprocessing.Process(target=attack, args=(beside.port, stop))
    hostile.start()
    time.sleep(1)
    attacked = [(waits(alone), waits(beside)) for _ in range(WAIT_TURNS)]
    stop.set()
    hostile.join(30)
    alone.end()
    beside.end()
    ratio = standing[2] / before[2]
    print(f"hostile: {standing[0] / 1000:.1f} us of the server an order alone, {standing[1] / 1000:.1f} us beside {inside} strangers (RSS {rss:.0f} MB)")
    print(f"hostile: an order waits {median(pair[0] for pair in attacked) / 1000:.0f} us alone, {median(pair[1] for pair in attacked) / 1000:.0f} us under attack,"
          f" {median(pair[1] / pair[0] for pair in attacked):.2f} times")
    print(f"hostile: a standing crowd of {inside} costs an order {ratio:.3f} times the processor time (bar 1.05)")
    return 0 if ratio <= 1.05 else 1


if __name__ == "__main__":
    sys.exit(main())
