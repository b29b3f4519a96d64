"""Which cards neither the facts nor the calendar of today bear out any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from applications.domain.lifecycle import OPEN
from applications.domain.transitions import ClockKind
from applications.models import Clock
from applications.selectors.clock_facts import clock_facts
from applications.selectors.held import held_at
from applications.selectors.rules import rulebook
from halls.domain.worktime import SHANGHAI, day_of
from halls.selectors.work_calendar import Moment
from supervision.domain.calendar_swap import ended_since
from supervision.domain.owed import was_earned
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import acted
from supervision.selectors.supervised import names_of

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A card and what speaks against it, in words."""

    card_id: int
    application_id: int
    words: str


def unsupported_cards(moment: Moment) -> tuple[int, list[Unsupported]]:
    """Return how many cards were looked at, and those that are not borne out: statements by chunk, one for each card.

    By the facts of the ledger and the calendar of now, each clock under the rules of the day on which it started.
    """
    book = rulebook(day_of(moment.at))
    found: list[Unsupported] = []
    seen = 0
    for card in _cards(moment.at):
        seen += 1
        clock = card.clock
        assert clock is not None  # asked for
        case, kind = card.application, ClockKind(clock.kind)
        rules = book.governing(kind, day_of(clock.started_at), case.matter_id, clock.department_id)
        ledger = sorted(clock.facts.all(), key=lambda fact: fact.pk)
        facts = clock_facts(clock, ledger, is_immediate=case.guide.is_immediate)
        is_end_alone = card.level == LimitWarning.Level.RED and card.effective_at == clock.due_at
        told = (card.level, card.effective_at, moment.at)
        if not is_end_alone and not was_earned(facts, *told, moment.calendar, rules):
            found.append(Unsupported(card.pk, case.pk, _no_rung(card, clock)))
        elif (organ := held_at(clock, card.effective_at).path) != card.seat_path:
            words = f"生效时承办的是{names_of({organ}).get(organ, organ)}，不是被发牌的单位"
            found.append(Unsupported(card.pk, case.pk, words))
    return seen, found


def _cards(now: datetime) -> Iterator[LimitWarning]:
    """The cards of clocks that stand, of open cases and of those that ended lately."""
    wanted = Q(application__status__in=sorted(OPEN)) | Q(application__ended_at__gte=ended_since(now))
    gone = Q(acted(CardReview.Act.REVOKE)) | Q(acted(CardReview.Act.CANCEL))
    rows: QuerySet[LimitWarning] = (
        LimitWarning.objects.filter(wanted, ~gone, clock__isnull=False, level__in=("yellow", "red"))
        .select_related("clock", "application__guide")
        .defer("application__form")
        .prefetch_related("clock__facts")
        .order_by("pk")
    )
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def _no_rung(card: LimitWarning, clock: Clock) -> str:
    column = {"yellow": clock.yellow_at, "red": clock.red_at}[card.level]
    said = f"{card.effective_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    now = f"现在算出的到点时间是 {column.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if column else "现在算不出到点时间"
    return f"按办件记录和工作日历，{said} 没有到发牌的时间；{now}"
