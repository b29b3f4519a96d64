"""A hall's own, shorter promise (本厅承诺): when it counts, and how the steps of the guide fit into it. Pure.

A hall may promise less time than the published guide, never more, and never less than one working day. What was
decided is kept: the newest decision whose day has come is the one in force, and one that takes the promise back has
no days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

SHORTEST: Final = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a hall about one matter; later ones have higher numbers. `days` None: as the guide says."""

    number: int
    days: int | None
    effective_on: date


def in_force(decisions: Iterable[Decision], day: date) -> Decision | None:
    """Return the decision that counts for what is accepted on this day, None before the first one."""
    return max((one for one in decisions if one.effective_on <= day), key=lambda one: one.number, default=None)


def never_counts(decisions: Iterable[Decision]) -> frozenset[int]:
    """Return the numbers of the decisions that never count: a newer one begins on the same day or an earlier one.

    Any decision begins after the day on which it is made: whichever is overtaken so has not begun by then.
    """
    rows = sorted(decisions, key=lambda one: one.number, reverse=True)
    found, first = set(), None
    for one in rows:
        if first is not None and first <= one.effective_on:
            found.add(one.number)
        first = one.effective_on if first is None else min(first, one.effective_on)
    return frozenset(found)


def is_shorter(days: int | None, published: int, *, is_immediate: bool) -> bool:
    """Whether these days count beside those of the guide: one that became as short by itself has the word again."""
    return days is not None and not is_immediate and SHORTEST <= days < published


def fitted(slices: Sequence[int], promised: int, published: int) -> tuple[int, ...]:
    """Return the slices of the counted steps under a promise of `promised` days, where the guide has `published`.

    They add up to no more than the promise, each keeps its share of the whole down to the full day, and what is left
    over by that goes to the steps behind it, where the decision is made. Under the guide's own promise, and where the
    steps fit as they are, nothing changes.
    """
    total = sum(slices)
    if promised >= published or total <= promised:
        return tuple(slices)
    found, before = [], 0
    for days in slices:
        after = before + days
        found.append(after * promised // total - before * promised // total)
        before = after
    return tuple(found)
