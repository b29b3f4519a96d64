"""Limits that are no case's, proved from their ledger by the naive way of counting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from applications.models import CardRule
from supervision.domain.naive import SHANGHAI, Limit, end_of, later, warning_of
from supervision.models import Term, TermFact
from supervision.selectors.proof import RECORDED_WITHIN, RUNGS, Difference, Ground


def differences_of_terms(ground: Ground, ended_since: datetime | None) -> list[Difference]:
    """Return what is stored of the limits otherwise than their facts prove: of those that run, and of those that were
    stopped since (None: of all). Three statements for every 500.
    """
    wanted = Q(state=Term.State.RUNNING) | Q(stopped_at__gte=ended_since) if ended_since else Q()
    rows = Term.objects.filter(wanted).order_by("pk").prefetch_related("facts", "warnings")
    return [difference for term in rows.iterator(500) for difference in _term(term, ground.under_term(term))]


def _term(term: Term, ground: Ground) -> Iterator[Difference]:
    facts = sorted(term.facts.all(), key=lambda fact: fact.pk)
    proved = _dates(term, facts, ground)
    stopped = next((fact.at for fact in facts if fact.move == "stop"), None)
    for field, right in (*proved.items(), ("stopped_at", stopped)):
        if getattr(term, field) != right:
            yield _difference(term, field, getattr(term, field), right)
    claimed = {(warning.level, warning.arming) for warning in term.warnings.all()}
    extended = sum(fact.move == "extend" for fact in facts)
    over = min(ground.now - RECORDED_WITHIN, stopped or ground.now)
    for level, field in RUNGS.items():
        rung = proved[field]
        armed = 1 + extended if level == "warning" else 1
        if rung is not None and rung < over and (level, armed) not in claimed:
            yield _difference(term, f"card {level}", None, rung)


def _dates(term: Term, facts: list[TermFact], ground: Ground) -> dict[str, Any]:
    started = facts[0].at
    day = started.astimezone(SHANGHAI).date()
    more = tuple((fact.amount or 0, fact.unit) for fact in facts if fact.move == "extend")
    limit = Limit(day, term.amount, term.unit, (), started, more)
    end = end_of(limit, ground.almanac)
    dates: dict[str, Any] = {"due_at": end.at, "is_provisional": end.is_provisional}
    dates |= dict.fromkeys(("warn_at", "yellow_at", "red_at"))
    for rule in _rules(term, day, ground):
        if rule.side == "left":
            rung = warning_of(limit, rule.value, limit.moment(), ground.almanac)
        elif rule.side == "total":
            rung = end_of(Limit(day, rule.value, "wd"), ground.almanac).at
        else:
            rung = later(end, rule.value, limit, ground.almanac)
        known = dates[RUNGS[rule.level]]
        dates[RUNGS[rule.level]] = rung if known is None else min(known, rung)
    return dates


def _rules(term: Term, day: date, ground: Ground) -> list[CardRule]:
    """The county's rules of the day; a limit that is no case's knows neither matter nor department."""
    sets = [
        one
        for one in ground.sets
        if one.scope == "county" and one.effective_on <= day and (one.ended_on is None or day <= one.ended_on)
    ]
    if not sets:
        return []
    governing = max(sets, key=lambda one: one.effective_on)
    return [
        rule
        for rule in governing.rules.all()
        if rule.clock_kind == term.kind
        and (rule.min_amount is None or term.amount >= rule.min_amount)
        and (rule.max_amount is None or term.amount <= rule.max_amount)
    ]


def _difference(term: Term, field: str, stored: Any, right: Any) -> Difference:
    return Difference(
        case_id=0,
        number=term.title,
        clock_id=None,
        clock=term.kind,
        field=field,
        stored=_text(stored),
        proved=_text(right),
    )


def _text(value: Any) -> str:
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else str(value)
