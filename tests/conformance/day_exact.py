"""day_exact.py: holds what a client of another language was told of its day (a JSON file) against ledger.py and the exchange's books.
Arguments: the file, the account's name, data folder of the exchange, patriot.

The file: "futures": {"trades", "income", "balance", "positions"}, "spot": {"start", "trades", "balances"}; rows as the exchange sends them,
"streamed": the last wallets of the user streams.
"""
import json
import subprocess
import sys
from decimal import Decimal

from checks import equal, true
from ledger import Futures, Spot

FILE, NAME, DATA, PATRIOT = sys.argv[1:5]


def books():
    said = subprocess.run([PATRIOT, "exchange", "ctl", DATA, "books"], capture_output=True, text=True, timeout=30, check=True)
    all_books = json.loads(said.stdout)
    true(all(row["difference"] == "0" for row in all_books["money"]), all_books["money"])
    return next(row for row in all_books["accounts"] if row["name"] == NAME)


def futures(day, truth):
    ledger = Futures()
    for trade in sorted(day["trades"], key=lambda trade: (trade["time"], trade["id"])):
        realised = ledger.fill(trade["symbol"], trade["side"], trade["qty"], trade["price"], trade["commission"], trade["commissionAsset"], trade["positionSide"])
        equal(Decimal(trade["realizedPnl"]), realised)
    for row in day["income"]:  # what is there at the beginning was paid in
        if row["incomeType"] not in ("COMMISSION", "REALIZED_PNL"):
            ledger.pay(row["asset"], row["income"])
    for asset, wallet in ledger.wallets.items():
        equal((asset, Decimal(day["balance"][asset])), (asset, wallet))
        equal((asset, Decimal(day["streamed"].get(asset, wallet))), (asset, wallet))
        equal(sum(Decimal(row["income"]) for row in day["income"] if row["asset"] == asset), wallet)
    equal(Decimal(truth["wallet"]), ledger.wallets["USDT"])
    equal({tuple(key.split(":")): Decimal(amount) for key, amount in day["positions"].items() if Decimal(amount)}, ledger.positions())


def spot(day, truth):
    ledger = Spot(**day["start"])
    for trade in day["trades"]:
        ledger.fill(trade["symbol"][:-4], "USDT", "BUY" if trade["isBuyer"] else "SELL", trade["qty"], trade["price"], trade["commission"], trade["commissionAsset"])
    held = {row["asset"]: Decimal(row["free"]) + Decimal(row["locked"]) for row in truth["spot"]}
    for asset, wanted in ledger.held.items():
        equal((asset, sum(map(Decimal, day["balances"][asset])), held[asset]), (asset, wanted, wanted))
        equal((asset, sum(map(Decimal, day["streamed"].get(asset, [wanted])))), (asset, wanted))


with open(FILE, encoding="utf-8") as file:
    told = json.load(file)
for kind, check in (("futures", futures), ("spot", spot)):
    true(len(told[kind]["trades"]) >= 4, told[kind])
    check(told[kind], books())
    print(f"{kind}: {len(told[kind]['trades'])} trades, exact")
