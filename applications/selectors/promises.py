"""What a case was promised, and by whom: by the guide, or by the hall that accepts it for itself (本厅承诺)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from applications.domain.lifecycle import Verb
from applications.domain.transitions import ClockKind, ClockMove
from applications.models import Application, Clock, Event
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.models import HallPromise, MatterVersion
from matters.selectors.hall_promises import promise_at

ACCEPTANCES: Final = (Verb.ACCEPT, Verb.DEEM_ACCEPTED)


@dataclass(frozen=True, slots=True)
class CasePromise:
    """What a case is promised in working days; `hall` is the one that promised it itself, "" where the guide does."""

    days: int
    published: int
    hall: str = ""
    since: date | None = None
    number: int | None = None

    def whose(self) -> str:
        """Say whose promise it is, where it is not the guide's; "" else."""
        if not self.hall or self.since is None:
            return ""
        words = {"hall": self.hall, "n": self.published, "since": f"{self.since:%Y-%m-%d}"}
        return _("%(hall)s自 %(since)s 起的承诺，比办事指南的 %(n)d 个工作日短") % words


def _named(case: Any) -> Subquery:
    """Days, hall and day of the decision that the acceptance of a case told; NULL where the guide's promise counts."""
    which = (Value(ClockKind.PROMISED.value), Value(ClockMove.START.value))
    said = Func(F("detail"), *which, function="applications_told")
    number = Cast(KeyTextTransform("promise", ExpressionWrapper(said, JSONField())), BigIntegerField())
    told = Event.objects.filter(application=case, verb__in=ACCEPTANCES).annotate(promise=number).values("promise")
    words = JSONObject(number="pk", hall="hall__name", since="effective_on", days="days")
    rows = HallPromise.objects.filter(pk=Subquery(told[:1])).values(said=words)
    return Subquery(rows[:1], output_field=JSONField())


# Annotations of a query over cases: what the promised clock was started with, and the hall's decision behind it.
PROMISED_DAYS: Final = Subquery(
    Clock.objects.filter(application=OuterRef("pk"), kind=ClockKind.PROMISED).order_by("-pk").values("amount")[:1],
    output_field=IntegerField(),
)
OWN_PROMISE: Final = _named(OuterRef(OuterRef("pk")))


def promise_in(days: int | None, own: Mapping[str, Any] | None, guide: MatterVersion) -> CasePromise:
    """The promise of an accepted case from the two annotations above."""
    if own is None:
        return CasePromise(guide.promised_days if days is None else days, guide.promised_days)
    since = date.fromisoformat(own["since"])
    return CasePromise(days or own["days"], guide.promised_days, own["hall"], since, own["number"])


def promise_of(application: Application) -> CasePromise:
    """The promise of a case: the one its clock runs under, before acceptance the one it would get now (1 statement)."""
    guide = application.guide
    if application.accepted_at is None:
        return expected_promise(application.accept_path, guide, day_of(read_moment().at))
    row = Application.objects.filter(pk=application.pk).values_list(PROMISED_DAYS, OWN_PROMISE)[0]
    return promise_in(row[0], row[1], guide)


def expected_promise(accept_path: str, guide: MatterVersion, day: date) -> CasePromise:
    """What a case that the organ at this path accepts on this day is promised (1 statement)."""
    own = promise_at(accept_path, guide, day)
    if own is None or own.days is None:
        return CasePromise(guide.promised_days, guide.promised_days)
    return CasePromise(own.days, guide.promised_days, own.hall.name, own.effective_on, own.pk)
