"""Quantiles of Student's t distribution, for confidence intervals over a few replications.

The distribution function by the regularised incomplete beta function (continued fraction of Lentz;
Press et al., Numerical Recipes, 6.4), its inverse by bisection: exact to about 1e-12, and not hot.
"""

from __future__ import annotations

from math import exp, lgamma, log

TINY = 1e-300


def t_quantile(p: float, degrees: int) -> float:
    """The value below which a t variable with `degrees` of freedom lies with probability `p`."""
    if not 0.0 < p < 1.0 or degrees < 1:
        raise ValueError("p must lie in (0, 1) and degrees be at least 1")
    if p < 0.5:
        return -t_quantile(1.0 - p, degrees)
    low, high = 0.0, 1.0
    while t_probability(high, degrees) < p:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if t_probability(middle, degrees) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def t_probability(t: float, degrees: int) -> float:
    """P(T <= t) for t >= 0."""
    return 1.0 - 0.5 * _beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1.0 - x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    value = d
    for m in range(1, 300):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + step * d
            c = 1.0 + step / c
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = c if abs(c) > TINY else TINY
            value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return value
