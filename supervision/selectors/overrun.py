"""Limits that ran out and to which something follows by itself: index range scans over running clocks.

Acceptance is the law's and concerns every matter; everything else only matters with a published policy. While
nothing is published, the second look is not taken at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.domain.lifecycle import Status, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock, Event
from halls.domain.worktime import day_of, start_of
from matters.domain.timeout import PERMIT, Policy, Where
from matters.models import TimeoutPolicy
from matters.selectors.timeout import Spot, governing, published
from supervision.models import Accountability

ACCEPTANCE_LAW: Final = "《中华人民共和国行政许可法》第三十二条第一款第四项"
PLACE_OF: Final = {
    ClockKind.ACCEPTANCE: Where.ACCEPTANCE,
    ClockKind.SUPPLEMENT: Where.SUPPLEMENT,
    ClockKind.STEP: Where.STEP,
    ClockKind.STATUTORY: Where.RENEWAL,
    ClockKind.PROMISED: Where.RENEWAL,
}
KINDS_OF: Final = {
    Where.SUPPLEMENT: (Q(kind=ClockKind.SUPPLEMENT, application__status=Status.CORRECTING),),
    Where.STEP: (Q(kind=ClockKind.STEP, application__status=Status.IN_PROGRESS),),
    # 行政许可法 §50: the limit of the law; the promised one only where no other stands behind it.
    Where.RENEWAL: (
        Q(kind=ClockKind.STATUTORY, application__status=Status.IN_PROGRESS),
        Q(kind=ClockKind.PROMISED, is_alone=True, application__status=Status.IN_PROGRESS),
    ),
}


@dataclass(frozen=True, slots=True)
class Overrun:
    """A limit that ran out, and what follows. `policy` None: the law alone (§32)."""

    clock_id: int
    application_id: int
    due: datetime
    act: Policy
    policy: TimeoutPolicy | None = None
    is_permit: bool = True

    @property
    def citation(self) -> str:
        """The ground: the published policy, or the law, which binds permits and is followed for all else."""
        if self.policy:
            return self.policy.citation
        return ACCEPTANCE_LAW if self.is_permit else f"本事项办事指南公布的受理时限，比照{ACCEPTANCE_LAW}"


def overruns(now: datetime) -> list[Overrun]:
    """Return what would follow now, in the order in which the limits ran out (at most 3 statements)."""
    silent = _over(now, Q(kind=ClockKind.ACCEPTANCE, application__status=Status.RECEIVED))
    found = [
        Overrun(clock.pk, clock.application_id, clock.due_at, Policy.DEEMED_ACCEPT) for clock in silent if clock.due_at
    ]
    policies = list(published().filter(effective_on__lte=day_of(now)))
    if policies:
        found += _by_policy(now, policies)
    return sorted(found, key=lambda one: (one.due, one.clock_id))


def overrun_of(clock: Clock, case: Application, step: ApplicationStep | None) -> Overrun | None:
    """Return what follows to this running clock of a locked case, read anew (1 statement); None: nothing."""
    place = PLACE_OF.get(ClockKind(clock.kind))
    if place is None or clock.due_at is None:
        return None
    if place is Where.ACCEPTANCE:
        is_permit = case.guide.kind == PERMIT
        return Overrun(clock.pk, case.pk, clock.due_at, Policy.DEEMED_ACCEPT, is_permit=is_permit)
    policy = governing(published().filter(matter=case.matter_id), _spot(clock, place, step))
    return Overrun(clock.pk, case.pk, clock.due_at, Policy(policy.policy), policy) if policy else None


def was_told(case: Application, since: datetime) -> bool:
    """Whether somebody told the applicant, since this limit began, by when the supplement is due."""
    return Event.objects.filter(application=case, verb=Verb.TELL, at__gte=since).exists()


def _over(now: datetime, which: Q) -> QuerySet[Clock]:
    return Clock.objects.filter(which, state=Clock.State.RUNNING, due_at__lt=now).order_by("due_at", "pk")


def _by_policy(now: datetime, policies: list[TimeoutPolicy]) -> Iterable[Overrun]:
    by_matter: dict[int, list[TimeoutPolicy]] = {}
    for policy in policies:
        by_matter.setdefault(policy.matter_id, []).append(policy)
    places = {Where(policy.place) for policy in policies}
    first = min(policy.effective_on for policy in policies)
    for place, kinds in KINDS_OF.items():
        if place not in places:
            continue
        for which in kinds:
            rows = _over(now, which).filter(
                ~_closed(), due_at__gte=start_of(first), application__matter__in=list(by_matter)
            )
            yield from _governed(rows, place, by_matter)


def _governed(rows: QuerySet[Clock], place: Where, by_matter: dict[int, list[TimeoutPolicy]]) -> Iterable[Overrun]:
    steps = ApplicationStep.objects.filter(application=OuterRef("application"), seq=OuterRef("step_seq"))
    shown = rows.annotate(
        matter=F("application__matter"), name=steps.values("name")[:1], step_kind=steps.values("kind")[:1]
    )
    for clock in shown:
        assert clock.due_at is not None  # asked for
        spot = Spot(place, clock.started_at, clock.due_at, clock.step_seq, clock.name or "", clock.step_kind or "")
        policy = governing(by_matter[clock.matter], spot)
        if policy is not None:
            yield Overrun(clock.pk, clock.application_id, clock.due_at, Policy(policy.policy), policy)


def _closed() -> Q:
    """Whether everything that follows to the clock is on record.

    A supplement that nobody was told of is only marked: once somebody tells, it may still be withdrawn.
    """
    marks = Accountability.objects.filter(clock=OuterRef("pk"))
    untold = {"act": Policy.ESCALATE, "policy__policy": Policy.DEEMED_WITHDRAW}
    told = Event.objects.filter(application=OuterRef("application"), verb=Verb.TELL, at__gte=OuterRef("started_at"))
    return Q(Exists(marks.exclude(**untold))) | Q(Exists(marks.filter(**untold))) & ~Q(Exists(told))


def _spot(clock: Clock, place: Where, step: ApplicationStep | None) -> Spot:
    assert clock.due_at is not None  # the caller asked
    name, kind = (step.name, step.kind) if step else ("", "")
    return Spot(place, clock.started_at, clock.due_at, clock.step_seq, name, kind)
