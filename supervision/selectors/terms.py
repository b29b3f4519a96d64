"""Limits of inquiries, complaints, ratings and orders: their facts, colours and statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q

from applications.domain.clock import ClockFacts, Fact, guide_budget
from applications.domain.lights import Colour, warned_from
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from halls.domain.statement import Statement, explain
from halls.selectors.work_calendar import Moment
from supervision.models import Term, TermFact, TermWarning


def limit_name(kind: str) -> str:
    """What a limit is called on its pages and in reminders: whoever rated badly is contacted within this one, and is
    called again (回访) once it was put right.
    """
    known = ClockKind(kind)
    return "差评联系" if known is ClockKind.RATING_CONTACT else CLOCK_LABELS[known]


def term_facts(term: Term, ledger: Iterable[TermFact]) -> ClockFacts:
    """Everything the dates of a limit depend on; `ledger`: its facts in order."""
    facts = tuple(_fact(fact) for fact in ledger)
    return ClockFacts(kind=ClockKind(term.kind), budget=guide_budget(term.amount, term.unit), facts=facts)


def _fact(fact: TermFact) -> Fact:
    more = guide_budget(fact.amount, fact.unit) if fact.amount is not None else None
    return Fact(ClockMove(fact.move), fact.at, more=more)


def arming_of(level: str, ledger: Iterable[TermFact]) -> int:
    """Which time this rung is armed: an extension moves the end away, so that it warns of the new one, too."""
    if level != TermWarning.Level.WARNING:
        return 1
    return 1 + sum(fact.move == ClockMove.EXTEND for fact in ledger)


def is_claimed(level: str, ledger: Iterable[TermFact], warnings: Iterable[TermWarning]) -> bool:
    """Whether this rung, as it is armed now, is among the warnings of the limit."""
    arming = arming_of(level, ledger)
    return any((warning.level, warning.arming) == (level, arming) for warning in warnings)


def colour_of_term(term: Term, now: datetime) -> Colour:
    """The light of a limit: red once it is over, yellow once it warns, done when it stands."""
    if term.state == Term.State.STOPPED:
        return Colour.DONE
    if term.due_at < now:
        return Colour.RED
    # As of a case: with its warning, or with a yellow card that comes before its end.
    warned = warned_from(term.warn_at, term.yellow_at, term.due_at)
    return Colour.YELLOW if warned is not None and warned <= now else Colour.GREEN


def term_colour(colour: Colour, now: datetime, prefix: str = "term__") -> Q:
    """The condition under which `colour_of_term` answers so, for whatever points at a limit."""

    def q(**conditions: object) -> Q:
        return Q(**{prefix + name: value for name, value in conditions.items()})

    running = q(state=Term.State.RUNNING)
    early = q(yellow_at__isnull=False, yellow_at__lte=now, yellow_at__lt=F(f"{prefix}due_at"))
    warned = q(warn_at__isnull=False, warn_at__lte=now) | early
    return {
        Colour.DONE: q(state=Term.State.STOPPED),
        Colour.RED: running & q(due_at__lt=now),
        Colour.YELLOW: running & q(due_at__gte=now) & warned,
        Colour.GREEN: running & q(due_at__gte=now) & ~warned,
    }[colour]


def statement_of(term: Term, moment: Moment) -> Statement:
    """Return the limit explained day by day (时限说明单)."""
    facts = term_facts(term, term.facts.order_by("pk"))
    return explain(
        facts.started_at, facts.budget, moment.calendar, (), facts.extensions, moment=facts.stopped_at or moment.at
    )
