"""python_binance_day.py: python-binance trades scripted days whose every balance is known. Arguments: address of the futures face, address of the
spot face, data folder of the exchange, patriot.

The clock stands unless a step moves it. After each step the wallets that the fills, fees and payments of the client's own answers make
(ledger.py) are what the balance, the account, the user stream, the income history and the exchange's own books say, to the last unit.
"""
import asyncio
import json
import os
import subprocess
import sys
import traceback
from decimal import Decimal

from binance import AsyncClient, BinanceSocketManager
from binance.exceptions import BinanceAPIException, BinanceOrderException
from checks import equal, true
from ledger import Futures, Spot, cut

USDM, SPOT, DATA, PATRIOT = sys.argv[1:5]
BTC, BNB, ETH = "BTCUSDT", "BNBUSDT", "ETHUSDT"


def ctl(*words):
    done = subprocess.run([PATRIOT, "exchange", "ctl", DATA, *words], capture_output=True, text=True, timeout=30, check=False)
    said = json.loads(done.stdout)
    true(said["ok"], f"ctl {words}: {said}")
    return said


class Client(AsyncClient):
    FUTURES_URL = f"http://{USDM}/fapi"
    API_URL = f"http://{SPOT}/api"
    MARGIN_API_URL = f"http://{SPOT}/sapi"
    WS_API_URL = f"ws://{SPOT}/ws-api/v3"


class Socket(BinanceSocketManager):
    FSTREAM_URL = f"ws://{USDM}/"


class Holder:
    """One account: its client, and what its stream told."""

    def __init__(self, name):
        self.name, self.client = name, Client(f"{name}-key", f"{name}-secret")
        self.seen, self.streamed, self.events, self.heard = set(), {}, [], asyncio.Event()

    async def follow(self, socket):
        self.socket = socket
        await socket.__aenter__()
        self.reader = asyncio.ensure_future(self.read())

    async def read(self):
        while True:
            event = await self.socket.recv()
            event = event.get("event", event)
            self.events.append(event)
            self.take(event)
            self.heard.set()

    async def until(self, what, why):
        async def look():
            while not what():
                self.heard.clear()
                await self.heard.wait()
        try:
            await asyncio.wait_for(look(), 15)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.name}: never {why()}") from None

    def truth(self):
        books = ctl("books")
        true(all(row["difference"] == "0" for row in books["money"]), books["money"])
        return next(row for row in books["accounts"] if row["name"] == self.name)


class Trader(Holder):
    """On the futures face."""

    def __init__(self, name):
        super().__init__(name)
        self.ledger, self.paid = Futures(), set()  # what is there at the beginning was paid in: TRANSFER in the income history

    def take(self, event):
        for row in event["a"]["B"] if event["e"] == "ACCOUNT_UPDATE" else ():
            self.streamed[row["a"]] = Decimal(row["wb"])

    def has_heard(self, kind, holds):
        return lambda: any(event["e"] == kind and holds(event) for event in self.events)

    async def order(self, side, quantity, price=None, symbol=BTC, **more):
        kind = {"type": "LIMIT", "price": str(price), "timeInForce": "GTC"} if price else {"type": "MARKET"}
        return await self.client.futures_create_order(symbol=symbol, side=side, quantity=quantity, **{**kind, "newOrderRespType": "RESULT", **more})

    async def book(self):
        """Takes into the ledger what came since: trades by their own list, other payments by the income history."""
        for symbol in (BTC, BNB):
            for trade in await self.client.futures_account_trades(symbol=symbol, limit=1000):
                if trade["id"] not in self.seen:
                    self.seen.add(trade["id"])
                    realised = self.ledger.fill(symbol, trade["side"], trade["qty"], trade["price"], trade["commission"], trade["commissionAsset"], trade["positionSide"])
                    equal(Decimal(trade["realizedPnl"]), realised)
        income = await self.client.futures_income_history(limit=1000)
        for row in income:
            if row["tranId"] not in self.paid and row["incomeType"] not in ("COMMISSION", "REALIZED_PNL"):
                self.ledger.pay(row["asset"], row["income"])
            self.paid.add(row["tranId"])
        return income

    async def agree(self, step):
        """All that tells a balance tells the same."""
        income = await self.book()
        wallets = self.ledger.wallets
        balance = {row["asset"]: Decimal(row["balance"]) for row in await self.client.futures_account_balance()}
        account = await self.client.futures_account()
        truth = self.truth()
        sums = {}
        for row in income:
            sums[row["asset"]] = sums.get(row["asset"], Decimal(0)) + Decimal(row["income"])
        for asset, wallet in wallets.items():
            equal((step, self.name, asset, balance[asset]), (step, self.name, asset, wallet))
            equal(next(Decimal(row["walletBalance"]) for row in account["assets"] if row["asset"] == asset), wallet)
            equal((step, asset, sums[asset]), (step, asset, wallet))
            await self.until(lambda asset=asset, wallet=wallet: self.streamed.get(asset, wallet) == wallet,
                             lambda asset=asset, wallet=wallet: f"{step}: {asset} {self.streamed} {wallet}")
        equal(Decimal(truth["wallet"]), wallets["USDT"])
        equal(Decimal(truth["available"]), next(Decimal(row["availableBalance"]) for row in account["assets"] if row["asset"] == "USDT"))
        rows = await self.client.futures_position_information()
        equal({(row["symbol"], row["positionSide"]): Decimal(row["positionAmt"]) for row in rows if Decimal(row["positionAmt"])}, self.ledger.positions())
        for row in rows:
            amount, cost = self.ledger.legs[(row["symbol"], row["positionSide"])]
            true(abs(Decimal(row["entryPrice"]) - cost / amount) < Decimal("1e-8"), row)


class Owner(Holder):
    """On the spot face."""

    def __init__(self, name, **held):
        super().__init__(name)
        self.ledger = Spot(**held)

    def take(self, event):
        for row in event["B"] if event["e"] == "outboundAccountPosition" else ():
            self.streamed[row["a"]] = (Decimal(row["f"]), Decimal(row["l"]))

    async def order(self, side, kind, **more):
        return await self.client.create_order(symbol=ETH, side=side, type=kind, **more)

    async def agree(self, step, **locked):
        for trade in await self.client.get_my_trades(symbol=ETH, limit=1000):
            if trade["id"] not in self.seen:
                self.seen.add(trade["id"])
                self.ledger.fill("ETH", "USDT", "BUY" if trade["isBuyer"] else "SELL", trade["qty"], trade["price"], trade["commission"], trade["commissionAsset"])
        wanted = {asset: (held - Decimal(locked.get(asset, 0)), Decimal(locked.get(asset, 0))) for asset, held in self.ledger.held.items()}
        account = {row["asset"]: (Decimal(row["free"]), Decimal(row["locked"])) for row in (await self.client.get_account())["balances"]}
        truth = {row["asset"]: (Decimal(row["free"]), Decimal(row["locked"])) for row in self.truth()["spot"]}
        for asset, both in wanted.items():
            equal((step, asset, account[asset], truth[asset]), (step, asset, both, both))
            await self.until(lambda asset=asset, both=both: self.streamed.get(asset, both) == both, lambda: f"{step}: {self.streamed} {wanted}")


async def futures_day(ann, bob):
    await ann.client.futures_change_leverage(symbol=BTC, leverage=20)
    await bob.client.futures_change_leverage(symbol=BTC, leverage=100)
    await ann.order("BUY", "0.3")
    await ann.agree("market order, several levels")

    book = await ann.client.futures_orderbook_ticker(symbol=BTC)
    inside = Decimal(book["bidPrice"]) + Decimal("0.1")
    true(inside < Decimal(book["askPrice"]), book)
    resting = await ann.order("SELL", "0.05", inside)
    await bob.order("BUY", "0.02", inside, timeInForce="IOC")
    partly = await ann.client.futures_get_order(symbol=BTC, orderId=resting["orderId"])
    equal((partly["status"], Decimal(partly["executedQty"])), ("PARTIALLY_FILLED", Decimal("0.02")))
    await ann.agree("partly filled as maker")
    equal((await ann.client.futures_cancel_order(symbol=BTC, orderId=resting["orderId"]))["status"], "CANCELED")
    await ann.agree("cancelled")
    await bob.agree("taker of the other side")

    true(json.dumps(await ann.client.futures_v1_post_fee_burn(feeBurn="true")))
    bnb = ann.ledger.wallets["BNB"]
    await ann.order("BUY", "0.1")
    await ann.agree("fee in BNB")
    true(ann.ledger.wallets["BNB"] < bnb)
    await ann.client.futures_v1_post_fee_burn(feeBurn="false")

    stop = await ann.client.futures_create_order(symbol=BTC, side="SELL", type="STOP_MARKET", quantity="0.1", triggerPrice="49900", reduceOnly="true")
    equal(stop["algoStatus"], "NEW")
    ctl("price", BTC, "49890")
    await ann.until(ann.has_heard("ALGO_UPDATE", lambda e: e["o"]["X"] == "FINISHED"), lambda: "the stop")
    await ann.agree("stopped")
    await bob.agree("price moved")

    # Bob is long beyond his means: he is liquidated, the fund bears what is missing.
    await bob.order("BUY", "0.38")
    await bob.agree("small account")
    ctl("price", BTC, "-12%")
    await bob.until(bob.has_heard("ORDER_TRADE_UPDATE", lambda e: e["o"]["c"].startswith("autoclose-") and e["o"]["X"] == "FILLED"), lambda: "liquidated")
    await bob.agree("liquidated")
    equal(bob.ledger.positions(), {})

    # Funding: the clock goes to the full hour and stops at the payment.
    before = ann.ledger.positions()[(BTC, "BOTH")]
    ctl("speed", "600")
    ctl("resume")
    await ann.until(ann.has_heard("ACCOUNT_UPDATE", lambda e: e["a"]["m"] == "FUNDING_FEE"), lambda: "funding")
    ctl("pause")
    await ann.agree("funding")
    paid = next(row for row in await ann.client.futures_income_history(incomeType="FUNDING_FEE"))
    rate = (await ann.client.futures_funding_rate(symbol=BTC))[-1]
    equal(Decimal(paid["income"]), -cut(before * Decimal(rate["markPrice"]) * Decimal(rate["fundingRate"])))

    for act, sign in (("deposit", 1), ("withdraw", -1)):
        ctl("user-act", act, "account=ann", "amount=123.45678901")
        await ann.agree(act)

    await ann.order("SELL", str(before), reduceOnly="true")
    await ann.client.futures_change_position_mode(dualSidePosition="true")
    await ann.order("BUY", "0.2", positionSide="LONG")
    await ann.order("SELL", "0.15", positionSide="SHORT")
    await ann.agree("hedged")
    await ann.order("SELL", "0.07", positionSide="LONG")
    await ann.order("BUY", "0.15", positionSide="SHORT")
    await ann.agree("one leg smaller, one closed")
    try:
        await ann.order("BUY", "0.1", positionSide="BOTH")
        raise AssertionError("an order of no leg was taken in hedge mode")
    except BinanceAPIException as error:
        equal(error.code, -4061)
    await ann.agree("a refused order")


async def spot_day(cid, dan):
    await cid.order("BUY", "MARKET", quoteOrderQty="1000")
    await cid.agree("market order by quote")
    book = await cid.client.get_orderbook_ticker(symbol=ETH)
    inside = Decimal(book["bidPrice"]) + Decimal("0.01")
    true(inside < Decimal(book["askPrice"]), book)
    resting = await cid.order("SELL", "LIMIT", timeInForce="GTC", quantity="0.5", price=str(inside))
    await cid.agree("resting", ETH="0.5")
    await dan.order("BUY", "LIMIT", timeInForce="IOC", quantity="0.2", price=str(inside))
    await cid.agree("partly filled as maker", ETH="0.3")
    equal((await cid.client.cancel_order(symbol=ETH, orderId=resting["orderId"]))["status"], "CANCELED")
    await cid.agree("cancelled")
    await dan.agree("taker of the other side")

    await cid.client.toggle_bnb_burn_spot_margin(spotBNBBurn="true")
    bnb = cid.ledger.held["BNB"]
    await cid.order("SELL", "MARKET", quantity="0.1")
    await cid.agree("fee in BNB")
    true(cid.ledger.held["BNB"] < bnb)
    await cid.client.toggle_bnb_burn_spot_margin(spotBNBBurn="false")

    both = await cid.client.create_oco_order(symbol=ETH, side="SELL", quantity="0.4", aboveType="LIMIT_MAKER", abovePrice="3150", belowType="STOP_LOSS", belowStopPrice="2950")
    equal(len(both["orderReports"]), 2)
    await cid.agree("OCO", ETH="0.4")
    ctl("price", ETH, "2949")
    await cid.until(lambda: any(e["e"] == "executionReport" and e["o"] == "STOP_LOSS" and e["X"] == "FILLED" for e in cid.events), lambda: "the lower leg")
    await cid.agree("OCO: below")
    equal({row["status"] for row in await cid.client.get_all_orders(symbol=ETH) if row["orderListId"] == both["orderListId"]}, {"EXPIRED", "FILLED"})

    ask = (await cid.client.get_orderbook_ticker(symbol=ETH))["askPrice"]
    three = await cid.client.v3_post_order_list_otoco(symbol=ETH, workingType="LIMIT", workingSide="BUY", workingPrice=ask, workingQuantity="0.05", workingTimeInForce="GTC",
                                                      pendingSide="SELL", pendingQuantity="0.049", pendingAboveType="LIMIT_MAKER", pendingAbovePrice="3080",
                                                      pendingBelowType="STOP_LOSS_LIMIT", pendingBelowStopPrice="2800", pendingBelowPrice="2790", pendingBelowTimeInForce="GTC")
    equal(len(three["orderReports"]), 3)
    await cid.agree("OTOCO: bought, bracket waits", ETH="0.049")
    ctl("price", ETH, "3090")
    await dan.order("BUY", "LIMIT", timeInForce="IOC", quantity="0.05", price="3080")
    await cid.until(lambda: any(e["e"] == "executionReport" and e["o"] == "LIMIT_MAKER" and e["X"] == "FILLED" and e["g"] == three["orderListId"] for e in cid.events), lambda: "the upper leg")
    await cid.agree("OTOCO: above")
    try:
        await cid.order("BUY", "LIMIT", timeInForce="GTC", quantity="100", price="3000")
        raise AssertionError("an order nobody can pay was taken")
    except (BinanceAPIException, BinanceOrderException) as error:
        equal(error.code, -2010)
    await cid.agree("a refused order")


async def main():
    ctl("pause")
    ann, bob = Trader("ann"), Trader("bob")
    for one in (ann, bob):
        await one.follow(Socket(one.client).futures_user_socket())
    await futures_day(ann, bob)
    cid, dan = Owner("cid", USDT=10000, ETH=1, BNB=2), Owner("dan", USDT=2000)
    for one in (cid, dan):
        await one.follow(Socket(one.client).user_socket())
    await spot_day(cid, dan)
    await dan.agree("the other side of the bracket")
    print("ok: " + ", ".join(f"{one.name} {len(one.seen)} trades {len(one.events)} events" for one in (ann, bob, cid, dan)))


try:
    asyncio.get_event_loop().run_until_complete(main())
except Exception:
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)
sys.stdout.flush()
os._exit(0)  # the client's sockets would take ten seconds each to end
