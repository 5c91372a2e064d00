"""Chance by counting: every draw is a function of a stream and a number, so nobody's draws depend on anybody else's.

A stream is 64 bits; draw `n` of it is the finaliser of SplitMix64 (Steele, Lea & Flood 2014) at stream + n times the
golden ratio. Two scenarios that share a customer share her draws (common random numbers), whatever else differs.
`mixed(stream, n)` is a new stream, `uniform(stream, n)` lies in (0, 1), `drawn` is a time at a uniform, and `stream_of`
names a stream by words.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np

from hovedindgang.planning.compiling import compiled

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_STEP = 2.0**-53

# Wichura's coefficients, the highest power first.
_NEAR = (
    *(2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457),
    *(13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
)
_NEAR_UNDER = (
    *(5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867),
    *(5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)
_FAR = (
    *(7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258),
    *(3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
)
_FAR_UNDER = (
    *(1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459),
    *(0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)
_FARTHEST = (
    *(2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093),
    *(0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
)
_FARTHEST_UNDER = (
    *(2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4),
    *(0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)

EXPONENTIAL, LOGNORMAL, CONSTANT, EMPIRICAL, NEVER = range(5)


@lru_cache(maxsize=1 << 14, typed=True)  # a plan asks for the same ones for each of its scenarios
def stream_of(*words: object) -> np.uint64:
    """The stream that bears these words: the same on every machine."""
    text = "\0".join(str(word) for word in words).encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


@compiled
def mixed(stream, n):  # type: ignore[no-untyped-def]
    z = stream + (np.uint64(n) + np.uint64(1)) * GOLDEN
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@compiled
def uniform(stream, n):  # type: ignore[no-untyped-def]
    return (np.float64(mixed(stream, n) >> _S11) + 0.5) * _STEP


@compiled
def polynomial(coefficients, x):  # type: ignore[no-untyped-def]
    value = coefficients[0]
    for power in range(1, 8):
        value = value * x + coefficients[power]
    return value


@compiled
def normal(u):  # type: ignore[no-untyped-def]
    """The quantile of the standard normal at `u`: Wichura (1988), algorithm AS 241, PPND16."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(_NEAR, r) / polynomial(_NEAR_UNDER, r)
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= 5.0:
        x = polynomial(_FAR, r - 1.6) / polynomial(_FAR_UNDER, r - 1.6)
    else:
        x = polynomial(_FARTHEST, r - 5.0) / polynomial(_FARTHEST_UNDER, r - 5.0)
    return -x if q < 0 else x


@compiled
def normals(stream, number):  # type: ignore[no-untyped-def]
    """The first `number` draws of a stream as standard normals."""
    found = np.empty(number)
    for n in range(number):
        found[n] = normal(uniform(stream, n))
    return found


@compiled
def drawn(kind, a, b, table, row, u):  # type: ignore[no-untyped-def]
    """Minutes at `u`. exponential: mean a; lognormal: log-mean a, log-deviation b; constant: a; empirical: `table`
    holds b + 1 equally spaced quantiles in `row`, and between two it is linear; never: infinite."""
    if kind == EXPONENTIAL:
        return -a * math.log(u)
    if kind == LOGNORMAL:
        return math.exp(a + b * normal(u))
    if kind == CONSTANT:
        return a
    if kind == EMPIRICAL:
        at = u * b
        low = int(at)
        return table[row, low] + (at - low) * (table[row, low + 1] - table[row, low])
    return math.inf
