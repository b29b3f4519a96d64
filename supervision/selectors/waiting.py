"""The counts beside the main menu: a person's own piles of cases, and what else waits for an act of theirs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db.models import Q, QuerySet

from applications.selectors.inbox import RAIL_PILES, rail_row
from halls.acting import Actor
from supervision.figures import REVIEW_FIGURES, Present
from supervision.models import LimitWarning
from supervision.querysets import reader
from supervision.selectors import group_cards
from supervision.selectors.cards import watches_county
from supervision.selectors.orders import in_box, visible_orders
from supervision.selectors.ratings import acted_on_by, visible_ratings
from supervision.selectors.scope import WATCH, Scope
from supervision.selectors.voices import visible_voices
from supervision.selectors.watch import COUNTED_TO
from supervision.selectors.written import Written, counted, number_of, row_of, side_by_side

_NOTHING: Final = dict.fromkeys(("supervision", "voice_list", "orders", "ratings", *RAIL_PILES), 0)


def menu_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Return the piles, and by the name of a page how much waits there for this person: one statement.

    Each number is that of the list behind its item: complaints on one's own desk, orders and ratings in 待我办理, cards
    in 等人处理 of the dashboard. All but the piles are counted up to COUNTED_TO.
    """
    return {**_NOTHING, **counted(("menu", reader(actor)), now, partial(_written, actor))}


def _written(actor: Actor, now: datetime) -> Written:
    waiting: dict[str, QuerySet[Any]] = {
        "supervision": _cards(actor, Present.at(now)),
        "voice_list": visible_voices(actor).open().seated_at(actor),
        "orders": visible_orders(actor).filter(in_box("mine", actor, now)),
        "ratings": visible_ratings(actor).filter(acted_on_by(actor)),
    }
    numbers = [number_of(page, rows.order_by().values("pk")[:COUNTED_TO]) for page, rows in waiting.items()]
    return side_by_side([*numbers, row_of(RAIL_PILES, rail_row(actor, now))])


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
