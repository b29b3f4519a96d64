"""The counts beside the main menu: a person's own piles of cases, and what else waits for an act of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from applications.selectors.inbox import RAIL_PILES, rail_row
from halls.acting import Actor
from halls.domain.moments import day_of
from halls.domain.worktime import SHANGHAI
from supervision.figures import REVIEW_FIGURES, Present
from supervision.models import LimitWarning
from supervision.selectors import group_cards
from supervision.selectors.cards import watches_county
from supervision.selectors.orders import in_box, visible_orders
from supervision.selectors.ratings import acted_on_by, visible_ratings
from supervision.selectors.scope import WATCH, Scope
from supervision.selectors.voices import visible_voices
from supervision.selectors.watch import COUNTED_TO

PAGES: Final = ("supervision", "voice_list", "orders", "ratings")


def menu_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Return the piles, and by the name of a page how much waits there for this person: one statement.

    Each number is that of the list behind its item: complaints on one's own desk, orders and ratings in 待我办理, cards
    in 等人处理 of the dashboard. All but the piles are counted up to COUNTED_TO.
    """
    who = (actor.user_id, actor.person_code, actor.post_kind, actor.hall_path, frozenset(actor.nodes.items()))
    asked = _Asked(who, day_of(now), actor)
    statement, params = _written(asked)
    stand_in = asked.moment
    with connection.cursor() as cursor:
        cursor.execute(statement, [now if given == stand_in else given for given in params])
        row = cursor.fetchone()
    return {key: number or 0 for key, number in zip((*PAGES, *RAIL_PILES), row, strict=False)}


@dataclass(frozen=True)
class _Asked:
    """Who asks, with which duties, on which day: whatever the statement depends on but the moment."""

    who: tuple[object, ...]
    day: date
    actor: Actor = field(compare=False)

    @property
    def moment(self) -> datetime:
        """A moment of this day in whose place the true one is put: nothing else of a day begins or ends there."""
        return datetime.combine(self.day, time(11, 47, 13, 271828), tzinfo=SHANGHAI)


@lru_cache(maxsize=512)
def _written(asked: _Asked) -> tuple[str, list[Any]]:
    """The statement for every page of this reader today: to write it takes far longer than to run it."""
    actor, present = asked.actor, Present.at(asked.moment)
    waiting: tuple[QuerySet[Any], ...] = (
        _cards(actor, present),
        visible_voices(actor).open().seated_at(actor),
        visible_orders(actor).filter(in_box("mine", actor, present.now)),
        visible_ratings(actor).filter(acted_on_by(actor)),
    )
    columns: list[str] = []
    params: list[Any] = []
    for rows in waiting:
        sql, given = _sql(rows.order_by().values("pk")[:COUNTED_TO])
        columns.append(f"(SELECT count(*) FROM ({sql}) waiting)")  # noqa: S608 - Django's own SQL
        params += given
    piles, given = _sql(rail_row(actor, present.now))
    statement = f"SELECT {', '.join(columns)}, piles.* FROM (SELECT) nothing LEFT JOIN ({piles}) piles ON true"  # noqa: S608
    return statement, [*params, *given]


def _cards(actor: Actor, present: Present) -> QuerySet[LimitWarning]:
    """Whatever the actor may decide about; of a township's cards its director decides about the warnings alone."""
    if not actor.supervises:
        return LimitWarning.objects.none()
    asked = REVIEW_FIGURES["to_review"].condition(present)
    if watches_county(actor):
        asked |= REVIEW_FIGURES["to_confirm"].condition(present)
    else:
        asked &= Q(level=LimitWarning.Level.WARNING)
    return group_cards.GROUP.rows(Scope(WATCH, actor)).filter(asked)


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # nothing of this kind can wait for them
        return "SELECT 1 WHERE false", ()
