"""Limits that ran out and to which something follows by itself: index range scans over running clocks.

Acceptance is the law's and concerns every matter; everything else only matters with a published policy. While
nothing is published, the second look is not taken at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.domain.lifecycle import BY_VERB, Status, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Clock, Event
from halls.domain.worktime import day_of, start_of
from matters.domain.timeout import PERMIT, Policy, Where, permit_ends
from matters.models import TimeoutPolicy
from matters.selectors.timeout import Spot, governing, published
from supervision.models import Accountability
from supervision.models.timeout import RED_CARD

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
    # The limit of the law; the promised one only where no other stands behind it. Its end is told upward, no more:
    # a permit is renewed by silence when it ends itself (`_renewals`), not when this limit does.
    Where.RENEWAL: (
        Q(kind=ClockKind.STATUTORY, application__status=Status.IN_PROGRESS),
        Q(kind=ClockKind.PROMISED, is_alone=True, application__status=Status.IN_PROGRESS),
    ),
}
LAST_LIMIT: Final = Q(kind=ClockKind.STATUTORY) | Q(kind=ClockKind.PROMISED, is_alone=True)


@dataclass(frozen=True, slots=True)
class Overrun:
    """A limit that ran out, and what follows. `policy` None: the law alone (§32).

    `due` is the end of the clock's own limit, but of a renewal by silence the end of the permit (§50).
    """

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
    """Return what would follow now, in the order in which the limits ran out: a statement for each kind of limit."""
    silent = _over(now, Q(kind=ClockKind.ACCEPTANCE, application__status=Status.RECEIVED))
    found = [
        Overrun(clock.pk, clock.application_id, clock.due_at, Policy.DEEMED_ACCEPT) for clock in silent if clock.due_at
    ]
    policies = list(published().filter(effective_on__lte=day_of(now)))
    if policies:
        found += _by_policy(now, policies)
        found += _renewals(now, policies)
    return sorted(found, key=lambda one: (one.due, one.clock_id))


def overrun_of(clock: Clock, case: Application, step: ApplicationStep | None) -> Overrun | None:
    """Return what follows to this running clock of a locked case, read anew (1 statement); None: nothing."""
    place = PLACE_OF.get(ClockKind(clock.kind))
    if place is None or clock.due_at is None or clock.state != Clock.State.RUNNING:
        return None
    if place is Where.ACCEPTANCE:
        is_permit = case.guide.kind == PERMIT
        return Overrun(clock.pk, case.pk, clock.due_at, Policy.DEEMED_ACCEPT, is_permit=is_permit)
    policy = governing(published().filter(matter=case.matter_id), _spot(clock, place, step))
    if policy is None or policy.policy == Policy.DEEMED_RENEW:
        return None
    return Overrun(clock.pk, case.pk, clock.due_at, Policy(policy.policy), policy)


def renewal_of(clock: Clock, case: Application) -> Overrun | None:
    """Return the renewal by silence of this locked case, read anew (1 statement); None: nothing follows.

    Never without the end of the permit: 行政许可法 §50(2) knows no other limit. A special procedure does not stop it,
    because §45 leaves out days of the limits for deciding only.
    """
    if case.permit_expires_on is None or case.status not in BY_VERB[Verb.DEEM_RENEWED].sources:
        return None
    return _renewal(clock, case.permit_expires_on, published().filter(matter=case.matter_id))


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


def _renewals(now: datetime, policies: list[TimeoutPolicy]) -> Iterable[Overrun]:
    """Permits that ended while their renewal lay undecided: a range of their own index."""
    by_matter: dict[int, list[TimeoutPolicy]] = {}
    for policy in policies:
        if policy.policy == Policy.DEEMED_RENEW:
            by_matter.setdefault(policy.matter_id, []).append(policy)
    if not by_matter:
        return
    marked = Q(act=Policy.DEEMED_RENEW) | Q(policy__policy=Policy.DEEMED_RENEW)
    rows = Clock.objects.filter(
        LAST_LIMIT,
        ~Exists(Accountability.objects.filter(marked, clock=OuterRef("pk"))),
        application__permit_expires_on__lt=day_of(now),
        application__status__in=sorted(BY_VERB[Verb.DEEM_RENEWED].sources),
        application__matter__in=list(by_matter),
        stopped_at__isnull=True,
    )
    for clock in rows.annotate(matter=F("application__matter"), ends_on=F("application__permit_expires_on")):
        found = _renewal(clock, clock.ends_on, by_matter[clock.matter])
        if found is not None:
            yield found


def _renewal(clock: Clock, ends_on: date, policies: Iterable[TimeoutPolicy]) -> Overrun | None:
    end = permit_ends(ends_on)
    policy = governing(policies, Spot(Where.RENEWAL, clock.started_at, end))
    if policy is None or policy.policy != Policy.DEEMED_RENEW:
        return None
    return Overrun(clock.pk, clock.application_id, end, Policy.DEEMED_RENEW, policy)


def _governed(rows: QuerySet[Clock], place: Where, by_matter: dict[int, list[TimeoutPolicy]]) -> Iterable[Overrun]:
    steps = ApplicationStep.objects.filter(application=OuterRef("application"), seq=OuterRef("step_seq"))
    shown = rows.annotate(
        matter=F("application__matter"), name=steps.values("name")[:1], step_kind=steps.values("kind")[:1]
    )
    for clock in shown:
        assert clock.due_at is not None  # asked for
        spot = Spot(place, clock.started_at, clock.due_at, clock.step_seq, clock.name or "", clock.step_kind or "")
        policy = governing(by_matter[clock.matter], spot)
        if policy is not None and policy.policy != Policy.DEEMED_RENEW:
            yield Overrun(clock.pk, clock.application_id, clock.due_at, Policy(policy.policy), policy)


def _closed() -> Q:
    """Whether everything that follows to the clock is on record.

    A supplement that nobody was told of is only marked: once somebody tells, it may still be withdrawn.
    """
    marks = Accountability.objects.filter(clock=OuterRef("pk")).exclude(act=RED_CARD)  # that one ends nothing
    untold = {"act": Policy.ESCALATE, "policy__policy": Policy.DEEMED_WITHDRAW}
    told = Event.objects.filter(application=OuterRef("application"), verb=Verb.TELL, at__gte=OuterRef("started_at"))
    return Q(Exists(marks.exclude(**untold))) | Q(Exists(marks.filter(**untold))) & ~Q(Exists(told))


def _spot(clock: Clock, place: Where, step: ApplicationStep | None) -> Spot:
    assert clock.due_at is not None  # the caller asked
    name, kind = (step.name, step.kind) if step else ("", "")
    return Spot(place, clock.started_at, clock.due_at, clock.step_seq, name, kind)
