#!/usr/bin/env python3
"""The tables of src/core/base/fmath_table.c and the constants of fmath_atan.c and fmath_sine.c, derived again with 80 decimal digits and compared with what stands there.

With the argument `write` instead of a build folder it prints the file: that is how it was made.
shows: I18
"""
import math
import os
import sys
from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 80
LN2 = Decimal(2).ln()


def nearest_double(x):
    """Decimal -> nearest double (float() of a Decimal is correctly rounded)."""
    return float(x)


def hi_lo(x):
    hi = nearest_double(x)
    return hi, nearest_double(x - Decimal(hi))


def on_grid(x, bits):
    """x rounded to a multiple of 2^-bits: such numbers add without rounding."""
    scaled = (x * (Decimal(2) ** bits)).to_integral_value(ROUND_HALF_EVEN)
    return float(scaled / (Decimal(2) ** bits))


def exp_rows():
    for j in range(32):
        hi, lo = hi_lo((LN2 * j / 32).exp())
        yield "    {%s, %s}," % (hi.hex(), lo.hex())


def log_inverse(i):
    """Near 1 / (middle of interval i of the significand), a multiple of 2^-9, so that its product with 27 bits is exact; 1 at both ends."""
    middle = Fraction(2 * i + 257, 256)
    if middle * middle > 2:
        middle /= 2
    if i in (0, 127):
        return Fraction(1)
    return Fraction(round(512 / middle), 512)


def log_rows():
    for i in range(128):
        c = log_inverse(i)
        value = -(Decimal(c.numerator) / Decimal(c.denominator)).ln()
        hi = on_grid(value, 42)
        lo = nearest_double(value - Decimal(hi))
        if c == 1:
            hi = lo = 0.0
        yield "    {%s, %s, %s}," % (float(c).hex(), hi.hex(), lo.hex())


def tanh_rows():
    """Taylor coefficients of tanh from tanh' = 1 - tanh^2: of x^3, x^5, ... x^23."""
    a = {1: Fraction(1)}
    for n in range(3, 25, 2):
        a[n] = -sum(a[i] * a[n - 1 - i] for i in range(1, n - 1, 2)) / n
        value = Decimal(a[n].numerator) / Decimal(a[n].denominator)
        yield "    %s, /* x^%d */" % (nearest_double(value).hex(), n)


def arc_tangent(x):
    """By halving: atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), then the series."""
    halvings, x = 0, Decimal(x)
    while abs(x) > Decimal("0.01"):
        x = x / (1 + (1 + x * x).sqrt())
        halvings += 1
    total, power, n = Decimal(0), x, 1
    while abs(power) > Decimal(10) ** -78:
        total += power / n
        power, n = -power * x * x, n + 2
    return total * 2 ** halvings


def atan_constants():
    """Of fmath_atan.c: atan(k / 8) for k = 0 .. 8, and pi / 2, each as a pair."""
    for k in range(9):
        yield "{%s, %s}" % tuple(part.hex() for part in hi_lo(arc_tangent(Decimal(k) / 8)))
    yield "half_pi = {%s, %s}" % tuple(part.hex() for part in hi_lo(2 * arc_tangent(1)))


def sine_constants():
    """Of fmath_sine.c: pi / 2 as multiples of 2^-32 and 2^-65 and the rest, each cut off, and 2 / pi."""
    half_pi = 2 * arc_tangent(1)
    high = math.floor(half_pi * 2 ** 32) / 2.0 ** 32
    middle = math.floor((half_pi - Decimal(high)) * 2 ** 65) / 2.0 ** 65
    yield "HALF_PI_HIGH" + high.hex()
    yield "HALF_PI_MIDDLE" + middle.hex()
    yield "HALF_PI_LOW" + nearest_double(half_pi - Decimal(high) - Decimal(middle)).hex()
    yield "HALF_PI_INVERSE" + nearest_double(1 / half_pi).hex()


def text():
    ln2_exp = on_grid(LN2 / 32, 42)
    ln2_log = on_grid(LN2, 42)
    lines = [
        "/* fmath_table.c: constants of fmath.c, derived and checked by tests/core/base/test_fmath_table.py. */",
        '#include "core/base/fmath_table.h"',
        "",
        "/* 2^(j/32), and what the double leaves out. */",
        "const fmath_exp_row_t fmath_exp_rows[32] = {",
        *exp_rows(),
        "};",
        "",
        "const double fmath_exp_step_inverse = %s; /* 32 / ln 2 */" % nearest_double(32 / LN2).hex(),
        "const double fmath_exp_step_high = %s; /* ln 2 / 32, a multiple of 2^-42 */" % ln2_exp.hex(),
        "const double fmath_exp_step_low = %s;" % nearest_double(LN2 / 32 - Decimal(ln2_exp)).hex(),
        "",
        "/* By the first 7 bits of the significand: c near its inverse, and -ln c as a multiple of 2^-42 and the rest. */",
        "const fmath_log_row_t fmath_log_rows[128] = {",
        *log_rows(),
        "};",
        "",
        "const double fmath_ln2_high = %s; /* ln 2, a multiple of 2^-42 */" % ln2_log.hex(),
        "const double fmath_ln2_low = %s;" % nearest_double(LN2 - Decimal(ln2_log)).hex(),
        "",
        "const double fmath_tanh_terms[11] = {",
        *tanh_rows(),
        "};",
    ]
    return "\n".join(lines) + "\n"


def significant(source):
    """What matters of a C file: its characters without blanks and line ends, which clang-format may set."""
    return "".join(source.split())


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "write":
        sys.stdout.write(text())
        return 0
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
    with open(os.path.join(root, "src/core/base/fmath_table.c"), encoding="utf-8") as file:
        if significant(file.read()) != significant(text()):
            print("src/core/base/fmath_table.c is not what its derivation gives; see `test_fmath_table.py write`")
            return 1
    for name, constants in (("fmath_atan.c", atan_constants()), ("fmath_sine.c", sine_constants())):
        with open(os.path.join(root, "src/core/base", name), encoding="utf-8") as file:
            source = significant(file.read())
        for constant in constants:
            if significant(constant) not in source:
                print(f"src/core/base/{name} has no {constant}")
                return 1
    print("fmath_table.c, fmath_atan.c, fmath_sine.c: every constant is as derived")
    return 0


if __name__ == "__main__":
    sys.exit(main())
