"""`patriot exchange --tls DIR`: https and wss with a certificate of its own, made once, trusted by whoever names it and by nobody else.

shows: VEN-3
"""
import base64
import os
import pathlib
import re
import shutil
import socket
import ssl
import stat
import subprocess
import tempfile

from harness import build_folder, check


class Exchange:
    def __init__(self, folder, *words):
        self.process = subprocess.Popen([os.path.join(build_folder(), "patriot"), "exchange", "--ephemeral", "--face", "binance-usdm=127.0.0.1:0",
                                         "--market", "synthetic:BTCUSDT=50000", "--tls", str(folder), *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        self.ready = self.process.stdout.readline()
        found = re.search(r"https://127\.0\.0\.1:(\d+),", self.ready)
        check(found, f"no https address in {self.ready!r}")
        self.port = int(found.group(1))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)

    def dial(self, trust):
        context = ssl.create_default_context(cafile=trust)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=20), server_hostname="localhost")


def ask(stream, text, end):
    """Sends, and reads on until `end` has come or nothing comes any more."""
    reply = ""
    stream.sendall(text.encode())
    while end not in reply:
        more = stream.recv(65536).decode(errors="replace")
        if not more:
            break
        reply += more
    return reply


PING = "GET /fapi/v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"


def main():
    root = pathlib.Path(tempfile.mkdtemp(prefix="patriot-tls-"))
    try:
        folder, certificate = root / "tls", root / "tls" / "exchange.crt"
        with Exchange(folder) as exchange:
            mode = stat.S_IMODE((folder / "exchange.key").stat().st_mode)
            check(mode == 0o600, f"the key has mode {mode:o}")
            with exchange.dial(str(certificate)) as stream:
                reply = ask(stream, PING, "{}")
                check(reply.startswith("HTTP/1.1 200") and reply.endswith("{}"), reply)
            with exchange.dial(str(certificate)) as stream:
                key = base64.b64encode(os.urandom(16)).decode()
                reply = ask(stream, "GET /ws/btcusdt@bookTicker HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n", '"bookTicker"')
                check(reply.startswith("HTTP/1.1 101") and '"bookTicker"' in reply, reply)
            try:
                exchange.dial(None).close()
                check(False, "a client that does not name the certificate trusted it")
            except ssl.SSLCertVerificationError:
                pass
            with socket.create_connection(("127.0.0.1", exchange.port), timeout=20) as plain:
                plain.sendall(PING.encode())
                try:
                    answer = plain.recv(4096)
                except ConnectionResetError:
                    answer = b""
                check(not answer.startswith(b"HTTP/1.1 200"), f"plain text was answered: {answer!r}")
        first = certificate.read_bytes()
        with Exchange(folder) as exchange, exchange.dial(str(certificate)) as stream:
            check(ask(stream, PING, "{}").startswith("HTTP/1.1 200"), "second start")
        check(certificate.read_bytes() == first, "the second start made another certificate")

        certificate.write_text("no certificate")
        broken = Exchange(folder)
        _, words = broken.process.communicate(timeout=20)
        check(broken.process.returncode == 1 and "exchange.crt" in words, f"{broken.process.returncode} {words}")
        (root / "file").write_text("")
        blocked = Exchange(root / "file")
        _, words = blocked.process.communicate(timeout=20)
        check(blocked.process.returncode == 1 and str(root / "file") in words, f"{blocked.process.returncode} {words}")
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print("ok")


main()
