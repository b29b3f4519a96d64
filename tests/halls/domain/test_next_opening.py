"""When a hall is open next: by the weekday, by the market day, and not on a holiday."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from halls.domain.openings import Opening, OpeningKind, next_opening

WEEK = [Opening(OpeningKind.REGULAR, time(9), time(17), weekday=day) for day in range(1, 6)]
MARKET = Opening(OpeningKind.MARKET, time(8), time(12), digits="258")
HOLIDAY = date(2026, 3, 4)


def is_working(day: date) -> bool:
    return day.isoweekday() < 6 and day != HOLIDAY


@pytest.mark.parametrize(("now", "day", "opens", "is_now"), [
    (datetime(2026, 3, 2, 10), date(2026, 3, 2), 8, True),  # a Monday and a market day: open since eight
    (datetime(2026, 3, 2, 12, 30), date(2026, 3, 2), 9, True),  # the market is over, the office is not
    (datetime(2026, 3, 2, 17), date(2026, 3, 3), 9, False),
    (datetime(2026, 3, 3, 18), date(2026, 3, 5), 8, False),  # over the holiday, to the market
    (datetime(2026, 3, 7, 9), date(2026, 3, 8), 8, False),  # a Saturday: the market of Sunday comes first
    (datetime(2026, 3, 2, 7, 59), date(2026, 3, 2), 8, False),
])  # fmt: skip
def test_the_next_opening_is_found(now: datetime, day: date, opens: int, *, is_now: bool) -> None:
    found = next_opening([*WEEK, MARKET], now, is_working)
    assert found is not None
    assert (found.day, found.opening.opens.hour, found.is_now) == (day, opens, is_now)


def test_a_hall_of_which_nobody_wrote_the_hours_has_none() -> None:
    assert next_opening([], datetime(2026, 3, 2), is_working) is None
