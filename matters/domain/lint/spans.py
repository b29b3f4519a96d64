"""How many working days a limit written in calendar days, months or years holds in its worst case. Pure.

The day of the event is not counted, and an end on a day off moves to the next working day (民法典 §§201, 203). In
ordinary weeks the worst start day of the seven decides. Long holidays take more: the longest closure, 春节 2026 with
nine days, takes six working days, and one more per thirty days covers the rest of the year net of make-up days. A test
holds this bound against every start day of the official calendars that ship with the system.
"""

from __future__ import annotations

from functools import cache

WORKING, CALENDAR, MONTH, YEAR = "wd", "cd", "mo", "y"
LONGEST_CLOSURE, CLOSURE_PERIOD = 6, 30
SHORTEST_YEAR = 365


def calendar_days(amount: int, unit: str) -> int:
    """Return the fewest calendar days of a limit in calendar days, months (28 days, then 30 and 31) or years."""
    if unit == YEAR:
        return amount * SHORTEST_YEAR
    if unit == MONTH:
        return amount * 30 - 2 if amount else 0
    return amount


@cache
def ordinary_working_days(days: int) -> int:
    """Return the working days that so many calendar days hold at least, in weeks without holidays."""
    weeks, rest = divmod(days, 7)
    fewest = 7
    for start in range(7):  # the day of the event; 5 and 6 are the weekend
        end = start + rest
        while end % 7 in (5, 6):
            end += 1
        fewest = min(fewest, sum(day % 7 < 5 for day in range(start + 1, end + 1)))
    return weeks * 5 + fewest


def certain_working_days(days: int) -> int:
    """Return the working days that so many calendar days hold in every calendar, the longest holidays in them."""
    if not days:
        return 0
    return max(1, ordinary_working_days(days) - LONGEST_CLOSURE - days // CLOSURE_PERIOD)
