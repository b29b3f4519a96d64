"""The sets of card rules as people look at them: in force, to come, waiting for the second person, past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from applications.domain.card_rules import LEVEL_LABELS, sentence_of
from applications.domain.rule_file import Entry
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import RuleSet
from halls.acting import Actor
from halls.domain.errors import NotFound
from halls.permissions import may_sign
from supervision.selectors.supervised import require_duty


@dataclass(frozen=True)
class Shelves:
    """Every set that counts today or is going to, and the proposals."""

    in_force: list[RuleSet]
    to_come: list[RuleSet]
    waiting: list[RuleSet]


def require_reader(actor: Actor) -> None:
    """Raises NotPermitted for somebody who neither supervises nor signs for the county."""
    if not may_sign(actor):
        require_duty(actor)


def shelves(today: date) -> Shelves:
    """Of each scope the set that governs what starts today, what is signed for later, what waits. One statement."""
    found = list(_rows().exclude(dropped_at__isnull=False).order_by("scope", "-effective_on", "-pk"))
    signed = [one for one in found if one.is_in_force and (one.ended_on is None or one.ended_on >= today)]
    in_force: dict[tuple[Any, ...], RuleSet] = {}
    for one in signed:
        if one.effective_on <= today:
            in_force.setdefault((one.scope, one.department_id, one.matter_id), one)
    to_come = [one for one in signed if one.effective_on > today]
    return Shelves(list(in_force.values()), to_come, [one for one in found if one.is_waiting])


def rule_set(pk: int) -> RuleSet:
    """Return a set with its rules. Raises NotFound."""
    found = _rows().prefetch_related("rules").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这套规则。")
    return found


def _rows() -> QuerySet[RuleSet]:
    return RuleSet.objects.select_related("department", "matter", "proposed_by", "confirmed_by", "dropped_by")


def sentences(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The rules in plain words, a group per clock."""
    groups: dict[ClockKind, list[dict[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry.rule.clock, []).append(
            {
                "sentence": sentence_of(entry.rule),
                "level": entry.rule.level.value,
                "level_label": LEVEL_LABELS[entry.rule.level],
                "basis": entry.basis,
                "waits": not entry.is_automatic,
            }
        )
    return [{"clock": CLOCK_LABELS[kind], "rules": groups[kind]} for kind in ClockKind if kind in groups]
