"""Go on with the cases of a rehearsal that was interrupted; they would lie where they stopped, all of them late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection
from django.db.models import Max

from applications.domain.identity import IdKind
from applications.domain.lifecycle import OPEN
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationMaterial, ApplicationStep, Clock, Event
from applications.rehearsal.acts import Walk
from applications.rehearsal.desks import Desks
from applications.rehearsal.office_hours import OfficeHours
from applications.rehearsal.plans import Plan
from halls.models import Hall


def open_cases(county: Hall) -> list[int]:
    """Return the cases that somebody was working on."""
    cases = Application.objects.filter(path__startswith=county.path, status__in=sorted(OPEN))
    return list(cases.order_by("pk").values_list("pk", flat=True))


@contextmanager
def unfinished() -> Iterator[bool]:
    """Leave a mark in the data directory until the rehearsal is over; tells whether an earlier one left its own."""
    mark = Path(settings.DATA_DIR) / "rehearsal-unfinished"
    if connection.in_atomic_block:  # whoever opened the transaction takes everything back, or nothing
        yield False
        return
    was_interrupted = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    yield was_interrupted
    mark.unlink()


def pick_up(pks: Iterable[int], desks: Desks, hours: OfficeHours) -> list[tuple[float, Walk]]:
    """Return each case as a walk to its end, with the office minute after which it goes on: the last act of all.

    Not the last act of its own: nights have been swept since, and what is in the ledger already was true.
    """
    last = Event.objects.aggregate(last=Max("at"))["last"]
    cases = Application.objects.filter(pk__in=list(pks)).select_related("guide", "applicant", "hall", "matter")
    lines, steps = defaultdict(list), defaultdict(list)
    for line in ApplicationMaterial.objects.filter(application__in=cases).select_related("material").order_by("seq"):
        lines[line.application_id].append(line)
    route = ApplicationStep.objects.filter(application__in=cases).select_related("hall", "department").order_by("seq")
    for step in route:
        steps[step.application_id].append(step)
    specials = defaultdict(list)
    for clock in Clock.objects.filter(application__in=cases, kind=ClockKind.SPECIAL).order_by("pk"):
        specials[clock.application_id].append(clock)
    walks = []
    for case in cases:
        minute = hours.minute(last)
        walk = Walk(_plan(case), desks, case, Random(case.pk), lines[case.pk], tuple(steps[case.pk]))  # noqa: S311
        walk.rested = {clock.step_seq for clock in specials[case.pk] if clock.step_seq is not None}
        due = next((clock.due_at for clock in reversed(specials[case.pk]) if clock.due_at), None)
        walk.resume_after = hours.minute(due) + 30 - minute if due else 0.0
        walks.append((minute, walk))
    return walks


def _plan(case: Application) -> Plan:
    applicant = case.applicant
    is_company = applicant is not None and applicant.id_kind == IdKind.USCC
    return Plan(matter=case.matter.code, hall=case.hall, minute=0, seed=case.pk, is_company=is_company)
