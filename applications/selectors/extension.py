"""What an extension would do, told before anybody presses the button."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from applications.domain.clock import Fact, derive
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from applications.models import Application, Clock
from applications.selectors.clock_facts import clock_facts
from applications.selectors.statement_words import day_short
from halls.domain.budget import Budget
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment

SHOWN = (5, 10)


def extension_words(application: Application) -> list[str]:
    """The dates of the promise and of the law as they are, and five and ten working days on."""
    moment, words = read_moment(), []
    kinds = (ClockKind.PROMISED, ClockKind.STATUTORY)
    clocks = Clock.objects.filter(application=application, kind__in=kinds, state=Clock.State.RUNNING)
    for clock in clocks.prefetch_related("facts").order_by("pk"):
        label = CLOCK_LABELS[ClockKind(clock.kind)]
        if clock.due_at is None or moment.at > clock.due_at:
            words.append(_("%(limit)s已经届满，不能延长。") % {"limit": label})
            continue
        facts = clock_facts(clock, sorted(clock.facts.all(), key=lambda fact: fact.pk))
        ends = []
        for days in SHOWN:
            longer = replace(facts, facts=(*facts.facts, Fact(ClockMove.EXTEND, moment.at, more=Budget(days))))
            ends.append(f"{days} 天到 {_day(derive(longer, moment.calendar, ()).due_at, moment.at)}")
        told = {"limit": label, "due": _day(clock.due_at, moment.at), "ends": "，".join(ends)}
        words.append(_("%(limit)s现在到 %(due)s；延长 %(ends)s。") % told)
    return words


def _day(moment: datetime | None, now: datetime) -> str:
    return "" if moment is None else day_short(day_of(moment), day_of(now))
