"""python_binance.py: python-binance (the calls futures_*) against `patriot exchange`. Argument: its address."""
import math
import sys

from binance.client import Client
from binance.exceptions import BinanceAPIException
from checks import done, equal, fails, group, true

ADDRESS = sys.argv[1]
SYMBOL = "ETHUSDT"


def make(key="KEY", secret="SECRET"):
    client = Client(key, secret, ping=False)
    client.FUTURES_URL = f"http://{ADDRESS}/fapi"
    return client


client = make()
seen = {}


@group("public questions")
def _():
    client.futures_ping()
    true(client.futures_time()["serverTime"] > 0)
    true(any(s["symbol"] == SYMBOL for s in client.futures_exchange_info()["symbols"]))
    book = client.futures_order_book(symbol=SYMBOL, limit=20)
    seen["bid"], seen["ask"] = float(book["bids"][0][0]), float(book["asks"][0][0])
    true(seen["bid"] < seen["ask"])
    equal(len(client.futures_klines(symbol=SYMBOL, interval="1h", limit=50)), 50)
    true(float(client.futures_mark_price(symbol=SYMBOL)["markPrice"]) > 0)
    equal(client.futures_ticker(symbol=SYMBOL)["symbol"], SYMBOL)
    true(float(client.futures_orderbook_ticker(symbol=SYMBOL)["bidPrice"]) > 0)
    client.futures_aggregate_trades(symbol=SYMBOL, limit=5)
    client.futures_funding_rate(symbol=SYMBOL, limit=5)


@group("account")
def _():
    equal([float(row["balance"]) for row in client.futures_account_balance() if row["asset"] == "USDT"], [10000.0])
    equal(float(client.futures_account()["totalWalletBalance"]), 10000.0)
    equal(client.futures_change_leverage(symbol=SYMBOL, leverage=10)["leverage"], 10)
    equal(client.futures_get_position_mode()["dualSidePosition"], False)
    true(len(client.futures_leverage_bracket(symbol=SYMBOL)[0]["brackets"]) > 5)


@group("orders")
def _():
    order = client.futures_create_order(symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity=0.05, price=math.floor(seen["bid"] * 0.97))
    equal(order["status"], "NEW")
    equal(client.futures_get_order(symbol=SYMBOL, orderId=order["orderId"])["status"], "NEW")
    equal(len(client.futures_get_open_orders(symbol=SYMBOL)), 1)
    equal(client.futures_cancel_order(symbol=SYMBOL, orderId=order["orderId"])["status"], "CANCELED")
    batch = client.futures_place_batch_order(batchOrders=[{"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.05",
                                                            "price": str(math.floor(seen["bid"] * 0.96))}])
    equal(batch[0]["status"], "NEW")
    equal(int(client.futures_cancel_all_open_orders(symbol=SYMBOL)["code"]), 200)
    filled = client.futures_create_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity=0.1, newOrderRespType="RESULT")
    equal(filled["status"], "FILLED")
    equal([float(row["positionAmt"]) for row in client.futures_position_information(symbol=SYMBOL)], [0.1])
    equal(len(client.futures_account_trades(symbol=SYMBOL)), 1)
    true(len(client.futures_get_all_orders(symbol=SYMBOL)) >= 2)
    true(len(client.futures_income_history(symbol=SYMBOL)) >= 1)


@group("stop order")
def _():
    stop = client.futures_create_order(symbol=SYMBOL, side="SELL", type="STOP_MARKET", quantity=0.1, triggerPrice=math.floor(seen["bid"] * 0.9), reduceOnly="true")
    equal(stop["algoStatus"], "NEW")
    equal(len(client.futures_get_open_algo_orders(symbol=SYMBOL)), 1)
    client.futures_cancel_algo_order(symbol=SYMBOL, algoId=stop["algoId"])
    equal(client.futures_get_open_algo_orders(symbol=SYMBOL), [])


@group("listen key and closing")
def _():
    key = client.futures_stream_get_listen_key()
    client.futures_stream_keepalive(key)
    client.futures_stream_close(key)
    equal(client.futures_create_order(symbol=SYMBOL, side="SELL", type="MARKET", quantity=0.1, reduceOnly="true", newOrderRespType="RESULT")["status"], "FILLED")


@group("errors")
def _():
    def code(number, calls):
        fails(BinanceAPIException, calls, lambda error: error.code == number)
    limit = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": 0.05, "price": math.floor(seen["bid"] * 0.97)}
    code(-2019, lambda: client.futures_create_order(**{**limit, "quantity": 1000}))
    code(-2011, lambda: client.futures_cancel_order(symbol=SYMBOL, orderId=123456789))
    code(-2013, lambda: client.futures_get_order(symbol=SYMBOL, orderId=123456789))
    code(-4164, lambda: client.futures_create_order(**{**limit, "quantity": 0.001}))
    code(-1111, lambda: client.futures_create_order(**{**limit, "price": 1000.001}))
    code(-1121, lambda: client.futures_order_book(symbol="NOSUCH"))
    code(-1022, lambda: make(secret="WRONG").futures_account_balance())
    code(-2015, lambda: make(key="NOBODY").futures_account_balance())


done("python-binance")
