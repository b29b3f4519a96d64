"""Count a week or a month, body by body: a constant number of statements, each over one kind of row.

What villagers bring is counted where it was filed; what a county department decides, at that department; warnings and
cards at whoever held the case when they were earned. A body is the first node below the county.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from applications.domain.lifecycle import Status, StepKind
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock, Event
from applications.selectors.clock_facts import clock_facts
from halls.domain.budget import Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import SHANGHAI
from halls.models import Department, Hall, Level
from supervision.domain.card_life import CardMode
from supervision.domain.periods import Period
from supervision.domain.statistics import Body, Line
from supervision.figures import KEPT_DUE, LATE, OWED
from supervision.models import CardReview, LimitWarning
from supervision.selectors.act_sheet import act_sheet
from supervision.selectors.body_counts import Counts, body_of, counted, merged, within

_ENDED_OTHERWISE: Final = (Status.WITHDRAWN,)


@dataclass(frozen=True)
class Sheet:
    """One period counted: townships and the county's own hall, county departments, and the county as a whole."""

    period: Period
    halls: tuple[Line, ...]
    organs: tuple[Line, ...]

    def by_path(self) -> dict[str, dict[str, int]]:
        """Every count by the path of its body, nothing left out that is not 0."""
        return {
            line.body.path: {key: number for key, number in sorted(line.counts.items()) if number}
            for line in (*self.halls, *self.organs)
        }


def sheet_of(period: Period, county: Hall, calendar: WorkCalendar) -> Sheet:
    """Count the period in the whole county: twenty-five statements, however many bodies and rows there are."""
    halls, organs = bodies_of(county, period)
    filed = _flow(period, Application.objects.filter(path__startswith=county.path), "path")
    decided = _decided(period, county)
    cards, used = _cards(period, county), _used(period, county, calendar)
    seated, acts = _seated(period, county), act_sheet(period, county.path)
    return Sheet(
        period,
        _lines(halls, filed, cards, used["filed"], acts),
        _lines(organs, decided, seated, cards, used["decided"], acts),
    )


def sheet_from(period: Period, county: Hall, figures: Mapping[str, Mapping[str, int]]) -> Sheet:
    """The sheet of counts that are kept, by the path of the body: nothing is counted (two statements)."""
    kept = {path: Counter(counts) for path, counts in figures.items()}
    halls, organs = bodies_of(county, period)
    return Sheet(period, _lines(halls, kept), _lines(organs, kept))


def _lines(bodies: Mapping[Body, bool], *sources: Mapping[str, Counter[str]]) -> tuple[Line, ...]:
    """A line for whoever served in the period, and for whoever did not and has something to count all the same."""
    lines = {body: _line(body, *sources) for body in bodies}
    return tuple(line for body, line in lines.items() if bodies[body] or line.counts)


def _line(body: Body, *sources: Mapping[str, Counter[str]]) -> Line:
    counts: Counter[str] = Counter()
    for source in sources:
        counts.update(source.get(body.path, Counter()))
    return Line(body, dict(counts))


def bodies_of(county: Hall, period: Period) -> tuple[dict[Body, bool], dict[Body, bool]]:
    """The halls and the departments of the county, each with whether it served on some day of the period."""

    def serves(row: Hall | Department) -> bool:
        return row.retired_on is None or row.retired_on > period.first

    below = Hall.objects.filter(path__startswith=county.path, tier=Level.TOWNSHIP).order_by("code")
    halls = {Body(county.code, f"{county.short_name}（本级）", county.path): True}
    halls |= {Body(hall.code, hall.short_name, hall.path): serves(hall) for hall in below}
    offices = Department.objects.filter(hall=county, parent__isnull=True).order_by("code")
    return halls, {Body(one.code, one.name, one.path, is_organ=True): serves(one) for one in offices}


def _flow(period: Period, rows: QuerySet[Application], field: str) -> Counts:
    touched = Q(submitted_at__lt=period.ends_at) & (Q(ended_at__isnull=True) | Q(ended_at__gte=period.begins_at))
    decided, due = within("decided_at", period), within("due_at", period)
    shown = (
        rows.exclude(status=Status.DRAFT)
        .filter(touched | decided | due)
        .annotate(decided_on=TruncDate("decided_at", tzinfo=SHANGHAI), due_on=TruncDate("due_at", tzinfo=SHANGHAI))
    )
    return counted(
        shown,
        field,
        received=within("received_at", period),
        accepted=within("accepted_at", period),
        declined=within("ended_at", period) & Q(status=Status.DECLINED),
        withdrawn=within("ended_at", period) & Q(status__in=_ENDED_OTHERWISE),
        finished=decided,
        on_time=decided & ~LATE,
        late=decided & LATE,
        early=decided & Q(due_on__isnull=False, decided_on__lt=F("due_on")),
        due=due & OWED,
        due_in_time=due & KEPT_DUE,
        open=_open_at(period.ends_at),
        open_overdue=_open_at(period.ends_at) & _over_at(period.ends_at),
    )


def _over_at(moment: datetime) -> Q:
    """The promise had run out, and nothing was decided."""
    return Q(due_at__lt=moment) & (Q(decided_at__isnull=True) | Q(decided_at__gte=moment))


def _open_at(moment: datetime) -> Q:
    return Q(submitted_at__lt=moment) & (Q(ended_at__isnull=True) | Q(ended_at__gte=moment))


def _decided(period: Period, county: Hall) -> Counts:
    """What county departments decided, and what fell due there: by the organ of the deciding step."""
    steps = (
        ApplicationStep.objects.filter(path__startswith=f"{county.path}~", kind=StepKind.DECIDE, is_final_decision=True)
        .filter(within("application__decided_at", period) | within("application__due_at", period))
        .annotate(
            decided_at=F("application__decided_at"),
            due_at=F("application__due_at"),
            ended_at=F("application__ended_at"),
            decided_on=TruncDate("application__decided_at", tzinfo=SHANGHAI),
            due_on=TruncDate("application__due_at", tzinfo=SHANGHAI),
        )
    )
    decided, due = within("decided_at", period), within("due_at", period)
    return counted(
        steps,
        "path",
        finished=decided,
        on_time=decided & ~LATE,
        late=decided & LATE,
        early=decided & Q(due_on__isnull=False, decided_on__lt=F("due_on")),
        due=due & OWED,
        due_in_time=due & KEPT_DUE,
    )


def _seated(period: Period, county: Hall) -> Counts:
    """What lay at county departments when the period ended: an event tells whenever a case changes hands."""
    told = Event.objects.filter(application=OuterRef("pk"), detail__has_key="seat", at__lt=period.ends_at)
    seat = told.order_by("-seq").annotate(seat=KeyTextTransform("seat", "detail")).values("seat")[:1]
    rows = Application.objects.filter(_open_at(period.ends_at), path__startswith=county.path)
    lying = rows.exclude(status=Status.DRAFT).annotate(lay_at=Subquery(seat))
    return counted(
        lying.filter(lay_at__startswith=f"{county.path}~"),
        "lay_at",
        open=Q(pk__isnull=False),
        open_overdue=_over_at(period.ends_at),
    )


_BY_LEVEL: Final = {"warnings": "warning", "yellow": "yellow", "red": "red"}


def _cards(period: Period, county: Hall) -> Counts:
    """Cards by the day of issue: those that issue by themselves when they came on record, the others when confirmed."""
    cards = LimitWarning.objects.filter(
        within("recorded_at", period), mode=CardMode.AUTO.value, seat_path__startswith=county.path
    )
    reviews = CardReview.objects.filter(within("at", period), card__seat_path__startswith=county.path)
    sources = (
        counted(cards, "seat_path", **{key: Q(level=level) for key, level in _BY_LEVEL.items()}),
        counted(
            reviews.filter(act__in=(CardReview.Act.CONFIRM, CardReview.Act.REVOKE)),
            "card__seat_path",
            yellow=Q(act=CardReview.Act.CONFIRM, card__level="yellow"),
            red=Q(act=CardReview.Act.CONFIRM, card__level="red"),
            yellow_revoked=Q(act=CardReview.Act.REVOKE, card__level="yellow"),
            red_revoked=Q(act=CardReview.Act.REVOKE, card__level="red"),
        ),
    )
    return merged(sources)


def _used(period: Period, county: Hall, calendar: WorkCalendar) -> dict[str, Counts]:
    """Working days promised and used by what was decided: by where it was filed, and by who decided: two statements."""
    decision = ApplicationStep.objects.filter(application=OuterRef("application_id"), is_final_decision=True)
    clocks = (
        Clock.objects.filter(
            within("application__decided_at", period),
            application__path__startswith=county.path,
            kind=ClockKind.PROMISED,
            unit=Unit.WORKING_DAY,
        )
        .select_related("application")
        .prefetch_related("facts")
        .annotate(body=body_of("application__path"), decider=Subquery(decision.values("path")[:1]))
        .annotate(organ=body_of("decider"))
        .order_by("application_id", "-pk")
    )
    sums: dict[str, Counts] = {"filed": defaultdict(Counter), "decided": defaultdict(Counter)}
    for clock in _first_of_each(clocks.iterator(500)):
        facts = clock_facts(clock, sorted(clock.facts.all(), key=lambda fact: fact.pk))
        used = facts.days_used(clock.application.decided_at, calendar)
        counts = Counter(timed=1, promised_days=clock.amount, used_days=used)
        sums["filed"][clock.body].update(counts)
        sums["decided"][clock.organ].update(counts)
    return sums


def _first_of_each(clocks: Iterable[Any]) -> Iterable[Any]:
    """The newest promise of each case: one that was accepted anew has an older one, too."""
    last = None
    for clock in clocks:
        if clock.application_id != last:
            last = clock.application_id
            yield clock
