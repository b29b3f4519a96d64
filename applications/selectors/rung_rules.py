"""Which rule set a warning or card of a clock, in words and with its citation."""

from __future__ import annotations

from applications.domain.card_rules import chosen, threshold_of
from applications.domain.transitions import ClockKind
from applications.models import Application, Clock
from applications.selectors.rules import rulebook
from halls.domain.worktime import day_of


def rule_behind(clock: Clock, level: str, application: Application) -> tuple[str, str]:
    """Return sentence and citation of the rule that governs the clock since it started; ("", "") for none."""
    day = day_of(clock.started_at)
    governing = rulebook(day).set_for(day, application.matter_id, clock.department_id)
    if governing is None:
        return "", ""
    facts = {"is_alone": clock.is_alone, "is_immediate": application.guide.is_immediate}
    mine = [entry for entry in governing.entries if entry.rule.concerns(ClockKind(clock.kind), clock.amount, **facts)]
    counting = set(chosen(entry.rule for entry in mine))
    for entry in mine:
        if entry.rule.level == level and entry.rule in counting:
            return threshold_of(entry.rule), entry.basis
    return "", ""
