"""抽样回访: each week some of the cases that villages handed over are drawn, to be called back from above."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from applications.domain.lifecycle import Status
from applications.models import Application
from halls.constraints import violates
from halls.domain.worktime import day_of, start_of
from halls.models import Level
from halls.selectors.work_calendar import read_moment
from supervision.domain.sample import PERCENT, draw
from supervision.models import Callback, CallbackDraw

A_WEEK = timedelta(days=7)
# Whoever is asked about a visit of more than two months ago remembers little of it.
MOST_WEEKS: Final = 8


def draw_callbacks(*, seed: str = "", percent: int = PERCENT) -> list[CallbackDraw]:
    """Draw a sample of every whole week since the newest that was drawn, the oldest first; of a county without any, of
    the last one. Returns what was drawn: nothing where all is drawn already.

    Each seed is made here and kept, so that whoever doubts the sample draws it again. Two at once: each week is drawn
    by one of them.
    """
    drawn = (_draw(week, seed or secrets.token_hex(16), percent) for week in _undrawn_weeks())
    return [sample for sample in drawn if sample is not None]


def _undrawn_weeks() -> list[date]:
    today = day_of(read_moment().at)
    last = today - timedelta(days=today.weekday()) - A_WEEK
    newest = CallbackDraw.objects.order_by("-week").values_list("week", flat=True).first()
    missed = (last - newest) // A_WEEK if newest else 1
    return [last - A_WEEK * back for back in reversed(range(min(missed, MOST_WEEKS)))]


def _draw(week: date, seed: str, percent: int) -> CallbackDraw | None:
    try:
        with transaction.atomic():
            return _draw_week(week, seed, percent)
    except IntegrityError as fault:
        if not violates(fault, "supervision_callbackdraw_week_key"):
            raise
        return None


def _draw_week(week: date, seed: str, percent: int) -> CallbackDraw:
    cases = proxied_cases(week)
    numbers: dict[str, list[str]] = defaultdict(list)
    for number, (_pk, path) in cases.items():
        numbers[path].append(number)
    sample = CallbackDraw(week=week, seed=seed, percent=percent, population=len(cases), drawn_at=read_moment().at)
    sample.save(force_insert=True)
    drawn = draw(numbers, seed, percent)
    Callback.objects.bulk_create(
        [Callback(draw=sample, application_id=cases[number][0], path=cases[number][1]) for number in drawn]
    )
    return sample


def proxied_cases(week: date) -> dict[str, tuple[int, str]]:
    """The cases (代办件) filed at a village and delivered in that week: number -> primary key and place."""
    rows = Application.objects.filter(
        status=Status.DELIVERED,
        hall__tier=Level.VILLAGE,
        ended_at__gte=start_of(week),
        ended_at__lt=start_of(week + A_WEEK),
    )
    return {str(number): (pk, path) for pk, number, path in rows.order_by("pk").values_list("pk", "number", "path")}
