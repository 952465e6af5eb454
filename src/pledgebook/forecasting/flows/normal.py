"""Normal quantiles and exponentials, written so that the compiler can take several at a time.

No branches, no calls of a library, and each multiplication with an addition is fused by name: so
the same words give the same numbers on every processor, however many are taken at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from pledgebook.forecasting.flows.jit import leaf

__all__ = ["exponential", "floor", "fma", "logarithm", "normal_quantile", "normal_share"]

_ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number in the low bits
_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE = np.int64(0x3FF0000000000000)
_BIG = np.int64(0x4330000000000000)  # the bits of 2**52
_ROOT_2 = np.int64(0x0006A09E667F3BCD)  # the mantissa of the root of 2
_DOUBLE = ir.DoubleType()


def _make_bits(_context: Any, _given: Any) -> Any:  # noqa: ANN401
    def make(_: Any, builder: Any, __: Any, given: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(given[0], ir.IntType(64))

    return types.int64(types.float64), make


def _make_number(_context: Any, _given: Any) -> Any:  # noqa: ANN401
    def make(_: Any, builder: Any, __: Any, given: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(given[0], _DOUBLE)

    return types.float64(types.int64), make


def _make_fma(_context: Any, _a: Any, _b: Any, _c: Any) -> Any:  # noqa: ANN401
    def make(_: Any, builder: Any, __: Any, given: Any) -> Any:  # noqa: ANN401
        kind = ir.FunctionType(_DOUBLE, (_DOUBLE, _DOUBLE, _DOUBLE))
        name = "llvm.fma.f64"
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        return builder.call(function, given)

    return types.float64(types.float64, types.float64, types.float64), make


_bits = cast("Callable[[float], np.int64]", intrinsic(_make_bits))
"""The bits of a float64."""
_number = cast("Callable[[np.int64], float]", intrinsic(_make_number))
"""The float64 with these bits."""
fma = cast("Callable[[float, float, float], float]", intrinsic(_make_fma))
"""The first times the second plus the third, rounded once."""


@leaf
def exponential(x: float) -> float:
    """Return e to the power of x, to 15 digits, for |x| below 700."""
    shifted = fma(x, _LOG2E, _ROUNDER)
    whole = shifted - _ROUNDER
    r = fma(-whole, _LN2_LOW, fma(-whole, _LN2_HIGH, x))
    p = fma(1.0 / 479001600.0, r, 1.0 / 39916800.0)
    p = fma(p, r, 1.0 / 3628800.0)
    p = fma(p, r, 1.0 / 362880.0)
    p = fma(p, r, 1.0 / 40320.0)
    p = fma(p, r, 1.0 / 5040.0)
    p = fma(p, r, 1.0 / 720.0)
    p = fma(p, r, 1.0 / 120.0)
    p = fma(p, r, 1.0 / 24.0)
    p = fma(p, r, 1.0 / 6.0)
    p = fma(p, r, 0.5)
    p = fma(p, r, 1.0)
    p = fma(p, r, 1.0)
    return float(p * _number((_bits(shifted) + np.int64(1023)) << np.int64(52)))


@leaf
def logarithm(x: float) -> float:
    """Return the natural logarithm of a normal number above zero, to 7 digits.

    The polynomial is that of `logf` in the Cephes library (S. L. Moshier, 1992).
    """
    bits = _bits(x)
    mantissa = bits & _MANTISSA
    up = np.int64(1) if mantissa >= _ROOT_2 else np.int64(0)
    m = _number(mantissa | (_ONE - (up << np.int64(52)))) - 1.0
    power = _number(((bits >> np.int64(52)) + up) | _BIG) - (4503599627370496.0 + 1023.0)
    p = fma(7.0376836292e-2, m, -1.1514610310e-1)
    p = fma(p, m, 1.1676998740e-1)
    p = fma(p, m, -1.2420140846e-1)
    p = fma(p, m, 1.4249322787e-1)
    p = fma(p, m, -1.6668057665e-1)
    p = fma(p, m, 2.0000714765e-1)
    p = fma(p, m, -2.4999993993e-1)
    p = fma(p, m, 3.3333331174e-1)
    p = fma(p, m, -0.5)
    return float(fma(power, math.log(2.0), fma(p, m * m, m)))


@leaf
def normal_quantile(p: float) -> float:
    """Return the z with the share p of a standard normal below it, for p from 2**-33 up.

    Good to 1e-6. The form is that of M. Giles, Approximating the erfinv function (GPU Computing
    Gems 2, 2011), in single precision; its outer polynomial ends near 2**-25 and is fitted anew to
    reach as far as a word does. Both are worked out and one is taken by arithmetic, since a branch
    would stop the vectors.
    """
    x = fma(2.0, p, -1.0)
    w = -logarithm(max(4.0 * p * (1.0 - p), 1.0e-300))
    v = w - 2.5
    a = fma(2.81022636e-08, v, 3.43273939e-07)
    a = fma(a, v, -3.5233877e-06)
    a = fma(a, v, -4.39150654e-06)
    a = fma(a, v, 0.00021858087)
    a = fma(a, v, -0.00125372503)
    a = fma(a, v, -0.00417768164)
    a = fma(a, v, 0.246640727)
    a = fma(a, v, 1.50140941)
    v = math.sqrt(max(w, 0.0)) - 3.5
    b = fma(3.61608895811e-05, v, 1.28707706368e-05)
    b = fma(b, v, -0.000298139881728)
    b = fma(b, v, 0.000521952042865)
    b = fma(b, v, -0.000623230593613)
    b = fma(b, v, 0.001042987731)
    b = fma(b, v, -0.00208096726904)
    b = fma(b, v, 0.00328662045744)
    b = fma(b, v, 1.00737036242)
    b = fma(b, v, 3.33548541445)
    return float(fma(b - a, np.float64(w >= 5.0), a) * x * 1.4142135623730951)


@leaf
def floor(x: float) -> float:
    """Return the greatest whole number up to x, for |x| below 2**51."""
    near = (x + _ROUNDER) - _ROUNDER
    return near - np.float64(near > x)


@leaf
def normal_share(z: float) -> float:
    """Return the share of a standard normal below z."""
    return 0.5 * math.erfc(-z * 0.7071067811865476)
