"""ledger.py: what a day's fills, fees and payments make of an account, reckoned apart from the exchange (docs/venue.md, "Numbers")."""
from decimal import Decimal

UNIT, FINE = Decimal("1e-8"), Decimal("1e-16")


def cut(value, unit=UNIT):
    """Money is cut toward zero."""
    return value.quantize(unit, "ROUND_DOWN")


class Futures:
    """Wallets by asset, and legs (symbol, position side): amount and cost. A close takes its share of the cost, cut at 10^-16."""

    def __init__(self, **wallets):
        self.wallets = {asset: Decimal(amount) for asset, amount in wallets.items()}
        self.legs = {}

    def pay(self, asset, amount):
        self.wallets[asset] = self.wallets.get(asset, Decimal(0)) + Decimal(amount)

    def fill(self, symbol, side, quantity, price, fee, fee_asset, leg="BOTH", asset="USDT"):
        """One trade; what it realised."""
        quantity, price = Decimal(quantity), Decimal(price)
        signed = quantity if side == "BUY" else -quantity
        amount, cost = self.legs.get((symbol, leg), (Decimal(0), Decimal(0)))
        realised = Decimal(0)
        if amount * signed < 0:
            closed = min(quantity, abs(amount)).copy_sign(signed)
            share = cut(cost * abs(closed) / abs(amount), FINE)
            realised = cut(-closed * price - share)
            amount, cost, signed = amount + closed, cost - share, signed - closed
        self.legs[(symbol, leg)] = (amount + signed, cost + signed * price)
        self.pay(asset, realised)
        self.pay(fee_asset, -Decimal(fee))
        return realised

    def positions(self):
        return {key: amount for key, (amount, _) in self.legs.items() if amount}


class Spot:
    """What is held of each asset, free and locked together."""

    def __init__(self, **held):
        self.held = {asset: Decimal(amount) for asset, amount in held.items()}

    def fill(self, base, quote, side, quantity, price, fee, fee_asset):
        quantity, cost = Decimal(quantity), cut(Decimal(quantity) * Decimal(price))
        for asset, change in ((base, quantity), (quote, -cost)):
            self.held[asset] = self.held.get(asset, Decimal(0)) + (change if side == "BUY" else -change)
        self.held[fee_asset] = self.held.get(fee_asset, Decimal(0)) - Decimal(fee)
