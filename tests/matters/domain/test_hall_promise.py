"""When a hall's own promise counts, and how the steps fit into it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.hall_promise import Decision, fitted, in_force, is_shorter

DAY = date(2026, 3, 2)
slices = st.lists(st.integers(0, 30), min_size=1, max_size=8)


def decision(number: int, days: int | None, after: int) -> Decision:
    return Decision(number, days, DAY + timedelta(days=after))


@pytest.mark.parametrize(
    ("guide", "promised", "published", "found"),
    [
        ((1, 4, 5), 6, 10, (0, 3, 3)),
        ((1, 4, 5), 9, 10, (0, 4, 5)),
        ((1, 4, 5), 10, 10, (1, 4, 5)),
        ((1, 1, 3), 1, 5, (0, 0, 1)),
        ((2, 7), 9, 10, (2, 7)),  # filed above the village: what is left of the guide's ten fits as it is
        ((3, 9), 10, 10, (3, 9)),  # the guide's own promise is not mended here
        ((0, 0), 1, 5, (0, 0)),
    ],
)
def test_worked_examples(guide: tuple[int, ...], promised: int, published: int, found: tuple[int, ...]) -> None:
    assert fitted(guide, promised, published) == found


@given(slices, st.integers(1, 60), st.integers(1, 90))
def test_steps_fit_and_nobody_gets_more_than_before(guide: list[int], promised: int, published: int) -> None:
    found = fitted(guide, promised, published)
    assert len(found) == len(guide)
    if promised >= published:
        assert found == tuple(guide)
        return
    assert sum(found) == min(sum(guide), promised)
    for own, before in zip(found, guide, strict=True):
        exact = before * min(promised, sum(guide)) / max(sum(guide), 1)
        assert own >= 0
        assert abs(own - exact) < 1


@given(slices, st.integers(1, 60))
def test_dealing_out_day_by_day_gives_the_same(guide: list[int], promised: int) -> None:
    """Another way to count: each day of the promise goes to the first step that has come so far of the guide."""
    whole = sum(guide)
    if promised >= whole:
        return
    dealt = [0] * len(guide)
    for day in range(1, promised + 1):
        reached = 0
        for place, days in enumerate(guide):
            reached += days
            if reached * promised >= day * whole:
                dealt[place] += 1
                break
    assert fitted(guide, promised, whole) == tuple(dealt)


def test_the_newest_decision_whose_day_has_come_counts() -> None:
    first, announced, sooner = decision(1, 5, 1), decision(2, 3, 30), decision(3, None, 10)
    made = [first, announced, sooner]
    assert in_force(made, DAY) is None
    assert in_force(made, DAY + timedelta(days=1)) == first
    assert in_force(made[:2], DAY + timedelta(days=30)) == announced
    assert in_force(made, DAY + timedelta(days=10)) == sooner
    assert in_force(made, DAY + timedelta(days=30)) == sooner  # it was decided after the announcement


@given(st.one_of(st.none(), st.integers(-3, 40)), st.integers(0, 40), st.booleans())
def test_a_hall_promises_less_or_nothing(days: int | None, published: int, immediate: bool) -> None:
    if is_shorter(days, published, is_immediate=immediate):
        assert days is not None
        assert not immediate
        assert 1 <= days < published
    elif days is not None and 1 <= days < published:
        assert immediate
