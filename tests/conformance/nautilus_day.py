"""nautilus_day.py: NautilusTrader's Binance adapter, as published, trades a day against `patriot exchange`; only its base addresses are changed.

usage: nautilus_day.py futures|spot HOST:PORT

A node with data and execution clients loads instruments, account and open orders; a strategy follows quotes and trades, buys at market, rests a
post-only order, amends it (futures; the adapter knows no amendment on spot), cancels it, and goes flat. A stop is refused with -4120, because this
version still sends conditional orders to the order endpoint, which the exchange has not taken since 2025-12-09; spot takes it. In the end the
node's balance is the exchange's, to the last digit.
"""
import asyncio
import hashlib
import hmac
import json
import sys
import time
import urllib.request
from decimal import Decimal

from nautilus_trader.adapters.binance import BINANCE, BinanceAccountType, BinanceDataClientConfig, BinanceExecClientConfig
from nautilus_trader.adapters.binance import BinanceLiveDataClientFactory, BinanceLiveExecClientFactory
from nautilus_trader.config import InstrumentProviderConfig, LiveExecEngineConfig, LoggingConfig, StrategyConfig, TradingNodeConfig
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.enums import OrderSide, TriggerType
from nautilus_trader.model.identifiers import InstrumentId, TraderId
from nautilus_trader.trading.strategy import Strategy


class Day(Strategy):
    """Each step begins with the event of the one before."""

    def __init__(self, node, futures):
        super().__init__(StrategyConfig(strategy_id="DAY-001"))
        self.node, self.futures = node, futures
        self.truth, self.instrument_id = None, InstrumentId.from_str("BTCUSDT-PERP.BINANCE" if futures else "BTCUSDT.BINANCE")
        self.heard = asyncio.Event()
        self.seen, self.step, self.quote, self.trades, self.balance, self.order = [], "wait", None, 0, None, None

    def on_start(self):
        self.instrument = self.cache.instrument(self.instrument_id)
        self.subscribe_quote_ticks(self.instrument_id)
        self.subscribe_trade_ticks(self.instrument_id)

    def on_trade_tick(self, _tick):
        self.trades += 1
        if self.step == "wait" and self.quote:
            self.step = "market"
            self.submit_order(self.order_factory.market(self.instrument_id, OrderSide.BUY, self.quantity("0.01")))

    def on_quote_tick(self, tick):
        self.quote = tick
        self.heard.set()

    def on_event(self, event):
        self.seen.append(type(event).__name__)
        self.heard.set()

    def quantity(self, text):
        return self.instrument.make_qty(Decimal(text))

    def below(self, factor):
        return self.instrument.make_price(Decimal(str(self.quote.bid_price)) * Decimal(factor))

    def on_order_filled(self, event):
        order = self.cache.order(event.client_order_id)
        if not order.is_closed:
            return
        if self.step == "market":
            self.step = "limit"
            self.order = self.order_factory.limit(self.instrument_id, OrderSide.BUY, self.quantity("0.02"), self.below("0.98"), post_only=True)
            self.submit_order(self.order)
        elif self.step == "flat":
            self.step = "settled"

    def on_order_accepted(self, _event):
        if self.step == "limit" and self.futures:
            self.step = "amend"
            self.modify_order(self.order, quantity=self.quantity("0.03"), price=self.below("0.97"))
        elif self.step == "limit":
            self.step = "cancel"
            self.cancel_order(self.order)
        elif self.step == "stop":
            self.step = "unstop"
            self.cancel_order(self.order)

    def on_order_updated(self, event):
        if self.step == "amend":
            self.require(event.quantity == self.quantity("0.03"), f"amended to {event.quantity}")
            self.step = "cancel"
            self.cancel_order(self.order)

    def on_order_canceled(self, _event):
        if self.step == "cancel":
            self.step = "stop"
            kind = {"trigger_type": TriggerType.MARK_PRICE, "reduce_only": True} if self.futures else {}
            make = self.order_factory.stop_market if self.futures else self.order_factory.stop_limit
            prices = {"trigger_price": self.below("0.95")} | ({} if self.futures else {"price": self.below("0.94")})
            self.order = make(self.instrument_id, OrderSide.SELL, self.quantity("0.005"), **prices, **kind)
            self.submit_order(self.order)
        elif self.step == "unstop":
            self.go_flat()

    def on_order_rejected(self, event):
        self.require(self.step == "stop" and self.futures and "-4120" in event.reason, f"rejected at {self.step}: {event.reason}")
        self.go_flat()

    def on_order_modify_rejected(self, event):
        self.require(False, f"modify rejected: {event.reason}")

    def on_order_cancel_rejected(self, event):
        self.require(False, f"cancel rejected: {event.reason}")

    def go_flat(self):
        self.step = "flat"
        # On spot the fee of the purchase was taken from what was bought.
        quantity = self.quantity("0.01") if self.futures else self.quantity("0.00999")
        self.submit_order(self.order_factory.market(self.instrument_id, OrderSide.SELL, quantity))

    def require(self, condition, text):
        if not condition:
            self.step = text
            self.end()

    def end(self):
        account = self.cache.account_for_venue(self.instrument_id.venue)
        self.balance = account.balance_total(self.instrument.quote_currency).as_decimal() if account else None
        asyncio.ensure_future(self.node.stop_async())


def wallet(host, futures):
    """What the exchange says itself."""
    path = "/fapi/v3/balance" if futures else "/api/v3/account"
    text = f"timestamp={int(time.time() * 1000)}&recvWindow=60000"
    text += "&signature=" + hmac.new(b"SECRET", text.encode(), hashlib.sha256).hexdigest()
    with urllib.request.urlopen(urllib.request.Request(f"http://{host}{path}?{text}", headers={"X-MBX-APIKEY": "KEY"}), timeout=10) as reply:
        said = json.load(reply)
    row = next(row for row in (said if futures else said["balances"]) if row["asset"] == "USDT")
    return Decimal(row["balance"]) if futures else Decimal(row["free"]) + Decimal(row["locked"])


async def watch(day, host, futures, seconds):
    """The books may follow the last fill: the day ends when the node has what the exchange has, or when time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and day.step in STEPS:
        day.heard.clear()
        account = day.cache.account_for_venue(day.instrument_id.venue) if day.step == "settled" else None
        day.truth = await asyncio.get_running_loop().run_in_executor(None, wallet, host, futures) if account else None
        if account and account.balance_total(day.instrument.quote_currency).as_decimal() == day.truth:
            break
        try:
            await asyncio.wait_for(day.heard.wait(), max(0, until - time.monotonic()))
        except asyncio.TimeoutError:
            break
    day.end()


STEPS = ("wait", "market", "limit", "amend", "cancel", "stop", "unstop", "flat", "settled")


def main():
    futures, host = sys.argv[1] == "futures", sys.argv[2]
    common = {"api_key": "KEY", "api_secret": "SECRET", "account_type": BinanceAccountType.USDT_FUTURES if futures else BinanceAccountType.SPOT,
              "base_url_http": f"http://{host}", "base_url_ws": f"ws://{host}", "instrument_provider": InstrumentProviderConfig(load_all=True)}
    node = TradingNode(TradingNodeConfig(
        trader_id=TraderId("TESTER-001"), logging=LoggingConfig(log_level="WARNING"), exec_engine=LiveExecEngineConfig(reconciliation=True),
        data_clients={BINANCE: BinanceDataClientConfig(**common)}, exec_clients={BINANCE: BinanceExecClientConfig(**common)},
        timeout_connection=20, timeout_reconciliation=10, timeout_portfolio=10, timeout_disconnection=5, timeout_post_stop=0.1))
    day = Day(node, futures)
    node.trader.add_strategy(day)
    node.add_data_client_factory(BINANCE, BinanceLiveDataClientFactory)
    node.add_exec_client_factory(BINANCE, BinanceLiveExecClientFactory)
    node.build()
    try:
        node.kernel.loop.create_task(watch(day, host, futures, 60))
        node.run()
    finally:
        node.dispose()
    if day.step != "settled" or day.balance != day.truth or not day.trades:
        raise SystemExit(f"the day ended at {day.step!r} with {day.balance} (the exchange has {day.truth}) after {day.trades} trades: {day.seen}")
    print(f"ok: {day.balance} USDT, {len(day.seen)} events")


main()
