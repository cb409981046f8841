"""`patriot exchange`: what the command line gives accounts beside their key: more keys, funds, tiers, fees in a third asset; and the tape test.

shows: VEN-1, VEN-3
"""
import contextlib
import email.utils
import json
import pathlib
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

from harness import Client, Exchange, build_folder, check

PATRIOT = str(pathlib.Path(build_folder()) / "patriot")
ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKETS = ["--face", "binance-usdm=127.0.0.1:0", "--market", "synthetic:BTCUSDT=60000", "--market", "synthetic:BNBUSDT=600", "--ephemeral"]
PLAIN = ["exchange", *MARKETS, "--account", Exchange.ACCOUNT]


class AnyFace(Client):
    """Asks each face for its own time."""

    def call(self, method, path, signed=True, **parameters):
        if path == "/fapi/v1/time" and self.spot:
            path = "/api/v3/time"
        return super().call(method, path, signed, **parameters)

    def at(self, path):
        self.spot = path.startswith(("/api/", "/sapi/"))
        return self


def call(url, key, secret, method, path, **parameters):
    """(status, JSON) of a signed call, also of a refused one."""
    try:
        return 200, AnyFace(url, key, secret).at(path).call(method, path, **parameters)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def refused(says, *words):
    done = subprocess.run([PATRIOT, *PLAIN, *words], capture_output=True, text=True, timeout=30)
    check(done.returncode == 2 and says in done.stderr, f"{words}: exit {done.returncode}, said {done.stderr!r}, wanted {says!r}")


def accounts_have_their_terms(folder):
    data = pathlib.Path(folder) / "data"
    with Exchange(build_folder(), data, *MARKETS, "--key", "demo:LOOK:SECRET2:read", "--key", "demo:FAR:SECRET3:trade:10.1.2.3", "--fee-asset", "BNB",
                  "--funds", "demo:BNB=5", "--fee-tier", "demo=3", "--insurance", "5000") as exchange:
        base = exchange.url
        with urllib.request.urlopen(base + "/fapi/v1/time", timeout=10) as reply:
            told_ms = json.load(reply)["serverTime"]
            dated = email.utils.parsedate_to_datetime(reply.headers["Date"]).timestamp()
        check(dated == told_ms // 1000, f"Date says {reply.headers['Date']}, serverTime {told_ms}")
        status, balances = call(base, "LOOK", "SECRET2", "GET", "/fapi/v3/balance")
        check(status == 200 and {row["asset"]: row["balance"] for row in balances} == {"USDT": "10000.00000000", "BNB": "5.00000000"}, f"balances: {balances}")
        status, said = call(base, "LOOK", "SECRET2", "POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.1")
        check(status == 401 and said["code"] == -2015, f"a key that reads has traded: {status} {said}")
        status, said = call(base, "FAR", "SECRET3", "GET", "/fapi/v3/balance")
        check(status == 401 and said["code"] == -2015, f"a key of another address: {status} {said}")
        status, said = call(base, "KEY", "SECRET", "GET", "/fapi/v1/commissionRate", symbol="BTCUSDT")
        check((said["makerCommissionRate"], said["takerCommissionRate"]) == ("0.000120", "0.000320"), f"tier 3: {said}")
        status, said = call(base, "KEY", "SECRET", "POST", "/fapi/v1/feeBurn", feeBurn="true")
        check(status == 200 and call(base, "KEY", "SECRET", "GET", "/fapi/v1/feeBurn")[1] == {"feeBurn": True}, f"fee burn: {said}")
        status, said = call(base, "KEY", "SECRET", "POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.1")
        status, trades = call(base, "KEY", "SECRET", "GET", "/fapi/v1/userTrades", symbol="BTCUSDT")
        check(trades and all(row["commissionAsset"] == "BNB" for row in trades), f"the fee was not paid in BNB: {trades}")
        def ctl(*words):
            return subprocess.run([PATRIOT, "exchange", "ctl", str(data), *words], capture_output=True, text=True, timeout=30)

        def buys():
            return call(base, "KEY", "SECRET", "POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")[1].get("code")

        for words, code in ((("restrict", "demo", "reduce-only"), -4087), (("restrict", "demo", "cooling-off"), -4192), (("restrict", "demo", "none"), None),
                            (("closing", "BTCUSDT", "on"), -4140), (("closing", "BTCUSDT", "off"), None), (("settle", "BTCUSDT"), -4141)):
            done = ctl(*words)
            check(done.returncode == 0 and buys() == code, f"ctl {words}: {done}, then not {code}")
        check(ctl("leverage-bar", "demo", "country").returncode == 0 and ctl("fee-tier", "demo", "9").returncode == 0, "ctl leverage-bar, fee-tier")
        status, said = call(base, "KEY", "SECRET", "POST", "/fapi/v1/leverage", symbol="BNBUSDT", leverage="21")
        check(said.get("code") in (-4206, -4028), f"leverage above the country's: {said}")
        for words in (("restrict", "demo", "luck"), ("restrict", "nobody", "none"), ("settle", "NOPE"), ("settle", "BNBUSDT", "-1"), ("fee-tier", "demo", "10")):
            check(ctl(*words).returncode == 2, f"ctl {words} was taken")


def both_markets(folder):
    """One account on both faces: spot wallets of its own, and a listen key for each product."""
    data, rules = pathlib.Path(folder) / "both", pathlib.Path(folder) / "rules.json"
    rules.write_text(json.dumps({"symbols": {}, "spot": {"ETHUSDT": {"tick_size": "0.05", "step_size": "0.002", "min_notional": "7"}}}))
    with Exchange(build_folder(), data, *MARKETS, "--rules", str(rules), "--face", "binance-spot=127.0.0.1:0", "--market", "spot:synthetic:ETHUSDT=3000",
                  "--account", "both:KEY2:SECRET2:USDT=10000,ETH=2", "--spot-fee", "both=0.075:0.08") as exchange:
        spot = "http://" + exchange.said.split("binance-spot on http://")[1].split(",")[0]
        status, bought = call(spot, "KEY2", "SECRET2", "POST", "/api/v3/order", symbol="ETHUSDT", side="SELL", type="LIMIT", timeInForce="GTC",
                              quantity="0.5", price="3300")
        check(status == 200, f"spot order: {bought}")
        wallets = {row["asset"]: row for row in exchange.ctl("state")["accounts"][1]["spot"]}
        check(wallets["ETH"] == {"asset": "ETH", "free": "1.5", "locked": "0.5"}, f"ctl state: {wallets}")
        with urllib.request.urlopen(spot + "/api/v3/exchangeInfo") as reply:
            symbol = next(row for row in json.load(reply)["symbols"] if row["symbol"] == "ETHUSDT")
        found = {row["filterType"]: row for row in symbol["filters"]}
        check(float(found["PRICE_FILTER"]["tickSize"]) == 0.05 and float(found["LOT_SIZE"]["stepSize"]) == 0.002
              and float(found["NOTIONAL"]["minNotional"]) == 7, f"rules of the spot symbol: {found}")
        def rates():
            return call(spot, "KEY2", "SECRET2", "GET", "/api/v3/account/commission", symbol="ETHUSDT")[1]["standardCommission"]
        check((rates()["maker"], rates()["taker"]) == ("0.00075000", "0.00080000"), f"--spot-fee: {rates()}")
        done = subprocess.run([PATRIOT, "exchange", "ctl", str(data), "spot-fee", "both", "0", "0.1"], capture_output=True, text=True, timeout=30)
        check(done.returncode == 0 and (rates()["maker"], rates()["taker"]) == ("0.00000000", "0.00100000"), f"ctl spot-fee: {done}, then {rates()}")
        keys = [call(base, "KEY2", "SECRET2", "POST", path)[1]["listenKey"] for base, path in
                ((exchange.url, "/fapi/v1/listenKey"), (spot, "/api/v3/userDataStream"))]
        check(keys[0] != keys[1], "both products have the same listen key")
        check(call(spot, "KEY2", "SECRET2", "DELETE", "/api/v3/userDataStream", listenKey=keys[1])[0] == 200, "the spot key did not end")
        check(call(exchange.url, "KEY2", "SECRET2", "PUT", "/fapi/v1/listenKey")[0] == 200, "with the spot key the futures key has ended")


def listen_keys_can_be_gone(folder):
    """--no-spot-listen-keys: the exchange's 410, a page and no JSON; and the end is told to who follows."""
    with Exchange(build_folder(), pathlib.Path(folder) / "gone", *MARKETS, "--face", "binance-spot=127.0.0.1:0", "--market", "spot:synthetic:ETHUSDT=3000",
                  "--no-spot-listen-keys") as exchange:
        spot = "http://" + exchange.said.split("binance-spot on http://")[1].split(",")[0]
        request = urllib.request.Request(spot + "/api/v3/userDataStream", method="POST", headers={"X-MBX-APIKEY": "KEY"})
        try:
            urllib.request.urlopen(request, timeout=10).close()
            check(False, "a listen key was given")
        except urllib.error.HTTPError as gone:
            check(gone.code == 410 and gone.reason == "Gone" and gone.headers["Content-Type"] == "text/html" and b"410 Gone" in gone.read(),
                  f"{gone.code} {gone.reason} {gone.headers}")
        check(call(exchange.url, "KEY", "SECRET", "POST", "/fapi/v1/listenKey")[0] == 200, "futures listen keys have gone too")
        host, port = spot.removeprefix("http://").split(":")
        follower = socket.create_connection((host, int(port)), timeout=30)
        follower.sendall(b"GET /stream?streams=ethusdt@blockTrade HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        check(b" 101 " in follower.recv(4096), "no WebSocket")
    said = b""
    with follower, contextlib.suppress(ConnectionResetError):
        while part := follower.recv(4096):
            said += part
    check(b'{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":' in said, f"the end was not told: {said}")


def every_asset_of_the_futures_wallet(folder):
    """What is named and settles contracts, or pays fees, is in the futures wallet; the exchange's own sums agree."""
    with Exchange(build_folder(), pathlib.Path(folder) / "assets", *MARKETS, "--market", "synthetic:BTCUSDC=60000", "--fee-asset", "BNB", "--account",
                  "three:KEY3:SECRET3:USDT=1000,BNB=5,USDC=70.5") as exchange:
        balances = call(exchange.url, "KEY3", "SECRET3", "GET", "/fapi/v3/balance")[1]
        check({row["asset"]: row["balance"] for row in balances} == {"USDT": "1000.00000000", "BNB": "5.00000000", "USDC": "70.50000000"}, f"balances: {balances}")
        check(all(row["difference"] == "0" for row in exchange.ctl("books")["money"]), "money")


def main():
    with tempfile.TemporaryDirectory(prefix="patriot-terms-") as folder:
        accounts_have_their_terms(folder)
        both_markets(folder)
        listen_keys_can_be_gone(folder)
        every_asset_of_the_futures_wallet(folder)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as rules:
        rules.write('{"spot":{"ETHUSDT":{"tick_size":"0.05"}}}')
        rules.flush()
        refused(f"{rules.name}:1: spot ETHUSDT: step_size is missing", "--rules", rules.name)
    refused("no account of that name", "--key", "other:K:S:read")
    refused("read or trade", "--key", "demo:K:S:all")
    refused("given twice", "--key", "demo:KEY:S:read")
    refused("does not know the asset", "--funds", "demo:BNB=5")
    refused("0 to 9", "--fee-tier", "demo=10")
    refused("0 to 10 per cent", "--spot-fee", "demo=0.1")
    refused("--insurance wants", "--insurance", "much")
    refused("0 to 100", "--queue", "101")
    refused("--audit compares recorded streams", "--audit")
    done = subprocess.run([PATRIOT, "exchange", "--market", f"stream:BTCUSDT={ROOT}/tests/edge/face/tape-BTCUSDT.stream.gz", "--audit"], capture_output=True,
                          text=True, timeout=60)
    check(done.returncode == 0 and "compared at 1229 update ids, 0 differ" in done.stdout, f"the tape test: {done}")
    print("ok")


main()
