"""ccxt_binanceusdm.py: unmodified ccxt for Python (class binanceusdm), blocking and ccxt.pro, against `patriot exchange`. Argument: its address."""
import asyncio
import math
import sys

import ccxt
import ccxt.pro
from checks import done, equal, fails, group, true

ADDRESS = sys.argv[1]
SYMBOL = "ETH/USDT:USDT"


def local(urls):
    if isinstance(urls, str):
        return urls.replace("https://", f"http://{ADDRESS}/").replace("wss://", f"ws://{ADDRESS}/")
    return {key: local(value) for key, value in urls.items()}


def point(make, key="KEY", secret="SECRET"):
    exchange = make({"apiKey": key, "secret": secret, "enableRateLimit": False})
    exchange.urls["api"] = local(exchange.urls["api"])
    return exchange


ex = point(ccxt.binanceusdm)
seen = {}


@group("load markets")
def _():
    ex.load_markets()
    market = ex.market(SYMBOL)
    true(market["swap"] and market["linear"])
    equal(market["precision"]["price"], 0.01)


@group("market data")
def _():
    book = ex.fetch_order_book(SYMBOL, 20)
    seen["bid"], seen["ask"] = book["bids"][0][0], book["asks"][0][0]
    true(seen["bid"] < seen["ask"])
    equal(len(ex.fetch_ohlcv(SYMBOL, "1h", None, 50)), 50)
    true(ex.fetch_ticker(SYMBOL)["last"] > 0)
    true(ex.fetch_funding_rate(SYMBOL)["markPrice"] > 0)
    ex.fetch_trades(SYMBOL, None, 10)
    true(ex.fetch_time() > 0)


@group("account")
def _():
    balance = ex.fetch_balance()
    equal(balance["USDT"]["total"], 10000.0)
    equal(balance["USDT"]["free"], 10000.0)
    equal(ex.fetch_positions([SYMBOL]), [])
    ex.set_leverage(10, SYMBOL)
    fails(ccxt.MarginModeAlreadySet, lambda: ex.set_margin_mode("cross", SYMBOL))


@group("limit order")
def _():
    order = ex.create_order(SYMBOL, "limit", "buy", 0.05, math.floor(seen["bid"] * 0.97))
    equal(order["status"], "open")
    equal(len(ex.fetch_open_orders(SYMBOL)), 1)
    equal(ex.edit_order(order["id"], SYMBOL, "limit", "buy", 0.06, math.floor(seen["bid"] * 0.96))["amount"], 0.06)
    equal(ex.fetch_order(order["id"], SYMBOL)["status"], "open")
    equal(ex.cancel_order(order["id"], SYMBOL)["status"], "canceled")
    equal(ex.fetch_open_orders(SYMBOL), [])


@group("market order and position")
def _():
    order = ex.create_order(SYMBOL, "market", "buy", 0.1)
    equal((order["status"], order["filled"]), ("closed", 0.1))
    position = ex.fetch_positions([SYMBOL])[0]
    equal((position["contracts"], position["side"]), (0.1, "long"))
    equal(len(ex.fetch_my_trades(SYMBOL)), 1)


@group("stop order")
def _():
    stop = ex.create_order(SYMBOL, "market", "sell", 0.1, None, {"stopLossPrice": math.floor(seen["bid"] * 0.9), "reduceOnly": True})
    opened = ex.fetch_open_orders(SYMBOL, None, None, {"trigger": True})
    equal([order["id"] for order in opened], [stop["id"]])
    ex.cancel_order(stop["id"], SYMBOL, {"trigger": True})
    equal(ex.fetch_open_orders(SYMBOL, None, None, {"trigger": True}), [])


@group("sockets")
def _():
    async def run():
        pro = point(ccxt.pro.binanceusdm)
        try:
            await pro.load_markets()
            true((await asyncio.wait_for(pro.watch_order_book(SYMBOL), 10))["bids"][0][0] > 0)
            true((await asyncio.wait_for(pro.watch_ticker(SYMBOL), 10))["last"] > 0)
            true(len(await asyncio.wait_for(pro.watch_ohlcv(SYMBOL, "1m"), 10)) > 0)
            standing = asyncio.Event()
            pro.on_connected = lambda client, message=None: standing.set() if "private" in client.url else None
            watching = asyncio.ensure_future(pro.watch_orders(SYMBOL))
            await asyncio.wait_for(standing.wait(), 10)
            order = await pro.create_order(SYMBOL, "limit", "buy", 0.05, math.floor(seen["bid"] * 0.97))
            equal((await asyncio.wait_for(watching, 10))[-1]["id"], order["id"])
            await pro.cancel_order(order["id"], SYMBOL)
        finally:
            await pro.close()
    asyncio.run(run())


@group("closing")
def _():
    equal(ex.create_order(SYMBOL, "market", "sell", 0.1, None, {"reduceOnly": True})["status"], "closed")
    equal(ex.fetch_positions([SYMBOL]), [])


@group("errors")
def _():
    fails(ccxt.OrderNotFound, lambda: ex.cancel_order("123456789", SYMBOL))
    fails(ccxt.OrderNotFound, lambda: ex.fetch_order("123456789", SYMBOL))
    fails(ccxt.BadSymbol, lambda: ex.fapiPublicGetDepth({"symbol": "NOSUCH"}))
    # The futures table of codes is only looked at behind the real URL: here these are known by their code.
    fails(ccxt.ExchangeError, lambda: ex.create_order(SYMBOL, "limit", "buy", 1000, math.floor(seen["bid"] * 0.99)), lambda e: "-2019" in str(e))
    fails(ccxt.ExchangeError, lambda: ex.create_order(SYMBOL, "market", "sell", 0.1, None, {"reduceOnly": True}), lambda e: "-2022" in str(e))
    fails(ccxt.AuthenticationError, lambda: point(ccxt.binanceusdm, secret="WRONG").fapiPrivateV3GetBalance())
    fails(ccxt.AuthenticationError, lambda: point(ccxt.binanceusdm, key="NOBODY").fapiPrivateV3GetBalance())


done(f"ccxt {ccxt.__version__} for Python")
