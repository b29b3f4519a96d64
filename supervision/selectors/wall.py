"""What screens on walls show: numbers, and cases without anybody's name."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q

from applications.domain.lifecycle import STATUS_LABELS, Status
from applications.models import Application
from applications.selectors.lights import light
from halls.models import Hall
from halls.selectors.work_calendar import Moment
from supervision.figures import Present
from supervision.selectors.drill import with_columns

LINES: Final = 10
TAIL: Final = 4
SHOWN: Final = 12


def masked(number: str | None) -> str:
    """The last four digits, which the applicant knows from the receipt; nobody else learns anything from them."""
    return f"…{(number or '')[-TAIL:]}"


def late_lines(cases: Any, moment: Moment) -> list[dict[str, Any]]:
    """The cases that are red longest, without a name: one statement."""
    found = with_columns(cases)[:LINES]
    return [
        {
            "number": masked(case.number),
            "matter": case.matter.name,
            "village": case.hall.short_name,
            "owner": (case.seat_department or case.seat_hall or case.hall).name,
            "words": light(case, moment).words,
        }
        for case in found
    ]


# What an applicant did alone is nothing that the hall has done.
NOT_DONE: Final = (Status.DRAFT, Status.SUBMITTED, Status.WITHDRAWN)


def of_hall(hall: Hall) -> Q:
    """The cases that a hall itself takes in or accepts, no hall below it, and about which it has done something."""
    return ~Q(status__in=NOT_DONE) & (Q(path=hall.path) | Q(accept_path=hall.path))


def hall_today(hall: Hall, present: Present) -> list[dict[str, Any]]:
    """What moved here today, the latest first; no name, no matter, four digits: one statement."""
    rows = Application.objects.filter(of_hall(hall), moved_at__gte=present.today, moved_at__lt=present.tomorrow)
    rows = rows.order_by("-moved_at", "-pk").only("number", "status", "moved_at")
    return [
        {"number": masked(case.number), "status": STATUS_LABELS[Status(case.status)][0], "at": case.moved_at}
        for case in rows[: SHOWN + 1]
    ]


def states_today(hall: Hall, present: Present) -> list[dict[str, Any]]:
    """How many cases moved here today, by the state in which they are now, in the order of a case: one statement."""
    rows = Application.objects.filter(of_hall(hall), moved_at__gte=present.today, moved_at__lt=present.tomorrow)
    found = dict(rows.order_by().values_list("status").annotate(number=Count("pk")))
    return [{"label": STATUS_LABELS[status][0], "value": found[status]} for status in Status if found.get(status)]
