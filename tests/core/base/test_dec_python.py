#!/usr/bin/env python3
"""dec_t against Python's decimal: all pairs of the extremes for every operation and rounding, then random cases.

1,000,000 random cases by default, 100,000,000 with PATRIOT_LONG=1; PATRIOT_SEED chooses others. The C side is test_dec's oracle.
shows: QA-1
"""
import decimal
import os
import random
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal

ROUNDINGS = [
    decimal.ROUND_DOWN,
    decimal.ROUND_UP,
    decimal.ROUND_FLOOR,
    decimal.ROUND_CEILING,
    decimal.ROUND_HALF_EVEN,
    decimal.ROUND_HALF_UP,
]
# 120 digits are more than any exact product needs (76), and a quotient of two 38-digit numbers cannot come so near to a tie
# without being one (it differs by at least 10^-39 units), so rounding twice gives what rounding once does.
CONTEXT = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
UNIT = Decimal(1).scaleb(-18)
LIMIT = Decimal(10) ** 20
BATCH = 50000


def text(units):
    """An integer count of 10^-18 as plain text with 18 places."""
    digits = str(abs(units)).zfill(19)
    return ("-" if units < 0 else "") + digits[:-18] + "." + digits[-18:]


def shortest(value):
    """The text that dec_format owes for a Decimal in range."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def settle(value, rounding):
    """A result at 18 places, or the name of the refusal."""
    value = value.quantize(UNIT, rounding=ROUNDINGS[rounding], context=CONTEXT)
    return shortest(value) if abs(value) < LIMIT else "NUMBER_OUT_OF_RANGE"


def expect(op, rounding, a_text, b_text, c_text):
    a, b, c = Decimal(a_text), Decimal(b_text), Decimal(c_text)
    if op == "+":
        return settle(CONTEXT.add(a, b), 0)
    if op == "-":
        return settle(CONTEXT.subtract(a, b), 0)
    if op == "*":
        return settle(CONTEXT.multiply(a, b), rounding)
    if op == "/":
        return settle(CONTEXT.divide(a, b), rounding) if b else "DIVISION_BY_ZERO"
    if op == "m":
        return settle(CONTEXT.divide(CONTEXT.multiply(a, b), c), rounding) if c else "DIVISION_BY_ZERO"
    if op == "q":
        if b <= 0:
            return "BAD_ARGUMENT"
        steps = CONTEXT.divide(a, b).to_integral_value(rounding=ROUNDINGS[rounding], context=CONTEXT)
        return settle(CONTEXT.multiply(steps, b), 0)
    if op == "p":
        return shortest(a)
    if op == "f":
        cut = a.quantize(Decimal(1).scaleb(-rounding), rounding=decimal.ROUND_DOWN, context=CONTEXT)
        return format(abs(cut) if not cut else cut, "f")
    if op == "d":
        return "%.17g" % float(a)
    if op == "F":
        value = Decimal(float(a_text))
        exact = decimal.Context(prec=1200, rounding=decimal.ROUND_HALF_EVEN)
        value = value.quantize(Decimal(1).scaleb(-rounding), context=exact)
        return shortest(value) if abs(value) < LIMIT else "NUMBER_OUT_OF_RANGE"
    raise ValueError(op)


def extremes():
    top = 10**38 - 1
    one = 10**18
    values = {0, 1, 2, 3, 5, 9, 10, one - 1, one, one + 1, one // 2, 5 * one // 2, 3 * one, 10 * one}
    values |= {2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**64 + 1, 2**126, 2**126 - 1, 10**28 - 1, 10**28, 10**28 + 1}
    values |= {10**37, top // 2, top // 2 + 1, top // 3, top - 1, top, top // one * one}
    return sorted(values | {-v for v in values})


def extreme_cases():
    values = [text(v) for v in extremes()]
    few = [text(v) for v in extremes()[::4]] + [text(10**38 - 1), text(1), text(-1), text(0)]
    for a in values:
        yield ("p", 0, a, "0", "0")
        yield ("d", 0, a, "0", "0")
        for places in range(19):
            yield ("f", places, a, "0", "0")
        for b in values:
            yield ("+", 0, a, b, "0")
            yield ("-", 0, a, b, "0")
            for rounding in range(6):
                yield ("*", rounding, a, b, "0")
                yield ("/", rounding, a, b, "0")
                yield ("q", rounding, a, b, "0")
    for a in few:
        for b in few:
            for c in few:
                for rounding in range(6):
                    yield ("m", rounding, a, b, c)


SPECIAL = [1, 2, 3, 4, 5, 8, 10**9, 10**10, 10**17, 10**18, 2 * 10**18, 5 * 10**17, 25 * 10**16, 125 * 10**15, 10**19, 10**38 - 1]


def random_units(rng):
    """Numbers of every size; numbers as markets write them; special ones, among them those that make ties."""
    kind = rng.random()
    if kind < 0.5:
        units = rng.getrandbits(rng.randrange(1, 128)) % 10**38
    elif kind < 0.8:
        units = rng.getrandbits(rng.randrange(1, 50)) * 10 ** rng.randrange(8, 19)
    else:
        units = rng.choice(SPECIAL)
    return -units if rng.random() < 0.5 else units


def random_cases(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        op = rng.choice("+-**//mmqpfdF")
        rounding = rng.randrange(19) if op in "fF" else rng.randrange(6)
        a = text(random_units(rng))
        if op == "F":
            a = repr(float(a) * rng.random())
        b = text(abs(random_units(rng)) if op == "q" else random_units(rng)) if op in "+-*/mq" else "0"
        c = text(random_units(rng)) if op == "m" else "0"
        yield (op, rounding, a, b, c)


def compare(oracle, cases):
    """How many cases were compared; raises on the first that differs."""
    lines = ["%s %d %s %s %s" % case for case in cases]
    done = subprocess.run([oracle, "oracle"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    answers = done.stdout.split("\n")[:-1]
    if len(answers) != len(lines):
        raise AssertionError("%d answers to %d cases" % (len(answers), len(lines)))
    for case, answer in zip(cases, answers):
        if answer != expect(*case):
            raise AssertionError("%s: dec_t says %s, decimal says %s" % (" ".join(map(str, case)), answer, expect(*case)))
    return len(lines)


def compare_random(oracle, seed, count):
    decimal.setcontext(CONTEXT)
    return compare(oracle, list(random_cases(seed, count)))


def main():
    decimal.setcontext(CONTEXT)
    oracle = os.path.join(sys.argv[1], "test_core_base_dec")
    if not os.path.exists(oracle):
        print("skipped: %s is not built" % oracle)
        return 77
    total = 100_000_000 if os.environ.get("PATRIOT_LONG") == "1" else 1_000_000
    seed = int(os.environ.get("PATRIOT_SEED", "1"))
    try:
        print("%d cases of extremes agree" % compare(oracle, list(extreme_cases())))
        batches = total // BATCH
        with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
            seeds = range(seed * 1_000_000, seed * 1_000_000 + batches)
            done = sum(pool.map(compare_random, [oracle] * batches, seeds, [BATCH] * batches))
        print("%d random cases agree (seed %d)" % (done, seed))
    except AssertionError as problem:
        print(problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
