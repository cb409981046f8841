"""front.py: what may stand between us and an exchange: a loopback HTTP server that passes everything on, sockets too, and misbehaves when told.

The system is pointed at it by exchange.rest_url and exchange.stream_url. A Fault meets the next requests that it fits; `seen` keeps every request.
"""
import asyncio
import re
import threading
import urllib.parse

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
BUSY = b'{"code":-1003,"msg":"Too many requests; current limit is 2400 request weight per 1 MINUTE."}'


def answer(status, body, content="text/html", **headers):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Request:
    def __init__(self, method, target, body):
        self.method = method
        self.path, _, query = target.partition("?")
        self.parameters = dict(urllib.parse.parse_qsl(query + "&" + body.decode(errors="replace")))
        self.fault, self.reply = None, b""

    @property
    def venue_ms(self):
        """When the client signed it, by its own idea of the exchange's time; 0 for what is not signed."""
        return int(self.parameters.get("timestamp", 0))


class Fault:
    """`reply` (bytes, or a function of the exchange's own reply) to the next `count` requests that fit; b"" cuts the connection without a word.

    forward: the exchange still gets the request. `met` is set when all of them have been answered so.
    """

    def __init__(self, reply, fits, count=1, forward=False):
        self.reply, self.fits, self.left, self.forward = reply, fits, count, forward
        self.met = threading.Event()

    def answer(self, reply):
        return self.reply(reply) if callable(self.reply) else self.reply


class Front:
    def __init__(self, upstream):
        self.upstream = upstream  # () -> (host, port), asked for each connection
        self.seen, self.faults, self.lock = [], [], threading.Lock()
        started = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    def run(self, started):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20))
        self.address = "127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop)
        self.thread.join()
        self.loop.close()

    async def end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.loop.stop()

    def add(self, fault):
        with self.lock:
            self.faults.append(fault)
        return fault

    def take(self, request):
        with self.lock:
            self.seen.append(request)
            for fault in self.faults:
                if fault.fits(request):
                    fault.left -= 1
                    request.fault = fault
                    if fault.left == 0:
                        self.faults.remove(fault)
                    return fault
        return None

    async def serve(self, reader, writer):
        upstream = None
        try:
            upstream = await asyncio.open_connection(*self.upstream(), limit=1 << 20)
            while await self.one(reader, writer, *upstream):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side has gone, or the test is over: so does the other
        finally:
            for one in (writer, upstream[1] if upstream else None):
                if one:
                    one.close()

    async def one(self, reader, writer, up_reader, up_writer):
        """One request and its reply; False when the connection is over."""
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(length_of(head))
        method, target = head.split(b" ", 2)[:2]
        request = Request(method.decode(), target.decode(), body)
        fault = self.take(request)
        if fault is None or fault.forward:
            up_writer.write(head + body)
            if b"\r\nupgrade:" in head.lower():
                await asyncio.gather(relay(reader, up_writer), relay(up_reader, writer))
                return False
            reply = await up_reader.readuntil(b"\r\n\r\n")
            reply += await up_reader.readexactly(length_of(reply))
        else:
            reply = b""
        request.reply = fault.answer(reply) if fault else reply
        writer.write(request.reply)
        await writer.drain()
        if fault and fault.left == 0:
            fault.met.set()
        return bool(request.reply)


def length_of(head):
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found.group(1)) if found else 0


async def relay(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
