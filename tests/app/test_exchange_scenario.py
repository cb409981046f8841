"""Faults by a scenario file, by chance from a seed, and over a restart; the wire log tells what they did.

shows: VEN-4, VEN-3
"""
import base64
import json
import pathlib
import socket
import subprocess
import tempfile

from fault_client import KEY, PATRIOT, SECRET, Exchange
from harness import check

SCENARIO = """# an hour of trouble
seed: 3
faults:
  lost replies:
    knob: ack.drop
    on: order
    at: 10s
    count: 2
  short halt:
    knob: sym.halt
    symbol: ETHUSDT
    at: 30s
    for: 30s
"""


def scenario_file(folder):
    path = folder / "trouble.yaml"
    path.write_text(SCENARIO)
    with Exchange("--scenario", str(path), "--ephemeral") as x:
        begin = x.venue_ms() - 5000
        while x.venue_ms() < begin + 15000:
            x.step(5)
        check([x.market_order()[0] for _ in range(3)] == [0, 0, 200], "not two lost replies")
        while x.ctl("faults")["armed"][1]["phase"] == "waiting":
            x.step(5)
        check(x.market_order()[0] == 400, "not halted")
        while x.ctl("faults")["armed"][1]["phase"] == "running":
            x.step(5)
        check(x.market_order()[0] == 200, "halted for ever")
        lines = [line for line in x.log() if line["event"] == "exchange_fault" and line.get("fault") == "lost replies"]
        check([line["struck"] for line in lines] == [1, 2] and x.struck("ack.drop") == 2, f"{lines}")


def broken_scenarios(folder):
    path = folder / "broken.yaml"
    for text, wanted in ((SCENARIO.replace("ack.drop", "ack.drip"), ':5: there is no knob "ack.drip"'), (SCENARIO.replace("count: 2", "count: many"), ":8: count"),
                         (SCENARIO.replace("    on: order", "    on: order\n    on: any"), ":7: "), ("faults: [1, 2]", ":1: "), ("", ":1: no fault"),
                         (SCENARIO.replace("seed: 3", "sead: 3"), ":2: sead"), (SCENARIO.replace("  short", "\t short"), ":9: "),
                         (SCENARIO.replace("ETHUSDT", "GOLD"), ":10: symbol: GOLD is not traded here"), (SCENARIO.replace("    knob: ack.drop\n", ""), ":5: this fault has no knob"),
                         ("seed: 7\nfaults:\n", ":2: no fault below it"), (SCENARIO + "# \x01\n", f":{SCENARIO.count(chr(10)) + 1}: control characters")):
        path.write_text(text)
        done = subprocess.run([PATRIOT, "exchange", "--market", "synthetic:ETHUSDT=3000", "--scenario", str(path)], capture_output=True, text=True,
                              timeout=30, check=False)
        check(done.returncode == 2 and f"broken.yaml{wanted}" in done.stderr and " on http://" not in done.stdout, f"{wanted}: {done.returncode} {done.stderr}")
    done = subprocess.run([PATRIOT, "exchange", "--faults", "chaos"], capture_output=True, text=True, timeout=30, check=False)
    check(done.returncode == 2 and "random[:SEED][:DENSITY]" in done.stderr, done.stderr)


def mix_of(seed, hours):
    with Exchange("--faults", f"random:{seed}:0.6", "--ephemeral", "--moment", "5m", "--speed", "max", paused=False, market=("synthetic:ETHUSDT=3000",)) as x:
        x.ctl("until", str(hours))
        while not x.ctl("state")["ended"]:
            pass
        state = x.ctl("faults")
        return state["phases"], [(one["knob"], one["from_ms"], one.get("until_ms")) for one in state["armed"]]


def random_mix():
    one, again, other = mix_of(11, 96), mix_of(11, 96), mix_of(12, 96)
    check(one == again, f"the same seed gave another mix: {one} and {again}")
    check(one[1] != other[1] and one[0] >= 4 and len({row[0] for row in one[1]}) >= 6, f"{one} {other}")


def wire_log(folder):
    path = folder / "wire.jsonl"
    with Exchange("--wire-log", str(path), "--ephemeral") as x:
        request = x.bytes_of("POST", "/fapi/v1/order", True, symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.1", newClientOrderId="seen")
        x.fault("ack.drop")
        x.send(request)
        x.user_stream().until_answer()
        x.call("GET", "/fapi/v1/order", symbol="ETHUSDT", origClientOrderId="nobody")
        kept = x.ctl("requests", "1")["requests"]
        orders, fills = x.ctl("orders", "demo")["orders"], x.ctl("fills", "demo", "1")["fills"]
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    posts = [line for line in lines if line.get("method") == "POST" and line["path"].endswith("/order")]
    check(len(posts) == 1 and posts[0]["accepted"] and posts[0]["status"] == 0 and posts[0]["fault"] == "ack.drop", f"{posts}")
    check(int(posts[0]["order_id"]) == orders[0]["id"] == fills[0]["order_id"] and orders[0]["client_id"] == "seen", f"{posts} {orders}")
    raw = base64.b64decode(posts[0]["raw"])
    check(len(raw) == len(request) and raw[:raw.index(b"&signature=")] == request[:request.index(b"&signature=")], f"{raw}")
    check([line["number"] for line in kept] == list(range(1, len(kept) + 1)) and len(kept) == len(lines), "memory and file differ")
    refused = [line for line in lines if line.get("status") == 400]
    check(refused and not refused[0]["accepted"] and base64.b64decode(refused[0]["reply"]).startswith(b'{"code":-2013'), f"{refused}")
    everything = path.read_bytes() + b"".join(base64.b64decode(line[key]) for line in lines for key in ("raw", "reply") if line.get(key))
    check(KEY.encode() not in everything and SECRET.encode() not in everything, "a key is in the log")
    check(any(line["kind"] == "in" for line in lines) and not any(len(word) >= 48 and word.strip("x") for word in everything.decode(errors="replace")
                                                                  .replace('"', " ").replace("/", " ").replace("=", " ").replace("&", " ").split()
                                                                  if word.isalnum() and word in everything.decode(errors="replace").split("raw")[0]), "a listen key")


def restart_keeps_acts(folder):
    """What a fault did to the venue stands after a kill: filters, names, positions."""
    data = folder / "kept"
    words = [PATRIOT, "exchange", "--market", "synthetic:ETHUSDT=3000", "--account", f"demo:{KEY}:{SECRET}:USDT=100000", "--seed", "7",
             "--data", str(data)]

    def start():
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        return process

    def ctl(*asked):
        return json.loads(subprocess.run([PATRIOT, "exchange", "ctl", str(data), *asked], capture_output=True, text=True, timeout=30, check=True).stdout)

    process = start()
    ctl("pause")
    ctl("user-act", "buy", "symbol=ETHUSDT", "amount=0.3")
    ctl("fault", "adl", "share=0.5")
    ctl("fault", "sym.rename", "symbol=ETHUSDT", "to=NEWUSDT")
    before = ctl("state")["accounts"]
    process.kill()
    process.wait()
    process = start()
    ctl("pause")
    rows = ctl("state")["accounts"][0]["positions"]
    process.kill()
    process.wait()
    check([(row["symbol"], row["amount"]) for row in rows] == [("NEWUSDT", before[0]["positions"][0]["amount"])], f"{before} {rows}")


def restart_undoes_what_was_begun(folder):
    """A halt of the scenario is not begun again after a kill, and ends at its time; factors are not applied twice."""
    data, path = folder / "again", folder / "again.yaml"
    path.write_text("faults:\n  coarse:\n    knob: flt.change\n    step: 10\n    at: 5s\n    for: 30s\n  halted:\n    knob: sym.halt\n    at: 5s\n    for: 30s\n")
    for life in range(3):
        process = subprocess.Popen([PATRIOT, "exchange", "--market", "synthetic:ETHUSDT=3000", "--scenario", str(path), "--data", str(data)],
                                   stdout=subprocess.PIPE, text=True)
        url = process.stdout.readline().split("http://")[1].split(",")[0]

        def ctl(*asked):
            return json.loads(subprocess.run([PATRIOT, "exchange", "ctl", str(data), *asked], capture_output=True, text=True, timeout=30, check=True).stdout)

        ctl("pause")
        until = ctl("state")["venue_ms"] + 10000
        while ctl("state")["venue_ms"] < until or (life == 2 and ctl("faults")["armed"][0]["phase"] != "over"):
            ctl("step", "5")
        with socket.create_connection((url.split(":")[0], int(url.split(":")[1])), timeout=5) as connection:
            connection.sendall(b"GET /fapi/v1/exchangeInfo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            rules = json.loads(Exchange.receive(connection)[0].partition(b"\r\n\r\n")[2])["symbols"][0]
        process.kill()
        process.wait()
        step = float(next(one["stepSize"] for one in rules["filters"] if one["filterType"] == "LOT_SIZE"))
        wanted = (0.001, "TRADING") if life == 2 else (0.01, "HALT")
        check(step == wanted[0] and (rules["status"] == "TRADING") == (wanted[1] == "TRADING"), f"life {life}: step {step}, {rules['status']}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for test in (scenario_file, broken_scenarios, wire_log, restart_keeps_acts, restart_undoes_what_was_begun):
            test(pathlib.Path(folder))
    random_mix()
    print("ok")


main()
