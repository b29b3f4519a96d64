"""Orders, urges, complaints, inquiries and ratings told once more, in plain Python, from their acts alone.

Shares nothing with the selectors. Taken as given besides the acts is only what never changes: whom a row is about, what
kind it is, the level that was given, the days of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from supervision.models import (
    Callback,
    CallbackCall,
    OrderAct,
    Rating,
    RatingAct,
    SupervisionOrder,
    TermFact,
    Urge,
    Voice,
    VoiceAct,
)
from tests.supervision.recount import CHINA, Days, Limit

DAYS = {"order": 5, "complaint": 3, "repeat": 3, "inquiry": 5, "contact": 1, "rectify": 5}


@dataclass
class Act:
    """What was done, when, by whom (None: a villager)."""

    name: str
    at: datetime
    user: int | None


@dataclass
class Told:
    """Anything that acts are about."""

    acts: list[Act] = field(default_factory=list)

    def first(self, *names: str) -> datetime | None:
        """When the first of these acts was done."""
        return next((act.at for act in self.acts if act.name in names), None)

    def did(self, *names: str, before: datetime | None = None) -> bool:
        at = self.first(*names)
        return at is not None and (before is None or at < before)

    @property
    def people(self) -> set[int | None]:
        return {act.user for act in self.acts}


def limit(kind: str, begun: datetime) -> Limit:
    return Limit(kind, None, "wd", DAYS[kind], begun)


def is_over(one: Limit, calendar: Days, now: datetime) -> bool:
    """Nobody has stopped it, and its last day has passed."""
    due = one.due(calendar, now)
    return one.ended is None and due is not None and due < now


def is_kept(one: Limit, calendar: Days) -> bool:
    """It was stopped, on its last day at the latest."""
    if one.ended is None:
        return False
    due = one.due(calendar, one.ended)
    return due is not None and one.ended <= due


# --- orders -----------------------------------------------------------------------------------------------------------


@dataclass
class Order(Told):
    organ: str = ""
    issuer: str = ""
    limits: list[Limit] = field(default_factory=list)
    replies: list[tuple[datetime, Limit]] = field(default_factory=list)

    def hear(self, act: Act, days: int | None) -> None:
        self.acts.append(act)
        if act.name in ("issue", "send_back"):
            self.limits.append(limit("order", act.at))
        elif act.name == "extend":
            self.limits[-1].more += days or 0
        elif self.limits[-1].ended is None and act.name != "accept":
            self.limits[-1].ended = act.at
        if act.name == "reply":
            self.replies.append((act.at, self.limits[-1]))

    @property
    def is_open(self) -> bool:
        return not self.did("accept", "give_up", "withdraw")


def orders() -> list[Order]:
    found = {
        pk: Order(organ=organ, issuer=issuer)
        for pk, organ, issuer in SupervisionOrder.objects.values_list("pk", "organ_path", "issuer_path")
    }
    for row in OrderAct.objects.order_by("order_id", "seq"):
        found[row.order_id].hear(Act(row.act, row.at.astimezone(CHINA), row.user_id), row.days)
    return list(found.values())


def is_answered(order: Order, one: Limit, calendar: Days) -> bool:
    """It was a reply that stopped this limit, on its last day at the latest."""
    return is_kept(one, calendar) and any(limit is one for _at, limit in order.replies)


@dataclass
class Urged:
    case: int
    seat: str
    user: int
    at: datetime


def urges() -> list[Urged]:
    rows = Urge.objects.values_list("application_id", "seat_path", "user_id", "at")
    return [Urged(case, seat, user, at.astimezone(CHINA)) for case, seat, user, at in rows]


# --- complaints and inquiries -----------------------------------------------------------------------------------------


@dataclass
class Speech(Told):
    kind: str = ""
    about: str = ""
    accused: str = ""
    seat: str = ""
    limit: Limit | None = None
    result: str = ""

    def hear(self, act: Act, ground: str) -> None:
        self.acts.append(act)
        if act.name == "lodge":
            self.limit = limit(self.kind, act.at)
        assert self.limit is not None
        if act.name == "extend":
            self.limit.more += int(ground)
        elif act.name in ("answer", "refuse"):
            self.limit.ended, self.result = act.at, ground
        elif act.name == "hand_up":
            self.seat = parent(self.seat) if self.kind == "inquiry" else self.seat.split("/")[0] + "/"

    @property
    def is_open(self) -> bool:
        return not self.did("answer", "refuse")


def parent(path: str) -> str:
    return "/".join(path.split("/")[:-2]) + "/"


def first_seat(kind: str, about: str, watchers: dict[str, list[str]], accused: str) -> str:
    """An inquiry lies where it was asked; a complaint about a village at its township, every other at the county."""
    if kind == "inquiry":
        return about
    county = about.split("/")[0] + "/"
    if about.count("/") != 3 or "~" in about:
        return county
    names = watchers.get(parent(about), [])
    return county if all(name in accused for name in names) else parent(about)


def speeches(watchers: dict[str, list[str]]) -> list[Speech]:
    """`watchers`: the names of those who watch, by the path of their township."""
    found = {}
    for pk, kind, about, accused in Voice.objects.values_list("pk", "kind", "about_path", "accused_person"):
        found[pk] = Speech(kind=kind, about=about, accused=accused, seat=first_seat(kind, about, watchers, accused))
    for row in VoiceAct.objects.order_by("pk"):
        found[row.voice_id].hear(Act(row.verb, row.at.astimezone(CHINA), row.user_id), row.ground)
    return list(found.values())


# --- ratings ----------------------------------------------------------------------------------------------------------


@dataclass
class Opinion(Told):
    path: str = ""
    level: int = 0
    case: int = 0
    rated: datetime = datetime.min
    earlier: int = 0
    seat: str = ""  # of whoever is responsible, and puts it right
    contact: Limit | None = None
    rectify: Limit | None = None
    is_content_again: bool = False

    def hear(self, act: Act) -> None:
        self.acts.append(act)
        names = [one.name for one in self.acts]
        if act.name == "valid":
            self.rectify = limit("rectify", act.at)
        reached = act.name in ("contact", "exclude") or names.count("attempt") == 3
        if self.contact and self.contact.ended is None and reached:
            self.contact.ended = act.at
        if self.rectify and self.rectify.ended is None and act.name in ("rectify", "exclude"):
            self.rectify.ended = act.at

    @property
    def is_bad(self) -> bool:
        return self.level in (1, 2)

    @property
    def held(self) -> str:
        """Against whom it counts: the rated hall until it was found valid."""
        return self.seat if self.did("valid") else self.path

    @property
    def counts(self) -> bool:
        return not self.did("explain", "exclude")

    @property
    def is_open(self) -> bool:
        return self.is_bad and not self.did("publish", "explain", "exclude")

    @property
    def is_appealed(self) -> bool:
        return self.did("appeal") and not self.did("exclude", "uphold")


def opinions() -> list[Opinion]:
    found: dict[int, Opinion] = {}
    given = list(Rating.objects.order_by("pk"))
    for row in given:
        rated = row.rated_at.astimezone(CHINA)
        one = Opinion(path=row.path, level=row.level, case=row.application_id, rated=rated)
        one.earlier = _from_the_same(row, given)
        one.contact = limit("contact", rated) if one.is_bad else None
        one.seat = row.rectify_term.seat_path if row.rectify_term else ""
        found[row.pk] = one
    for act in RatingAct.objects.order_by("pk"):
        found[act.rating_id].hear(Act(act.act, act.at.astimezone(CHINA), act.user_id))
        found[act.rating_id].is_content_again |= act.is_content is True
    for fact in TermFact.objects.filter(move="extend", term__kind="rating_rectify").select_related("term"):
        rectify = found[fact.term.rating_to_rectify.pk].rectify
        assert rectify is not None
        rectify.more += fact.amount or 0
    return list(found.values())


def _from_the_same(row: Any, given: list[Any]) -> int:
    """Earlier ones from the same device within a day, or the same network within an hour: the more of both."""
    before = [one for one in given if one.pk < row.pk]
    device = [one for one in before if row.device == one.device and row.rated_at - one.rated_at < timedelta(days=1)]
    client = [one for one in before if row.client == one.client and row.rated_at - one.rated_at < timedelta(hours=1)]
    return max(len(device) if row.device else 0, len(client) if row.client else 0)


@dataclass
class Called(Told):
    """A proxied case that was drawn to be called back; its acts are `reached` and `missed`."""

    path: str = ""
    has_paid: bool = False


def callbacks() -> list[Called]:
    found = {pk: Called(path=path) for pk, path in Callback.objects.values_list("pk", "path")}
    for call in CallbackCall.objects.order_by("pk"):
        one = found[call.callback_id]
        one.acts.append(Act("reached" if call.is_reached else "missed", call.at.astimezone(CHINA), call.user_id))
        one.has_paid |= call.has_paid is True
    return list(found.values())
