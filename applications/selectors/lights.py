"""Lights of rows, and the same comparison in SQL for counting."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, CharField, Q, Value, When

from applications.domain.lifecycle import ENDED, Status
from applications.domain.lights import Colour, Light, light_of
from applications.models import Application
from halls.selectors.work_calendar import Moment


def light(application: Application, moment: Moment) -> Light:
    """The light of one row."""
    return light_of(
        application.status,
        application.warn_at,
        application.late_at,
        moment.at,
        moment.calendar,
    )


def colour_condition(colour: str, now: datetime) -> Q:
    """The rows of one colour: the very comparison of applications.domain.lights.colour_of."""
    going = ~Q(status__in=[*ENDED, Status.DRAFT])
    running = going & ~Q(status=Status.SUSPENDED)
    late = Q(late_at__lt=now)
    warned = Q(warn_at__lte=now)
    return {
        Colour.RED: going & late,
        Colour.YELLOW: running & Q(late_at__gte=now) & warned,
        Colour.GREEN: running & Q(late_at__gte=now) & ~(warned & Q(warn_at__isnull=False)),
        Colour.PAUSED: Q(status=Status.SUSPENDED) & ~(late & Q(late_at__isnull=False)),
        Colour.DONE: Q(status__in=sorted(ENDED)),
        Colour.NONE: running & Q(late_at__isnull=True),
    }[Colour(colour)]


def colour_column(now: datetime) -> Case:
    """An annotation with each row's colour."""
    return Case(
        *(When(colour_condition(colour, now), then=Value(colour.value)) for colour in Colour),
        default=Value(Colour.NONE.value),
        output_field=CharField(),
    )
