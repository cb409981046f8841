"""hummingbot_day.py: hummingbot's Binance connectors, as published, trade a day against `patriot exchange`; only their base addresses are changed.

usage: hummingbot_day.py futures|spot HOST:PORT DATA PATRIOT

The connector runs on hummingbot's own clock: trading rules, order book, user stream, polls. It rests, cancels, buys and sells, by stream and by
REST; on futures it sets leverage and position mode and is paid or pays funding. In the end its balances, its positions and the sum of the fills,
fees and payments its events told are what the exchange says of itself (`ctl books`), to the last digit.
"""
import asyncio
import json
import pathlib
import subprocess
import sys
from decimal import Decimal

from checks import equal, true
from hummingbot.connector.derivative.binance_perpetual import binance_perpetual_constants as perpetual
from hummingbot.connector.derivative.binance_perpetual.binance_perpetual_derivative import BinancePerpetualDerivative
from hummingbot.connector.exchange.binance import binance_constants as spot
from hummingbot.connector.exchange.binance.binance_exchange import BinanceExchange
from hummingbot.core.clock import Clock, ClockMode
from hummingbot.core.data_type.common import OrderType, PositionAction, PositionMode, TradeType
from hummingbot.core.event.event_forwarder import EventForwarder
from hummingbot.core.event.events import AccountEvent, MarketEvent
from ledger import Futures, Spot

KIND, ADDRESS, DATA, PATRIOT = sys.argv[1:5]
FUTURES = KIND == "futures"
PAIR = "BTC-USDT"
EVENTS = (MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated, MarketEvent.BuyOrderCompleted, MarketEvent.SellOrderCompleted, MarketEvent.OrderCancelled,
          MarketEvent.OrderFilled, MarketEvent.OrderFailure, MarketEvent.FundingPaymentCompleted, AccountEvent.PositionModeChangeSucceeded)


def ctl(*words):
    done = subprocess.run([PATRIOT, "exchange", "ctl", DATA, *words], capture_output=True, text=True, timeout=30, check=False)
    said = json.loads(done.stdout)
    true(said["ok"], f"ctl {words}: {said}")
    return said


def make():
    if FUTURES:
        perpetual.PERPETUAL_BASE_URL, perpetual.PERPETUAL_WS_URL = f"http://{ADDRESS}/fapi/", f"ws://{ADDRESS}/"
        return BinancePerpetualDerivative(binance_perpetual_api_key="KEY", binance_perpetual_api_secret="SECRET", trading_pairs=[PAIR])
    spot.REST_URL, spot.WSS_URL, spot.WSS_API_URL = f"http://{ADDRESS}/api/", f"ws://{ADDRESS}/ws", f"ws://{ADDRESS}/ws-api/v3"
    return BinanceExchange(binance_api_key="KEY", binance_api_secret="SECRET", trading_pairs=[PAIR])


class Day:
    """What the connector's events told, and a wait for the next one."""

    def __init__(self, connector):
        self.connector, self.events, self.heard = connector, [], asyncio.Event()
        self.forwarder = EventForwarder(self.take)
        for event in EVENTS:
            connector.add_listener(event, self.forwarder)

    def take(self, event):
        self.events.append(event)
        self.heard.set()

    async def until(self, what, seconds=20):
        """The first event for which `what` holds; other changes of the connector are looked for with each tick of its clock."""
        async def look():
            while True:
                found = what()
                if found:
                    return found
                self.heard.clear()
                try:
                    await asyncio.wait_for(self.heard.wait(), 0.1)
                except asyncio.TimeoutError:
                    pass
        try:
            return await asyncio.wait_for(look(), seconds)
        except asyncio.TimeoutError:
            raise AssertionError(f"never: {what.__doc__ or what}; events: {self.events}; {self.connector.status_dict}") from None

    def event(self, name, order_id):
        return lambda: next((e for e in self.events if type(e).__name__ == name and e.order_id == order_id), None)

    def fills(self):
        return [e for e in self.events if type(e).__name__ == "OrderFilledEvent"]


async def trade(day, side, kind, amount, price, action=PositionAction.OPEN):
    """An order up to its end."""
    call = day.connector.buy if side is TradeType.BUY else day.connector.sell
    order_id = call(PAIR, Decimal(amount), kind, price, **({"position_action": action} if FUTURES else {}))
    done = "BuyOrderCompletedEvent" if side is TradeType.BUY else "SellOrderCompletedEvent"
    return await day.until(day.event(done, order_id))


async def rest_and_cancel(day):
    price = day.connector.quantize_order_price(PAIR, day.connector.get_price(PAIR, False) * Decimal("0.97"))
    for kind in (OrderType.LIMIT, OrderType.LIMIT_MAKER):
        order_id = day.connector.buy(PAIR, Decimal("0.01"), kind, price, **({"position_action": PositionAction.OPEN} if FUTURES else {}))
        created = await day.until(day.event("BuyOrderCreatedEvent", order_id))
        order = day.connector.in_flight_orders[order_id]
        status = await day.connector._request_order_status(order)
        equal((status.new_state.name, str(status.exchange_order_id)), ("OPEN", created.exchange_order_id))
        day.connector.cancel(PAIR, order_id)
        await day.until(day.event("OrderCancelledEvent", order_id))


async def books(day):
    """The connector's book, made of a snapshot and changes, is the exchange's, level by level."""
    connector = day.connector
    book = connector.get_order_book(PAIR)
    first = book.last_diff_uid
    await day.until(lambda: book.last_diff_uid > first)
    ctl("pause")
    said = await connector._api_get(path_url=perpetual.SNAPSHOT_REST_URL if FUTURES else spot.SNAPSHOT_PATH_URL, params={"symbol": "BTCUSDT", "limit": 10})
    await day.until(lambda: max(book.last_diff_uid, book.snapshot_uid) >= said["lastUpdateId"])
    for entries, wanted in ((book.bid_entries(), said["bids"]), (book.ask_entries(), said["asks"])):
        equal([(row.price, row.amount) for row, _ in zip(entries, wanted)], [(float(p), float(q)) for p, q in wanted])
    ctl("resume")


async def futures_day(day):
    connector = day.connector
    rule = connector.trading_rules[PAIR]
    equal((rule.min_price_increment, rule.min_base_amount_increment, rule.buy_order_collateral_token), (Decimal("0.1"), Decimal("0.001"), "USDT"))
    equal(connector.get_funding_info(PAIR).trading_pair, PAIR)
    equal(await connector._set_trading_pair_leverage(PAIR, 20), (True, ""))
    await rest_and_cancel(day)
    ask = connector.get_price(PAIR, True)
    await trade(day, TradeType.BUY, OrderType.MARKET, "0.5", Decimal("NaN"))
    await trade(day, TradeType.BUY, OrderType.LIMIT, "0.2", connector.quantize_order_price(PAIR, ask * Decimal("1.01")))
    await trade(day, TradeType.SELL, OrderType.LIMIT, "0.3", connector.quantize_order_price(PAIR, ask * Decimal("0.99")), PositionAction.CLOSE)
    await day.until(lambda: PAIR in connector.account_positions)
    equal(connector.account_positions[PAIR].amount, Decimal("0.4"))
    # Over the next funding: the venue's clock runs, the connector's tick asks for what was paid.
    ctl("speed", "600")
    await day.until(lambda: ctl("books")["accounts"][0]["funding"] != "0")
    ctl("speed", "60")
    connector._funding_fee_poll_notifier.set()
    paid = await day.until(lambda: next((e for e in day.events if type(e).__name__ == "FundingPaymentCompletedEvent"), None))
    await trade(day, TradeType.SELL, OrderType.MARKET, "0.4", Decimal("NaN"), PositionAction.CLOSE)
    connector.set_position_mode(PositionMode.HEDGE)
    await day.until(lambda: connector.position_mode is PositionMode.HEDGE)
    await trade(day, TradeType.BUY, OrderType.MARKET, "0.03", Decimal("NaN"))
    await trade(day, TradeType.SELL, OrderType.MARKET, "0.02", Decimal("NaN"))
    await trade(day, TradeType.SELL, OrderType.MARKET, "0.01", Decimal("NaN"), PositionAction.CLOSE)
    return paid.amount


def futures_ledger(day, funding):
    ledger, hedged = Futures(USDT=Decimal(10000) + funding), False
    for event in day.events:
        hedged = hedged or type(event).__name__ == "PositionModeChangeEvent"
        if type(event).__name__ == "OrderFilledEvent":
            buys, [fee] = event.trade_type is TradeType.BUY, event.trade_fee.flat_fees
            leg = "BOTH" if not hedged else "LONG" if buys == (event.position == PositionAction.OPEN.value) else "SHORT"
            ledger.fill(PAIR, "BUY" if buys else "SELL", event.amount, event.price, fee.amount, fee.token, leg)
    return ledger.wallets["USDT"], {leg: amount for (_, leg), amount in ledger.positions().items()}


async def spot_day(day):
    await rest_and_cancel(day)
    connector = day.connector
    ask = connector.get_price(PAIR, True)
    await trade(day, TradeType.BUY, OrderType.MARKET, "0.05", Decimal("NaN"))
    await trade(day, TradeType.BUY, OrderType.LIMIT, "0.02", connector.quantize_order_price(PAIR, ask * Decimal("1.01")))
    await trade(day, TradeType.SELL, OrderType.LIMIT, "0.03", connector.quantize_order_price(PAIR, ask * Decimal("0.99")))
    await trade(day, TradeType.SELL, OrderType.MARKET, "0.01", Decimal("NaN"))


def spot_ledger(day):
    ledger = Spot(USDT=10000, BTC=1)
    for fill in day.fills():
        [fee] = fill.trade_fee.flat_fees
        ledger.fill("BTC", "USDT", fill.trade_type.name, fill.amount, fill.price, fee.amount, fee.token)
    return ledger.held


async def main():
    connector = make()
    day = Day(connector)
    with Clock(ClockMode.REALTIME, 0.5) as clock:
        clock.add_iterator(connector)
        running = asyncio.ensure_future(clock.run())
        await day.until(lambda: connector.ready, 30)
        await books(day)
        if FUTURES:
            funding = await futures_day(day)
        else:
            await spot_day(day)
        ctl("pause")
        truth = ctl("books")
        account = truth["accounts"][0]
        true(all(row["difference"] == "0" for row in truth["money"]), truth["money"])
        if FUTURES:
            wallet, legs = futures_ledger(day, funding)
            equal(wallet, Decimal(account["wallet"]))
            await day.until(lambda: connector.get_balance("USDT") == wallet)
            await day.until(lambda: {row.position_side.name: row.amount for row in connector.account_positions.values()} == legs)
            equal({row["side"]: Decimal(row["amount"]) for row in account["positions"]}, legs)
            await connector._update_balances()
            equal((connector.get_balance("USDT"), connector.get_available_balance("USDT")), (wallet, Decimal(account["available"])))
            await connector._update_positions()
            equal({row.position_side.name: row.amount for row in connector.account_positions.values()}, legs)
        else:
            held = spot_ledger(day)
            truth = {row["asset"]: Decimal(row["free"]) + Decimal(row["locked"]) for row in account["spot"]}
            equal(truth, held)
            await day.until(lambda: all(connector.get_balance(asset) == held[asset] for asset in held))
            await connector._update_balances()
            equal({asset: connector.get_balance(asset) for asset in held}, held)
        print(f"ok: {KIND}: {len(day.fills())} fills, {len(day.events)} events")
        await connector.stop_network()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


asyncio.run(main())
