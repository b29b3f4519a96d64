"""The figures of orders, urges, voices and ratings once more, for whoever is said to see which: plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.supervision.recount import Days, is_month, stories
from tests.supervision.recount_acts import (
    Called,
    Opinion,
    Order,
    Speech,
    Urged,
    callbacks,
    is_answered,
    is_kept,
    is_over,
    opinions,
    orders,
    speeches,
    urges,
)

SILENCE = timedelta(days=7)
HELD = ("rated_month", "bad_month")
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Sees:
    """Which of each kind somebody sees, said once more in words of places."""

    case: Callable[[Any], bool]
    order: Callable[[Order], bool]
    urge: Callable[[Urged, set[int]], bool]
    voice: Callable[[Speech], bool]
    rating: Callable[[Opinion], bool]  # to be handled
    held: Callable[[Opinion], bool]  # to be counted
    callback: Callable[[Called], bool]
    # Of which they are told that nobody rated them, or that one device rated several.
    above: Callable[[Any], bool] = lambda _one: False


def recount_acts(sees: Sees, now: datetime, watchers: dict[str, list[str]]) -> Counter[str]:
    """Every figure of the four groups and of call-backs, by its key."""
    calendar, found = Days(), Counter[str]()
    for order in filter(sees.order, orders()):
        found.update(_of_order(order, calendar, now))
    cases = stories(sees.case)
    seen = {story.case for story in cases}
    found["urges_month"] = sum(is_month(one.at, now) for one in urges() if sees.urge(one, seen))
    for speech in filter(sees.voice, speeches(watchers)):
        found.update(f"voices_{key}" for key in _of_voice(speech, calendar, now))
    everybody = opinions()
    for opinion in everybody:
        keys = _of_rating(opinion, calendar, now)
        found.update(f"ratings_{key}" for key in keys if (sees.held if key in HELD else sees.rating)(opinion))
        found["ratings_suspicious"] -= "suspicious" in keys and sees.rating(opinion) and not sees.above(opinion)
    rated = {one.case for one in everybody}
    for story in cases:
        is_unrated = story.status == "delivered" and story.case not in rated and _is_silent(story, now)
        found["ratings_unrated"] += is_unrated and sees.above(story)
    for one in filter(sees.callback, callbacks()):
        found.update(_of_callback(one, now))
    return found


def _is_silent(story: Any, now: datetime) -> bool:
    ago = now - story.moments["ended"]
    return bool(SILENCE < ago <= A_YEAR)


def _of_order(order: Order, calendar: Days, now: datetime) -> list[str]:
    keys = ["orders_open"] if order.is_open else []
    if order.is_open and is_over(order.limits[-1], calendar, now):
        keys.append("orders_overdue")
    if any(is_month(at, now) and is_kept(limit, calendar) for at, limit in order.replies):
        keys.append("orders_replied_in_time_month")
    ran_out = [one for one in order.limits if (due := one.due(calendar, now)) and due < now and is_month(due, now)]
    owed = [one for one in ran_out if is_answered(order, one, calendar) or not is_kept(one, calendar)]
    if owed:
        keys.append("orders_due_month")
        keys += ["orders_due_kept_month"] if all(is_answered(order, one, calendar) for one in owed) else []
    for act, key in (("accept", "orders_closed_month"), ("give_up", "orders_unrectified_month")):
        at = order.first(act)
        keys += [key] if at and is_month(at, now) else []
    return keys


def _of_voice(speech: Speech, calendar: Days, now: datetime) -> list[str]:
    assert speech.limit is not None
    keys = ["open"] if speech.is_open else []
    if speech.is_open and is_over(speech.limit, calendar, now):
        keys.append("overdue")
    moments = {name: speech.first(name) for name in ("lodge", "answer", "refuse", "extend")}
    this_month = {name for name, at in moments.items() if at and is_month(at, now)}
    if "lodge" in this_month:
        keys += ["received_month", "repeat_month"] if speech.kind == "repeat" else ["received_month"]
    if "answer" in this_month:
        keys.append("answered_in_time_month" if is_kept(speech.limit, calendar) else "answered_late_month")
    due = speech.limit.due(calendar, now)
    answered = speech.did("answer") and is_kept(speech.limit, calendar)
    if due is not None and due < now and is_month(due, now) and (answered or not is_kept(speech.limit, calendar)):
        keys += ["due_month", "due_kept_month"] if answered else ["due_month"]
    return keys + [
        f"{verb}_month" for name, verb in (("refuse", "refused"), ("extend", "extended")) if name in this_month
    ]


def _of_rating(opinion: Opinion, calendar: Days, now: datetime) -> list[str]:
    truths = {
        "rated_month": opinion.counts and is_month(opinion.rated, now),
        "bad_month": opinion.counts and opinion.is_bad and is_month(opinion.rated, now),
        "bad_open": opinion.is_open,
        "contact_late": opinion.contact is not None and is_over(opinion.contact, calendar, now),
        "rectify_late": opinion.rectify is not None and is_over(opinion.rectify, calendar, now),
        "appeals": opinion.is_appealed,
        "suspicious": opinion.earlier >= 2,
        "excluded": opinion.did("exclude"),
    }
    return [key for key, holds in truths.items() if holds]


def _of_callback(one: Called, now: datetime) -> list[str]:
    at = one.first("reached")
    keys = ["callbacks_waiting"] if at is None else []
    if at is not None and is_month(at, now):
        keys += ["callbacks_month", "callbacks_paid_month"] if one.has_paid else ["callbacks_month"]
    return keys


def recount_rates(sees: Sees, now: datetime) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every rate of ratings."""
    calendar, found = Days(), Counter[str]()
    for one in filter(sees.held, opinions()):
        for key, (part, whole) in _shares(one, calendar, now).items():
            found[key] += whole
            found[f"{key}/"] += whole and part
    return {key: (found[f"{key}/"], found[key]) for key in found if not key.endswith("/")}


def _shares(one: Opinion, calendar: Days, now: datetime) -> dict[str, tuple[bool, bool]]:
    """Of each rate whether this rating is in the numerator (where it is in the denominator), and in the denominator."""
    is_valid = one.counts and one.did("valid")
    is_put_right = is_valid and one.did("rectify")
    is_revisited = one.counts and one.did("revisit")

    def owed(limit: Any) -> bool:
        return (
            one.counts
            and one.is_bad
            and limit is not None
            and (limit.ended is not None or is_over(limit, calendar, now))
        )

    return {
        "satisfaction": (not one.is_bad, one.counts),
        "contacted_in_time": (one.contact is not None and is_kept(one.contact, calendar), owed(one.contact)),
        "rectified_in_time": (one.rectify is not None and is_kept(one.rectify, calendar), owed(one.rectify)),
        "rectified": (is_put_right, is_valid),
        "revisited": (one.did("revisit"), is_put_right),
        "content_again": (one.is_content_again, is_revisited),
    }
