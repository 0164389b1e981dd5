"""Repeatable chance for the "random" strategy: a draw is a function of what it is drawn for.

The engine may not draw random numbers (a replay must decide the same), so it hashes the entry's
id, the attempt and the draw with the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
"""

from __future__ import annotations

from zlib import crc32

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(value: int) -> int:
    """SplitMix64's output function: 64 well mixed bits of a 64-bit number."""
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def draw(name: str, *numbers: int) -> float:
    """A number in [0, 1) that looks random and depends on `name` and `numbers` alone."""
    state = crc32(name.encode())
    for number in numbers:
        state = mix(state + GOLDEN + number)
    return (state >> 11) * 2.0**-53
