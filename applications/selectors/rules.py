"""The card rules in force, read at most twice a minute per process."""

from __future__ import annotations

import time
from datetime import date
from threading import Lock

from django.db.models import Q

from applications.domain.clock import Level, Rule
from applications.domain.transitions import ClockKind
from applications.models import CardRule

_TTL = 30.0
_lock = Lock()
_kept: tuple[float, date, tuple[Rule, ...]] | None = None


def rules_in_force(today: date) -> tuple[Rule, ...]:
    """Return the rules that hold today."""
    global _kept
    with _lock:
        if _kept is not None and _kept[1] == today and time.monotonic() - _kept[0] < _TTL:
            return _kept[2]
    rows = CardRule.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today), effective_on__lte=today)
    rules = tuple(
        Rule(
            clock=ClockKind(row.clock_kind),
            level=Level(row.level),
            side=row.side,
            days=row.days,
            min_amount=row.min_amount,
            max_amount=row.max_amount,
            is_multiple=row.is_multiple,
            only_alone=row.only_alone,
        )
        for row in rows
    )
    if rules:
        with _lock:
            _kept = (time.monotonic(), today, rules)
    return rules


def forget_rules() -> None:
    """Drop the cache: rules were changed in this process."""
    global _kept
    with _lock:
        _kept = None
