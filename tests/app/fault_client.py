"""fault_client.py: one exchange and one careful client on raw sockets: what really comes over the wire, byte for byte."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import urllib.parse

from harness import build_folder, fail

PATRIOT = str(pathlib.Path(build_folder()) / "patriot")
KEY, SECRET = "KEYKEYKEY", "SECRETSECRET"

# A level of a made-up market holds a thousandth: an order of that size is one fill, and large enough by these rules.
RULES = {"symbols": {symbol: {"tick_size": "0.01", "step_size": "0.001", "min_price": "0.01", "max_price": "1000000", "min_qty": "0.001", "max_qty": "10000",
                              "market_max_qty": "1000", "min_notional": "0.1",
                              "leverage_brackets": [{"bracket": 1, "initialLeverage": 50, "notionalFloor": 0, "notionalCap": 10000000, "maintMarginRatio": 0.01,
                                                     "cum": 0}]} for symbol in ("ETHUSDT", "BNBUSDT")}}


class Exchange:
    """`patriot exchange` on a made-up market, its clock paused unless it is stepped: what happens is what the test does."""

    def __init__(self, *words, paused=True, market=("synthetic:ETHUSDT=3000", "synthetic:BNBUSDT=600"), seed=7):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="patriot-faults-"))
        (self.folder / "rules.json").write_text(json.dumps(RULES))
        markets = [word for one in market for word in ("--market", one)]
        self.process = subprocess.Popen([PATRIOT, "exchange", *markets, "--rules", str(self.folder / "rules.json"), "--account", f"demo:{KEY}:{SECRET}:USDT=100000", "--seed", str(seed), "--data",
                                         str(self.folder), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        for line in self.process.stdout:
            said.append(line)
            if " on http://" in line:
                break
        else:
            fail(f"the exchange did not come up: {''.join(said)}")
        self.faces = {name: (host, int(port)) for name, host, port in re.findall(r"(binance-[a-z]+) on http://([^:]+):(\d+)", line)}
        self.address = next(iter(self.faces.values()))
        if paused:
            self.ctl("pause")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None and self.process.returncode != 0:
            fail(f"the exchange ended with {self.process.returncode}: {said}")

    def ctl(self, *words, ok=True):
        done = subprocess.run([PATRIOT, "exchange", "ctl", str(self.folder), *words], capture_output=True, text=True, timeout=30, check=False)
        answer = json.loads(done.stdout)
        if answer["ok"] is not ok:
            fail(f"ctl {' '.join(words)}: {answer}")
        return answer

    def fault(self, *words):
        return self.ctl("fault", *words)

    def struck(self, knob):
        return next(one["struck"] for one in self.ctl("faults")["knobs"] if one["knob"] == knob)

    def step(self, count=1):
        """So many moments more, done when this returns."""
        moment = self.ctl("state")["moment"]
        self.ctl("step", str(count))
        while self.ctl("state")["moment"] < moment + count:
            pass

    def venue_ms(self):
        return self.ctl("state")["venue_ms"]

    def position(self, symbol="ETHUSDT"):
        rows = self.ctl("state")["accounts"][0]["positions"]
        return next((float(row["amount"]) for row in rows if row["symbol"] == symbol), 0.0)

    def log(self):
        return [json.loads(line) for line in (self.folder / "logs" / "exchange.log").read_text().splitlines()]

    # --- requests

    def bytes_of(self, method, path, signed=False, **parameters):
        if signed:
            parameters["timestamp"] = self.venue_ms()
            parameters["recvWindow"] = 60000
        query = urllib.parse.urlencode(parameters)
        if signed:
            query += "&signature=" + hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
        target = path + ("?" + query if query else "")
        return f"{method} {target} HTTP/1.1\r\nHost: x\r\nX-MBX-APIKEY: {KEY}\r\nConnection: close\r\n\r\n".encode()

    def send(self, request, seconds=5):
        """All bytes of the answer, and how it ended: "end", "reset" or "silence"."""
        with socket.create_connection(self.address, timeout=seconds) as connection:
            connection.sendall(request)
            return self.receive(connection)

    @staticmethod
    def receive(connection):
        came = b""
        try:
            while chunk := connection.recv(65536):
                came += chunk
            return came, "end"
        except ConnectionResetError:
            return came, "reset"
        except TimeoutError:
            return came, "silence"

    def raw(self, method, path, signed=False, **parameters):
        return self.send(self.bytes_of(method, path, signed, **parameters))

    def call(self, method, path, signed=True, **parameters):
        """Status and document of a whole answer."""
        came, _ = self.raw(method, path, signed, **parameters)
        head, _, body = came.partition(b"\r\n\r\n")
        if not head:
            return 0, None
        status = int(head.split()[1])
        try:
            return status, json.loads(body) if body else None
        except ValueError:
            return status, body.decode(errors="replace")

    def public(self, path, **parameters):
        return self.call("GET", path, signed=False, **parameters)[1]

    def order(self, **parameters):
        return self.call("POST", "/fapi/v1/order", **parameters)

    def market_order(self, side="BUY", quantity="0.001", **parameters):
        return self.order(symbol="ETHUSDT", side=side, type="MARKET", quantity=quantity, **parameters)

    def limit_order(self, price="2500", **parameters):
        return self.order(symbol="ETHUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.1", price=price, **parameters)

    def stop_order(self, trigger="2500", side="SELL", **parameters):
        return self.call("POST", "/fapi/v1/algoOrder", algoType="CONDITIONAL", symbol="ETHUSDT", side=side, type="STOP_MARKET", triggerPrice=trigger,
                         closePosition="true", **parameters)

    def stops(self):
        return self.call("GET", "/fapi/v1/openAlgoOrders")[1]

    # --- streams

    def stream(self, path):
        return Stream(self, path)

    def user_stream(self):
        return Stream(self, "/private/ws/" + self.call("POST", "/fapi/v1/listenKey", signed=False)[1]["listenKey"])


class Stream:
    """A WebSocket that is read with a bound on waiting; unmasking is not needed from a server."""

    def __init__(self, exchange, path):
        self.connection = socket.create_connection(exchange.address, timeout=5)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                                "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.connection.recv(4096)
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b"101" not in head:
            fail(f"no WebSocket at {path}: {head}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def bytes(self, count):
        while len(self.buffer) < count:
            chunk = self.connection.recv(65536)
            if not chunk:
                raise ConnectionResetError
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def send(self, document):
        data = json.dumps(document).encode()
        head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else bytes([0x81, 0xFE]) + struct.pack(">H", len(data))
        self.connection.sendall(head + bytes(4) + data)

    def frame(self):
        """(opcode, payload)"""
        first, second = self.bytes(2)
        length = second & 127
        if length == 126:
            length = struct.unpack(">H", self.bytes(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.bytes(8))[0]
        return first & 15, self.bytes(length)

    def until_answer(self):
        """Everything that stands before the answer to a question of ours: what came is known without waiting."""
        self.send({"method": "LIST_SUBSCRIPTIONS", "id": 77})
        came = []
        while True:
            opcode, payload = self.frame()
            if opcode != 1:
                continue
            document = json.loads(payload, parse_constant=str)
            if document.get("id") == 77:
                return came
            came.append(document)

    def ends(self):
        """How the connection dies: "reset", or the code of a close frame."""
        try:
            while True:
                opcode, payload = self.frame()
                if opcode == 8:
                    return struct.unpack(">H", payload[:2])[0]
        except ConnectionResetError:
            return "reset"
