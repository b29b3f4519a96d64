"""One working day for every change that was ordered: worked examples on the calendar of 2026."""

from __future__ import annotations

from datetime import date

import pytest

from matters.domain.punctuality import punctuality
from tests.halls.domain.conftest import county  # noqa: F401 - the fixture: the calendar that ships


@pytest.mark.parametrize(
    ("ordered", "entered", "today", "due", "late", "is_late"),
    [
        ("2026-03-02", "2026-03-02", "2026-03-05", "2026-03-03", 0, False),
        ("2026-03-02", "2026-03-03", "2026-03-05", "2026-03-03", 0, False),
        ("2026-03-02", "2026-03-04", "2026-03-05", "2026-03-03", 1, True),
        ("2026-03-02", None, "2026-03-03", "2026-03-03", 0, False),
        ("2026-03-02", None, "2026-03-06", "2026-03-03", 3, True),
        ("2026-03-05", "2026-03-07", "2026-03-09", "2026-03-06", 0, True),  # on the Saturday behind it
        ("2026-02-13", None, "2026-02-14", "2026-02-14", 0, False),  # a Saturday that works
        ("2026-09-30", "2026-10-08", "2026-10-09", "2026-10-08", 0, False),  # behind the National Day
    ],
)
def test_a_change_is_in_time_or_so_many_days_late(ordered, entered, today, due, late, is_late, county):  # noqa: F811
    day = date.fromisoformat
    found = punctuality(day(ordered), day(entered) if entered else None, day(today), county)
    assert (found.due_on, found.late, found.is_late) == (day(due), late, is_late)
    assert ("逾期" in found.words) is is_late
    assert f"{due}" in found.words
