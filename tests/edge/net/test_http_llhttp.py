#!/usr/bin/env python3
"""Our HTTP/1.1 reader against llhttp, the parser inside node: thousands of mutated messages, the same bytes to both.

shows: OPS-16

Where both accept, method, target, headers, body, version and keep-alive must be the same. Where only one accepts, the pair of reasons must
stand in the tables below: each deliberate difference is written down with its why. Fixed seed; skipped where node is missing.
"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

SEED = 20261121
MESSAGES = 20000

# We refuse, llhttp accepts: (our reason) -> why.
WE_REFUSE = {
    "HOST_MISSING": "llhttp leaves Host to its user",
    "HOST_REPEATED": "llhttp leaves Host to its user",
    "BAD_VERSION": "llhttp skips more than one blank before the version",
    "BAD_TARGET": "llhttp takes HTTP/0.9 requests without a version, and bytes from 0x80 on",
    "CODING_UNSUPPORTED": "chunked twice: two readings are possible",
    "BAD_REASON": "llhttp takes any byte in a reason, a carriage return too",
    "BAD_METHOD": "llhttp skips bare line feeds before a request",
    "BARE_LF": "llhttp skips a line feed inside the host of an absolute target",
    "BAD_STATUS": "llhttp takes 000 to 099 and 600 to 999",
    "CODING_IN_HTTP10": "a 1.0 message with a coding has faulty framing (RFC 9112, 6.1)",
    "BAD_CHUNK_EXTENSION": "llhttp takes a chunk extension with an empty value",
    "BAD_TRAILER": "llhttp hands Host as a trailer to its user",
}

# The same for llhttp 6, the one inside the Node.js 18 of Debian 12. Later releases refuse these as we do.
OLD_MAJOR = 6
WE_REFUSE_OLD = {
    "BAD_HEADER_NAME": "an empty name, and one that holds what is no letter of a token",
    "SPACE_BEFORE_COLON": "a blank inside or behind a name",
    "FOLDED_HEADER": "a continuation line, also before the first field",
    "BAD_CHUNK_END": "any two bytes behind a chunk",
    "BAD_CHUNK_SIZE": "any byte behind the carriage return of a chunk's line",
}


def old_takes_any_byte_behind_cr(message):
    """llhttp 6 takes a carriage return for the end of a line, whatever follows it; we wait for the end or refuse."""
    return any(message[at + 1:at + 2] != b"\n" for at, byte in enumerate(message) if byte == 0x0d)


# llhttp refuses, we accept: (its code) -> why.
THEY_REFUSE = {
    "HPE_INVALID_METHOD": "llhttp knows a list of methods; for us a method is a token",
    "HPE_UNEXPECTED_CONTENT_LENGTH": "the same Content-Length twice is one length (RFC 9110, 8.6)",
    "HPE_INVALID_CONTENT_LENGTH": "a tab behind the number is a blank like any other (RFC 9110, 5.6.3)",
}

NODE = r"""
const { HTTPParser } = require('_http_common');
const fs = require('fs');
const input = fs.readFileSync(process.argv[2]);
const out = [];
const hex = s => Buffer.from(s, 'latin1').toString('hex');
for (let at = 0; at < input.length;) {
  const kind = input[at] === 0x71 ? HTTPParser.REQUEST : HTTPParser.RESPONSE;
  const length = input.readUInt32LE(at + 1);
  const bytes = input.subarray(at + 5, at + 5 + length);
  at += 5 + length;
  const parser = new HTTPParser();
  parser.initialize(kind, {}, 1 << 20);
  const first = { headers: [], body: '', done: false };
  let messages = 0;
  parser[HTTPParser.kOnHeaders | 0] = (headers, url) => { if (messages === 0 && !first.headed) { /* else: trailers, which we drop */ first.headers.push(...headers); first.url = (first.url || '') + url; } };
  parser[HTTPParser.kOnHeadersComplete | 0] = (major, minor, headers, method, url, status, reason, upgrade, keep) => {
    if (messages > 0) return 0;
    if (headers) first.headers.push(...headers);
    if (url !== undefined) first.url = url;
    Object.assign(first, { major, minor, method, status, upgrade, keep, headed: true });
    return 0;
  };
  parser[HTTPParser.kOnBody | 0] = b => { if (messages === 0) first.body += Buffer.from(b).toString('hex'); };
  parser[HTTPParser.kOnMessageComplete | 0] = () => { if (messages === 0) { first.done = true; first.complete = true; } messages++; };
  const result = parser.execute(Buffer.from(bytes));
  const error = result instanceof Error ? result.code : null;
  parser.close();
  out.push(JSON.stringify({ done: first.done, error, major: first.major, minor: first.minor, method: first.method, url: first.url === undefined ? null : hex(first.url),
    status: first.status || 0, keep: first.keep, upgrade: first.upgrade, headers: first.headers.map(hex), body: first.body }));
}
const { methods, allMethods } = require('_http_common');
console.log(JSON.stringify({ methods: allMethods || methods, major: parseInt(process.versions.llhttp) }));
console.log(out.join('\n'));
"""

H = b"Host: h\r\n"
SEEDS_Q = [
    b"GET / HTTP/1.1\r\n" + H + b"\r\n",
    b"GET /fapi/v1/klines?symbol=ETHUSDT&limit=5 HTTP/1.1\r\n" + H + b"Accept: */*\r\nX-MBX-APIKEY: abc\r\n\r\n",
    b"POST /fapi/v1/order HTTP/1.1\r\n" + H + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nside=BUY&q=1",
    b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n",
    b"PUT /x HTTP/1.1\r\n" + H + b"Connection: close\r\nContent-Length: 0\r\n\r\n",
    b"DELETE /fapi/v1/order?orderId=1 HTTP/1.1\r\n" + H + b"Connection: keep-alive\r\n\r\n",
    b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + H + b"\r\n",
    b"GET http://h.example:8080/p?q HTTP/1.1\r\n" + H + b"\r\n",
    b"GET / HTTP/1.1\r\n" + H + b"A:\r\nB: \t x y \t\r\nC: \xc3\xa4\r\n\r\n",
    b"HEAD /h HTTP/1.1\r\n" + H + b"\r\n",
]
SEEDS_P = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 503 \r\nContent-Length: 1\r\n\r\nx",
]
SPICE = [b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b",", b";", b"0", b"\x00", b"\x7f", b"\xff", b"#", b"?", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
         b"Transfer-Encoding: identity\r\n", b"Host: evil\r\n", b" folded\r\n", b"Connection: close\r\n", b"chunked", b"HTTP/1.1", b"HTTP/2.0", b"a" * 300, b"FFFFFFFFFFFFFFFF", b"-1", b"+5", b"\x0b"]


def mutate(rng, message):
    message = bytearray(message)
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        at = rng.randrange(len(message) + 1)
        what = rng.randrange(5)
        if what == 0 and at < len(message):
            message[at] = rng.randrange(256)
        elif what == 1:
            message[at:at] = rng.choice(SPICE)
        elif what == 2:
            del message[at:at + rng.randrange(1, 4)]
        elif what == 3:
            lines = bytes(message).split(b"\r\n")
            lines.insert(rng.randrange(1, len(lines) + 1), rng.choice(lines))
            message = bytearray(b"\r\n".join(lines))
        elif at < len(message):
            message[at] = ord(rng.choice("\r\n :;,0aZ\t"))
    return bytes(message)


def ours(tool, stream):
    lines = subprocess.run([tool, "--messages"], input=stream, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    return [line.split() for line in lines]


def theirs(stream):
    with tempfile.TemporaryDirectory() as folder:
        script, data = os.path.join(folder, "oracle.js"), os.path.join(folder, "messages")
        with open(script, "w") as file:
            file.write(NODE)
        with open(data, "wb") as file:
            file.write(stream)
        lines = subprocess.run(["node", "--no-warnings", script, data], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def plain(text):
    return "" if text == "-" else text


def same(kind, mine, other, methods):
    """What differs between two accepted readings of one message; empty when nothing does."""
    method, target, status, minor, keep = plain(mine[1]), plain(mine[2]), int(mine[3]), int(mine[4]), mine[5] == "1"
    headers = [] if mine[7] == "-" else [half for pair in mine[7].rstrip(";").split(";") for half in pair.split("=")]
    found = []
    if kind == "q":
        if bytes.fromhex(method).decode() != methods[other["method"]]:
            found.append("method")
        if target != other["url"]:
            found.append("target")
    elif status != other["status"]:
        found.append("status")
    if (1, minor) != (other["major"], other["minor"]):
        found.append("version")
    if headers != other["headers"]:
        # llhttp takes the blank lines off the front of a value and leaves them at its end in some releases: compare without
        strip = [h if i % 2 == 0 else bytes.fromhex(h).strip(b" \t").hex() for i, h in enumerate(other["headers"])]
        if headers != strip:
            found.append("headers")
    if plain(mine[8]) != other["body"]:
        found.append("body")
    if keep != bool(other["keep"]) and not other["upgrade"]:
        found.append("keep-alive")
    return found


def main():
    tool = os.path.join(sys.argv[1] if len(sys.argv) > 1 else "build", "test_edge_net_http_oracle")
    if shutil.which("node") is None:
        print("skipped: node is not installed; its parser is the second opinion")
        return 77
    if not os.path.exists(tool):
        print("skipped: %s is not built" % tool)
        return 77
    rng = random.Random(SEED)
    messages = [("q", m) for m in SEEDS_Q] + [("p", m) for m in SEEDS_P]
    while len(messages) < MESSAGES:
        kind = "q" if rng.random() < 0.75 else "p"
        messages.append((kind, mutate(rng, rng.choice(SEEDS_Q if kind == "q" else SEEDS_P))))
    stream = b"".join(kind.encode() + struct.pack("<I", len(m)) + m for kind, m in messages)
    mine, (about, other) = ours(tool, stream), theirs(stream)
    methods, old = about["methods"], about["major"] <= OLD_MAJOR
    assert len(mine) == len(messages) == len(other)
    counts, failures = {}, []
    for (kind, message), a, b in zip(messages, mine, other):
        if a[0] == "ok" and b["done"]:
            differences = same(kind, a, b, methods)
            verdict = "both accept"
            if differences:
                failures.append((verdict, differences, message))
        elif a[0] == "ok":
            verdict = "only we accept: %s" % (b["error"] or "llhttp waits for more")
            blind = b["error"] is None and b"\t\r\n" in message  # llhttp does not know "chunked" with a tab behind it
            if b["error"] not in THEY_REFUSE and not blind:
                failures.append((verdict, None, message))
        elif b["done"]:
            verdict = "only llhttp accepts: %s" % (a[1] if a[0] == "error" else "we wait for more")
            lone_cr = a[0] == "more" and b"\r\r" in message  # llhttp takes a lone CR for the end of a status line
            known = a[0] == "error" and (a[1] in WE_REFUSE or (old and a[1] in WE_REFUSE_OLD))
            if not lone_cr and not known and not (old and a[0] == "more" and old_takes_any_byte_behind_cr(message)):
                failures.append((verdict, None, message))
        elif a[0] == "error" and b["error"]:
            verdict = "both refuse"
        else:
            verdict = "neither accepts: one waits for more"
        counts[verdict] = counts.get(verdict, 0) + 1
    for verdict, count in sorted(counts.items()):
        print("%6d  %s" % (count, verdict))
    for verdict, differences, message in failures[:10]:
        print("FAILED", verdict, differences or "", message)
    if counts.get("both accept", 0) < MESSAGES // 10 or counts.get("both refuse", 0) < MESSAGES // 10:
        failures.append("the generator does not reach both sides")
        print("FAILED: the generator does not reach both sides")
    print("%d messages, %d failures" % (len(messages), len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
