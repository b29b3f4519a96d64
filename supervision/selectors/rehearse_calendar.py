"""演算: what a calendar would do to the cases, before anybody signs it. Nothing is written.

The same derivation as the real act (applications.domain.clock.derive), over the same cases: those that are open or
ended lately, and have a clock whose days the change touches. A constant number of statements for each batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from applications.domain.card_rules import Rule
from applications.domain.clock import ClockFacts, Dates, derive
from applications.domain.lifecycle import OPEN
from applications.domain.lights import Colour, colour_of
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.selectors.case_dates import DATES, DERIVED, project
from applications.selectors.clock_facts import clock_facts
from applications.selectors.rules import Rulebook, rulebook
from halls.domain.worktime import day_of, start_of
from supervision.domain.calendar_swap import Swap
from supervision.domain.owed import RUNGS, is_reached, rung_of, says_it, was_earned
from supervision.models import CardReview, LimitWarning

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class CardChange:
    """A card that the new calendar does not bear out (`card`), or one that it makes due (`card` is None)."""

    case_id: int
    number: str
    clock_id: int
    clock_kind: str
    level: str
    card: LimitWarning | None = None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case some of whose dates move. The case itself bears its old dates; the colours are those of now.

    `moved` are the clocks behind `clocks`, in their order: those whose dates stay are not among them.
    """

    case: Application
    due: tuple[datetime | None, datetime | None]
    late: tuple[datetime | None, datetime | None]
    colour: tuple[Colour, Colour]
    provisional: tuple[bool, bool]
    clocks: Mapping[int, tuple[Dates, Dates]]
    moved: tuple[Clock, ...] = ()


@dataclass(slots=True)
class Change:
    """What happens to a batch; `looked_at` are its clocks, those that stay included."""

    looked_at: int = 0
    cases: list[CaseChange] = field(default_factory=list)
    to_revoke: list[CardChange] = field(default_factory=list)
    to_issue: list[CardChange] = field(default_factory=list)


def touched(swap: Swap, after: int = 0, *, most: int | None = None) -> list[int]:
    """Return the next cases that the change may touch, in their order: one statement."""
    return list(_touched(swap).filter(pk__gt=after).values_list("pk", flat=True)[: most or BATCH])


def touched_count(swap: Swap) -> int:
    """Return how many cases the change may touch."""
    return _touched(swap).order_by().count()


def _touched(swap: Swap) -> QuerySet[Application]:
    span = swap.span
    if span is None:
        return Application.objects.none()
    first, behind = start_of(span[0]), start_of(span[1] + timedelta(days=1))
    latest = Greatest("due_at", "warn_at", "yellow_at", "red_at")
    clocks = Clock.objects.annotate(latest=latest).filter(
        Q(latest__gte=first) | Q(due_at__isnull=True), application=OuterRef("pk"), started_at__lt=behind
    )
    wanted = Q(status__in=sorted(OPEN)) | Q(ended_at__gte=swap.since)
    return Application.objects.filter(wanted, Exists(clocks)).order_by("pk")


def change_of(pks: Sequence[int], swap: Swap) -> Change:
    """Return what changes in these cases: five statements, and the rules where they are not remembered."""
    rows = Application.objects.filter(pk__in=pks).select_related("matter", "guide", "hall").defer("form").order_by("pk")
    found = Change()
    book = rulebook(day_of(swap.now))
    for case in rows.prefetch_related("clocks__facts", "clocks__warnings__reviews"):
        clocks = sorted(case.clocks.all(), key=lambda clock: clock.pk)
        derived = _derive(case, clocks, swap, book)
        found.looked_at += len(derived)
        moved = _moved(case, clocks, derived, swap.now)
        if moved is not None:
            found.cases.append(moved)
        for one in derived:
            _judge_cards(case, one, swap, found)
    return found


class Derived(NamedTuple):
    """A clock, all it depends on, and its dates under the new calendar."""

    clock: Clock
    facts: ClockFacts
    rules: tuple[Rule, ...]
    new: Dates


def _derive(case: Application, clocks: Sequence[Clock], swap: Swap, book: Rulebook) -> list[Derived]:
    found = []
    is_immediate = case.guide.is_immediate
    for clock in clocks:
        kind, begun = ClockKind(clock.kind), day_of(clock.started_at)
        rules = book.governing(kind, begun, case.matter_id, clock.department_id)
        ledger = sorted(clock.facts.all(), key=lambda fact: fact.pk)
        facts = clock_facts(clock, ledger, is_immediate=is_immediate)
        found.append(Derived(clock, facts, rules, derive(facts, swap.new, rules)))
    return found


def _moved(case: Application, clocks: Sequence[Clock], derived: Sequence[Derived], now: datetime) -> CaseChange | None:
    """Compare with what is stored, in memory; None when no date moves."""
    moved: dict[int, tuple[Dates, Dates]] = {}
    before = (case.due_at, case.late_at, case.warn_at, case.is_provisional)
    for clock, _facts, _rules, new in derived:
        if any(getattr(clock, name) != getattr(new, name) for name in DATES):
            moved[clock.pk] = (Dates(**{name: getattr(clock, name) for name in DERIVED}), new)
            for name in DATES:
                setattr(clock, name, getattr(new, name))
    if not moved:
        return None
    latest = {clock.kind: clock for clock in clocks}
    project(case, latest.values())
    due, late, warn, provisional = before
    colours = colour_of(case.status, warn, late, now), colour_of(case.status, case.warn_at, case.late_at, now)
    change = CaseChange(
        case,
        (due, case.due_at),
        (late, case.late_at),
        colours,
        (provisional, case.is_provisional),
        moved,
        tuple(clock for clock in clocks if clock.pk in moved),
    )
    case.due_at, case.late_at, case.warn_at, case.is_provisional = before
    return change


def _judge_cards(case: Application, derived: Derived, swap: Swap, found: Change) -> None:
    clock, facts, rules, new = derived
    standing = [card for card in clock.warnings.all() if not _is_revoked(card)]
    for card in standing:
        told = (card.level, card.effective_at, swap.now)
        if not was_earned(facts, *told, swap.new, rules) and was_earned(facts, *told, swap.old, rules):
            found.to_revoke.append(_card_change(case, clock, card.level, card))
    has = {card.level for card in standing if says_it(facts, card.level, card.effective_at, rung_of(new, card.level))}
    old = derive(facts, swap.old, rules)
    for level in RUNGS:
        is_due = is_reached(new, level, facts, swap.now)
        if level not in has and is_due and not is_reached(old, level, facts, swap.now):
            found.to_issue.append(_card_change(case, clock, level))


def _is_revoked(card: LimitWarning) -> bool:
    gone = (CardReview.Act.REVOKE, CardReview.Act.CANCEL)
    return any(review.act in gone for review in card.reviews.all())


def _card_change(case: Application, clock: Clock, level: str, card: LimitWarning | None = None) -> CardChange:
    return CardChange(case.pk, case.number or "", clock.pk, clock.kind, level, card)
