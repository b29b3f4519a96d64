"""The counts beside the main menu: a person's own piles of cases, and what else waits for an act of theirs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from applications.selectors.inbox import RAIL_PILES, rail_row
from halls.acting import Actor
from supervision.figures import REVIEW_FIGURES, Present
from supervision.models import LimitWarning
from supervision.selectors import group_cards
from supervision.selectors.cards import watches_county
from supervision.selectors.orders import in_box, visible_orders
from supervision.selectors.ratings import acted_on_by, visible_ratings
from supervision.selectors.scope import WATCH, Scope
from supervision.selectors.voices import visible_voices
from supervision.selectors.watch import COUNTED_TO


def menu_counts(actor: Actor, present: Present) -> dict[str, int]:
    """Return the piles, and by the name of a page how much waits there for this person: one statement.

    Each number is that of the list behind its item: complaints on one's own desk, orders and ratings in 待我办理, cards
    in 等人处理 of the dashboard. All but the piles are counted up to COUNTED_TO.
    """
    waiting: dict[str, QuerySet[Any]] = {
        "supervision": _cards(actor, present),
        "voice_list": visible_voices(actor).open().seated_at(actor),
        "orders": visible_orders(actor).filter(in_box("mine", actor, present.now)),
        "ratings": visible_ratings(actor).filter(acted_on_by(actor)),
    }
    columns: list[str] = []
    params: list[Any] = []
    for rows in waiting.values():
        sql, given = _sql(rows.order_by().values("pk")[:COUNTED_TO])
        columns.append(f"(SELECT count(*) FROM ({sql}) waiting)")  # noqa: S608 - Django's own SQL
        params += given
    piles, given = _sql(rail_row(actor, present.now))
    statement = f"SELECT {', '.join(columns)}, piles.* FROM (SELECT) nothing LEFT JOIN ({piles}) piles ON true"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *given])
        row = cursor.fetchone()
    return {key: number or 0 for key, number in zip((*waiting, *RAIL_PILES), row, strict=False)}


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
