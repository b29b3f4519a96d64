"""What the acts of a week or a month come to, body by body: plain Python over the stories of recount_acts.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from applications.models import Event
from tests.supervision.recount import CHINA, Days, Limit, stories
from tests.supervision.recount_acts import (
    Opinion,
    Order,
    Speech,
    callbacks,
    is_answered,
    is_kept,
    opinions,
    orders,
    speeches,
    urges,
)

SILENCE = timedelta(days=7)
Sheet = dict[str, Counter[str]]


class Span:
    """From the first day through the last, in Shanghai."""

    def __init__(self, first: Any, last: Any) -> None:
        self.begin = datetime(first.year, first.month, first.day, tzinfo=CHINA)
        self.end = datetime(last.year, last.month, last.day, tzinfo=CHINA) + timedelta(days=1)

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.begin <= at < self.end


def body(path: str) -> str:
    """The county's own hall, a township or a department of the county."""
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if parts[1] else path


def act_counts(span: Span, watchers: dict[str, list[str]]) -> Sheet:
    """Every column of orders, voices and ratings."""
    calendar, found = Days(), defaultdict[str, Counter[str]](Counter)
    for order in orders():
        found[body(order.organ)].update(_order(order, span, calendar))
    for urge in urges():
        found[body(urge.seat)]["urges"] += span.has(urge.at)
    for speech in speeches(watchers):
        found[body(speech.about)].update(_speech(speech, span, calendar))
    rated = {}
    for opinion in opinions():
        rated[opinion.case] = opinion.rated
        found[body(opinion.path)].update(_opinion(opinion, span))
        found[body(opinion.held if opinion.did("valid", before=span.end) else opinion.path)].update(
            _valid(opinion, span)
        )
        found[body(opinion.held)]["ratings_answered_for"] += span.has(opinion.first("valid"))
        if span.has(opinion.first("rectify")):
            assert opinion.rectify is not None
            found[body(opinion.seat)]["rectified"] += 1
            found[body(opinion.seat)]["rectified_in_time"] += is_kept(opinion.rectify, calendar)
        found[body(opinion.seat or opinion.path)].update(_owed(opinion, span, calendar))
    for one in callbacks():
        found[body(one.path)]["callbacks"] += span.has(one.first("reached"))
    for story in stories(lambda story: story.status == "delivered"):
        silent_since = story.moments["ended"] + SILENCE
        is_silent = story.case not in rated or rated[story.case] > silent_since
        found[body(story.path)]["unrated"] += is_silent and span.has(silent_since)
    return {path: +counts for path, counts in found.items() if +counts}


def is_left(limit: Limit, span: Span, calendar: Days) -> bool:
    """When the span ended it had run out, and nothing had stopped it."""
    due = limit.due(calendar, span.end)
    return due is not None and due < span.end and (limit.ended is None or limit.ended >= span.end)


def _order(order: Order, span: Span, calendar: Days) -> Counter[str]:
    found = Counter[str]()
    names = {"issue": "issued", "accept": "closed", "give_up": "unrectified", "withdraw": "withdrawn"}
    for act in order.acts:
        if act.name in names and span.has(act.at):
            found[f"orders_{names[act.name]}"] += 1
    for at, limit in order.replies:
        found["orders_replied"] += span.has(at)
        found["orders_in_time"] += span.has(at) and is_kept(limit, calendar)
    for limit in order.limits:
        due = limit.due(calendar, span.end)
        found["orders_overdue"] += span.has(due) and not is_kept(limit, calendar)
        found["orders_due"] += span.has(due) and (is_answered(order, limit, calendar) or not is_kept(limit, calendar))
        found["orders_due_in_time"] += span.has(due) and is_answered(order, limit, calendar)
        found["orders_unanswered"] += is_left(limit, span, calendar)
    ended = order.did("accept", "give_up", "withdraw", before=span.end)
    found["orders_open"] += order.did("issue", before=span.end) and not ended
    return found


def _speech(speech: Speech, span: Span, calendar: Days) -> Counter[str]:
    assert speech.limit is not None
    lodged, answered = span.has(speech.first("lodge")), span.has(speech.first("answer"))
    kept = is_kept(speech.limit, calendar)
    name = "inquiries" if speech.kind == "inquiry" else "complaints"
    found = Counter(
        {
            name: lodged,
            f"{name}_answered": answered,
            f"{name}_in_time": answered and kept,
            f"{name}_late": answered and not kept,
        }
    )
    due = speech.limit.due(calendar, span.end)
    in_time = kept and speech.did("answer")
    found[f"{name}_due"] = span.has(due) and (in_time or not kept)
    found[f"{name}_due_in_time"] = span.has(due) and in_time
    found[f"{name}_overdue"] = is_left(speech.limit, span, calendar)
    if name == "complaints":
        found["repeats"] = lodged and speech.kind == "repeat"
        found["complaints_accepted"] = span.has(speech.first("accept"))
        found["complaints_refused"] = span.has(speech.first("refuse"))
        found["complaints_upheld"] = answered and speech.result in ("upheld", "partly")
        ended = speech.did("answer", "refuse", before=span.end)
        found["complaints_open"] = speech.did("lodge", before=span.end) and not ended
    return Counter({key: int(number) for key, number in found.items()})


def _opinion(opinion: Opinion, span: Span) -> Counter[str]:
    found = Counter[str]()
    if span.has(opinion.rated):
        found.update(["rated", f"rated_{opinion.level}"])
    for act, key in (("explain", "ratings_invalid"), ("exclude", "ratings_excluded"), ("revisit", "revisited")):
        found[key] += span.has(opinion.first(act))
    return found


def _owed(opinion: Opinion, span: Span, calendar: Days) -> Counter[str]:
    """What fell due of putting it right, and what was left when the span ended."""
    if opinion.rectify is None:
        return Counter()
    due, kept = opinion.rectify.due(calendar, span.end), is_kept(opinion.rectify, calendar)
    righted = kept and opinion.did("rectify")
    return Counter(
        rectify_due=span.has(due) and (righted or not kept),
        rectify_due_in_time=span.has(due) and righted,
        rectify_overdue=is_left(opinion.rectify, span, calendar),
    )


def _valid(opinion: Opinion, span: Span) -> list[str]:
    is_left_out = opinion.did("explain", before=span.end) or opinion.did("exclude", before=span.end)
    if is_left_out or not span.has(opinion.rated):
        return []
    return ["rated_valid", "rated_bad" if opinion.is_bad else "rated_content"]


def lying_at_departments(span: Span) -> Counter[str]:
    """How many cases that were open when the span ended lay at each department of the county: from events."""
    seats: dict[int, str] = {}
    ended: set[int] = set()
    for event in Event.objects.filter(at__lt=span.end).order_by("application_id", "seq"):
        seats[event.application_id] = event.detail.get("seat", seats.get(event.application_id, ""))
        if event.to_status in ("delivered", "withdrawn", "declined"):
            ended.add(event.application_id)
    open_seats = [body(seat) for case, seat in seats.items() if case not in ended]
    return Counter(seat for seat in open_seats if "~" in seat)
