"""Normal quantiles and exponentials, written so that the compiler can take several at a time.

The quantile is PPND7 (M. J. Wichura, Algorithm AS 241, Applied Statistics 37, 1988, 477-484), good
to seven digits; its third branch is left out, which begins below exp(-25) while the smallest word
stands for 2**-33.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types  # type: ignore[import-untyped]
from numba.extending import intrinsic  # type: ignore[import-untyped]

from pledgebook.forecasting.flows.jit import inner

__all__ = ["exponential", "logarithm", "normal_quantile", "normal_share"]

_ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number in the low bits
_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE = np.int64(0x3FF0000000000000)
_BIG = np.int64(0x4330000000000000)  # the bits of 2**52
_ROOT_HALF = np.int64(0x00095F619980C433)  # sqrt(2) - 1 in the mantissa


@intrinsic  # type: ignore[untyped-decorator]
def _bits(_context: Any, _bits_of: Any) -> Any:  # noqa: ANN401
    """Return the bits of a float64 as an int64."""

    def make(_: Any, builder: Any, __: Any, given: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(given[0], ir.IntType(64))

    return types.int64(types.float64), make


@intrinsic  # type: ignore[untyped-decorator]
def _number(_context: Any, _number_of: Any) -> Any:  # noqa: ANN401
    """Return the float64 with these bits."""

    def make(_: Any, builder: Any, __: Any, given: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(given[0], ir.DoubleType())

    return types.float64(types.int64), make


@inner
def exponential(x: float) -> float:
    """Return e to the power of x, to 15 digits, for |x| below 700."""
    shifted = x * _LOG2E + _ROUNDER
    whole = shifted - _ROUNDER
    r = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
    p = 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return float(p * _number((_bits(shifted) + np.int64(1023)) << np.int64(52)))


@inner
def logarithm(x: float) -> float:
    """Return the natural logarithm of a normal number above zero, to 12 digits."""
    bits = _bits(x)
    mantissa = bits & _MANTISSA
    up = np.int64(1) if mantissa > _ROOT_HALF - np.int64(1) else np.int64(0)
    m = _number(mantissa | (_ONE - (up << np.int64(52))))
    power = _number(((bits >> np.int64(52)) + up) | _BIG) - (4503599627370496.0 + 1023.0)
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    p = 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 1.0 / 5.0
    p = p * q + 1.0 / 3.0
    p = p * q + 1.0
    return float(power * _LN2_HIGH + (2.0 * s * p + power * _LN2_LOW))


@inner
def normal_quantile(p: float) -> float:
    """Return the z with the share p of a standard normal below it, for p from 2**-33 up."""
    q = p - 0.5
    r = 0.180625 - q * q
    middle = (
        q
        * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
        / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    )
    s = math.sqrt(-logarithm(max(0.5 - abs(q), 1.0e-11))) - 1.6
    tail = (((0.17023821103 * s + 1.3067284816) * s + 2.7568153900) * s + 1.4234372777) / (
        (0.12021132975 * s + 0.73700164250) * s + 1.0
    )
    # Both are worked out and one is taken by arithmetic: a branch would stop the vectors.
    tail = tail - 2.0 * tail * np.float64(q < 0.0)
    return middle + (tail - middle) * np.float64(abs(q) > 0.425)


@inner
def normal_share(z: float) -> float:
    """Return the share of a standard normal below z."""
    return 0.5 * math.erfc(-z * 0.7071067811865476)
