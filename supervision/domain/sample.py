"""A sample that whoever knows the seed draws again: so many in a hundred of every village, and at least one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

PERCENT = 5


def draw(numbers: Mapping[str, Sequence[str]], seed: str, percent: int = PERCENT) -> list[str]:
    """Return the numbers drawn from each place's, in the order of places; the order given makes no difference.

    Each number is hashed with the seed, the smallest hashes are drawn: nobody steers that without the seed.
    """
    found: list[str] = []
    for place in sorted(numbers):
        own = sorted(set(numbers[place]), key=lambda number: sha256(f"{seed}|{number}".encode()).digest())
        found += own[: max(1, -(-len(own) * percent // 100))] if own else []
    return found
