"""Times in a scenario: distributions, and values that change with the hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import TypeVar

from acd.checked import Reader, inside
from acd.scenario import Distribution, Timed, lognormal

T = TypeVar("T")
LOGNORMAL = ("mean_seconds", "deviation_seconds", "cv", "median_seconds", "mu", "sigma")
# The field has several words for one thing; these are read as well.
ALSO = {
    "deterministic": "deterministic_seconds",
    "empirical": "empirical_seconds",
}
ALSO_LOGNORMAL = {
    "mean": "mean_seconds",
    "median": "median_seconds",
    "sd_seconds": "deviation_seconds",
    "std_seconds": "deviation_seconds",
    "stddev_seconds": "deviation_seconds",
    "standard_deviation_seconds": "deviation_seconds",
    "sd": "deviation_seconds",
    "std": "deviation_seconds",
}
# `lognormal_mean_seconds: 60, lognormal_cv: 1` is `lognormal: {mean_seconds: 60, cv: 1}`.
FLAT = "lognormal_"


def part(item: object, key: str) -> object:
    return item.get(key) if isinstance(item, Mapping) else item


def timed(
    reader: Reader,
    value: object,
    place: str,
    read: Callable[[object, str], T],
    keys: Sequence[str],
) -> Timed[T]:
    """One value, or a list of {until_seconds, ...}: each holds until then, the last for ever."""
    if not isinstance(value, (list, tuple)):
        return Timed((read(value, place),))
    values: list[T] = []
    ends: list[float] = []
    items = reader.items(value, place)
    for n, (at, item) in enumerate(items):
        table = reader.table(item, at, ("until_seconds", *keys))
        rest = {key: one for key, one in table.items() if key != "until_seconds"}
        values.append(read(rest, at))
        if table.get("until_seconds") is None:
            if n < len(items) - 1:
                reader.wrong(f"{at}.until_seconds", "is missing (only the last may leave it out)")
            continue
        end = reader.number(table["until_seconds"], f"{at}.until_seconds")
        if ends and end <= ends[-1]:
            reader.wrong(f"{at}.until_seconds", f"must be later than the one before ({ends[-1]:g})")
        ends.append(end)
    if not values:
        return Timed((read(None, place),))
    return Timed(tuple(values), tuple(ends[: len(values) - 1]))


KINDS = (
    "exponential_mean_seconds",
    "deterministic_seconds",
    "lognormal",
    "uniform",
    "empirical_seconds",
    "none",
)
WORDS = (*KINDS, *ALSO, *(f"{FLAT}{word}" for word in (*LOGNORMAL, *ALSO_LOGNORMAL)))


def times(reader: Reader, value: object, place: str, forever: bool = False) -> Timed[Distribution]:
    return timed(
        reader,
        value,
        place,
        lambda item, at: distribution(reader, item, at, forever),
        WORDS,
    )


def handling_times(reader: Reader, value: object, place: str) -> dict[str, Timed[Distribution]]:
    """One distribution, or one for each agent group."""
    by_group = (
        isinstance(value, Mapping)
        and len(value) > 0
        and not any(key in WORDS or key == "until_seconds" for key in value)
    )
    if by_group and isinstance(value, Mapping):
        inner = [one for one in value.values() if isinstance(one, (Mapping, list, tuple))]
        if len(inner) == len(value):
            return {
                str(name): times(reader, item, inside(place, str(name)))
                for name, item in value.items()
            }
    return {"": times(reader, value, place)}


def distribution(reader: Reader, value: object, place: str, forever: bool = False) -> Distribution:
    allowed = KINDS if forever else KINDS[:-1]
    value = _usual(value)
    if not isinstance(value, Mapping) or len(value) != 1:
        reader.wrong(place, f"must be a table with one of {', '.join(allowed)}")
        return Distribution("deterministic", 1.0)
    ((key, item),) = value.items()
    at = inside(place, str(key))
    if key not in allowed:
        reader.wrong(at, f"is not known here; known: {', '.join(allowed)}")
    elif key == "exponential_mean_seconds":
        return Distribution("exponential", reader.above_zero(item, at))
    elif key == "deterministic_seconds":
        return Distribution("deterministic", reader.number(item, at))
    elif key == "lognormal":
        return _lognormal(reader, item, at)
    elif key == "uniform":
        table = reader.table(item, at, ("low_seconds", "high_seconds"))
        low = reader.number(table.get("low_seconds"), f"{at}.low_seconds")
        high = reader.number(table.get("high_seconds"), f"{at}.high_seconds", low)
        return Distribution("uniform", low, high)
    elif key == "empirical_seconds":
        values = [reader.number(one, spot) for spot, one in reader.items(item, at)]
        return Distribution("empirical", values=tuple(sorted(values)) or (1.0,))
    elif item is True:
        return Distribution("none")
    else:
        reader.wrong(at, "must be true")
    return Distribution("deterministic", 1.0)


def _usual(value: object) -> object:
    """A distribution in the words of `KINDS`."""
    if not isinstance(value, Mapping):
        return value
    flat = [key for key in value if str(key).startswith(FLAT)]
    if flat and len(flat) == len(value):
        return {"lognormal": {str(key).removeprefix(FLAT): value[key] for key in flat}}
    return {ALSO.get(str(key), key): item for key, item in value.items()}


def _lognormal(reader: Reader, value: object, place: str) -> Distribution:
    """By the mean and the standard deviation, the coefficient of variation or sigma; or by the
    median (or mu) and sigma. mu and sigma: mean and standard deviation of the logarithm."""
    if isinstance(value, Mapping):
        value = {ALSO_LOGNORMAL.get(str(key), key): item for key, item in value.items()}
    table = reader.table(value, place, LOGNORMAL)
    if "sigma" in table:
        sigma = reader.number(table["sigma"], f"{place}.sigma", 0.0, 10.0)
        if "mu" in table:
            mu = reader.number(table["mu"], f"{place}.mu", -20.0, 20.0)
        elif "mean_seconds" in table:
            mean = reader.above_zero(table["mean_seconds"], f"{place}.mean_seconds")
            mu = log(mean) - sigma**2 / 2
        else:
            mu = log(reader.above_zero(table.get("median_seconds"), f"{place}.median_seconds"))
        return Distribution("lognormal", mu, sigma)
    mean = reader.above_zero(table.get("mean_seconds"), f"{place}.mean_seconds")
    if "cv" in table:
        return lognormal(mean, mean * reader.above_zero(table["cv"], f"{place}.cv", 100.0))
    deviation = reader.above_zero(table.get("deviation_seconds"), f"{place}.deviation_seconds")
    return lognormal(mean, deviation)
