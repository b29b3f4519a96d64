"""The figures once more, in plain Python, from what happened: events in order, cards and reviews as they lie.

Shares nothing with the selectors. Given besides the events are only what never changes: the route a case was given when
it was submitted, where it was filed, and the days of the calendar.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from applications.models import Application, ApplicationStep, Event
from halls.models import CalendarDay
from supervision.models import CardReview, LimitWarning

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
ENDS = ("delivered", "withdrawn", "declined")
LIT = ("pre_review", "acceptance", "promised", "statutory", "step", "delivery")


class Days:
    """The working days of 2026 and 2027, counted one by one."""

    def __init__(self) -> None:
        self.kinds = dict(CalendarDay.objects.values_list("date", "kind"))

    def is_worked(self, day: date) -> bool:
        return self.kinds[day] == "makeup" if day in self.kinds else day.isoweekday() < 6

    def between(self, after: date, through: date, without: list[tuple[date, date]] = ()) -> int:  # type: ignore[assignment]
        found, day = 0, after
        while day < through:
            day += DAY
            found += self.is_worked(day) and not any(first < day <= last for first, last in without)
        return found

    def counted(self, start: date, amount: int, without: list[tuple[date, date]]) -> list[date]:
        """The first working days after a day that count."""
        found: list[date] = []
        day = start
        while len(found) < amount:
            day += DAY
            if self.is_worked(day) and not any(first < day <= last for first, last in without):
                found.append(day)
        return found


@dataclass
class Limit:
    kind: str
    step: int | None
    unit: str
    amount: int
    begun: datetime
    ended: datetime | None = None
    more: int = 0
    pauses: list[list[Any]] = field(default_factory=list)  # began, granted until, ended

    def stills(self, now: datetime) -> list[tuple[date, date]]:
        found = []
        for began, granted, ended in self.pauses:
            last = [granted] if granted else []
            last += [ended.date()] if ended else []
            last += [self.ended.date()] if self.ended else []
            found.append((began.date(), min(last) if last else date.max))
        return found

    def sleeps(self, now: datetime) -> bool:
        """A pause runs, and its granted days are not over."""
        return bool(self.pauses) and self.pauses[-1][2] is None

    def days(self, calendar: Days, now: datetime) -> list[date]:
        return calendar.counted(self.begun.date(), self.amount + self.more, self.stills(now))

    def due(self, calendar: Days, now: datetime) -> datetime | None:
        """The last second of the last day; while it sleeps only what had passed before."""
        if self.sleeps(now):
            began = self.pauses[-1][0]
            awake = Limit(self.kind, self.step, self.unit, self.amount, self.begun, None, self.more, self.pauses[:-1])
            due = awake.due(calendar, now)
            return due if due is not None and due < began else None
        last = self.days(calendar, now)[-1] if self.amount + self.more else self.begun.date()
        return datetime.combine(last, time(23, 59, 59), CHINA)

    def warned(self, calendar: Days, now: datetime) -> datetime | None:
        """When the rules that ship turn the light yellow: the last day, of longer promises the last but one."""
        left = {"acceptance": 1, "step": 1, "delivery": 1, "promised": 1 if self.amount <= 3 else 2}.get(self.kind)
        if left is None or self.sleeps(now):
            return None
        days = self.days(calendar, now)
        return datetime.combine(days[max(len(days) - left, 1) - 1], time(), CHINA) if days else None

    def used(self, calendar: Days) -> int:
        assert self.ended is not None
        return calendar.between(self.begun.date(), self.ended.date(), self.stills(self.ended))

    def lost(self, calendar: Days) -> int:
        assert self.ended is not None
        due = self.due(calendar, self.ended)
        return calendar.between(due.date(), self.ended.date()) if due and self.ended > due else 0


@dataclass
class Story:
    """One case, told by its events."""

    path: str
    route: dict[int, str]
    accept_path: str = ""
    case: int = 0
    status: str = "draft"
    moments: dict[str, datetime] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    was_corrected: bool = False
    heard: dict[int, datetime] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        at = event.at.astimezone(CHINA)
        self.people.add(event.user_id)
        self.heard[event.seq] = at
        if event.to_status:
            self.status = event.to_status
        names = {
            "submit": "submitted", "receive": "received", "accept": "accepted", "deem_accepted": "accepted",
            "grant": "decided", "refuse": "decided", "deem_consent": "decided", "deem_renewed": "decided",
        }  # fmt: skip
        if event.verb in names:
            self.moments[names[event.verb]] = at
        if self.status in ENDS:
            self.moments.setdefault("ended", at)
        self.was_corrected |= event.verb == "request_correction"
        for told in event.detail.get("clocks", ()):
            self.move(told, at)

    def move(self, told: dict[str, Any], at: datetime) -> None:
        if told["move"] == "start":
            at = self.heard[told["since"]] if "since" in told else at
            self.limits.append(Limit(told["kind"], told["step"], told["unit"], told["amount"], at))
            return
        limit = [one for one in self.limits if one.kind == told["kind"]][-1]
        if told["move"] == "stop":
            limit.ended = at
        elif told["move"] == "pause":
            limit.pauses.append([at, date.fromisoformat(told["granted_until"]), None])
        elif told["move"] == "resume":
            limit.pauses[-1][2] = at
        elif told["move"] == "extend":
            limit.more += told["amount"]

    def of(self, kind: str) -> Limit | None:
        return next((one for one in reversed(self.limits) if one.kind == kind), None)

    def colour(self, calendar: Days, now: datetime) -> str:
        if self.status in ENDS:
            return "done"
        lit = [one for one in self.limits if one.kind in LIT and one.ended is None]
        dues = [due for one in lit if (due := one.due(calendar, now))]
        late = min(dues, default=None)
        if self.status == "suspended" and (late is None or late >= now):
            return "paused"
        if late is None:
            return "none"
        if late < now:
            return "red"
        warned = [at for one in lit if (at := one.warned(calendar, now))]
        return "yellow" if any(at <= now for at in warned) else "green"


def stories(is_seen: Any) -> list[Story]:
    """Every case that was filed and that `is_seen(path, route, accept_path, people)`, told from its events."""
    routes: dict[int, dict[int, str]] = defaultdict(dict)
    for case, seq, path in ApplicationStep.objects.values_list("application_id", "seq", "path"):
        routes[case][seq] = path
    told: dict[int, Story] = {}
    fixed = {pk: (path, accept) for pk, path, accept in Application.objects.values_list("pk", "path", "accept_path")}
    for event in Event.objects.order_by("application_id", "seq"):
        if event.application_id not in told:
            path, accept = fixed[event.application_id]
            told[event.application_id] = Story(path, routes[event.application_id], accept, event.application_id)
        told[event.application_id].hear(event)
    return [one for one in told.values() if one.status != "draft" and is_seen(one)]


def level_of(path: str) -> str:
    halls = path.split("~")[0].count("/")
    return {1: "county", 2: "township", 3: "village"}[halls]


def recount(is_seen: Any, now: datetime) -> dict[str, int]:
    """Every figure, by its key."""
    calendar, found = Days(), Counter[str]()
    for story in stories(is_seen):
        found.update(_of_case(story, calendar, now))
        found.update(_of_limits(story, calendar, now))
    return found


def _of_case(story: Story, calendar: Days, now: datetime) -> list[str]:
    promised = story.of("promised")
    promise = promised.due(calendar, now) if promised else None
    keys = [*_open(story, calendar, now), *_over(story, promise, calendar, now), *_moved(story, now)]
    keys += _fell_due(story, promise, now)
    return keys + (_kept(story, promise, calendar, now) if "concluded_month" in keys else [])


def _fell_due(story: Story, promise: datetime | None, now: datetime) -> list[str]:
    """The last day of the promise is over, in this month; whoever gave up before is owed nothing."""
    if promise is None or promise >= now or not is_month(promise, now):
        return []
    decided, ended = story.moments.get("decided"), story.moments.get("ended")
    if decided is not None:
        return ["due_month", "due_kept_month"] if decided <= promise else ["due_month"]
    return [] if ended is not None and ended <= promise else ["due_month"]


def _open(story: Story, calendar: Days, now: datetime) -> list[str]:
    if story.status in ENDS:
        return []
    today, colour = now.date(), story.colour(calendar, now)
    age = (today - story.moments["submitted"].date()).days
    keys = ["open", colour, f"age_{max(first for first in (0, 8, 16, 31, 61) if first <= age)}"]
    if colour in ("green", "yellow"):
        dues = [one.due(calendar, now) for one in story.limits if one.kind in LIT and one.ended is None]
        due = min(one for one in dues if one).date()
        keys += ["due_today"] if due == today else []
        keys += ["due_week"] if due.isocalendar()[:2] == today.isocalendar()[:2] else []
    return keys


def _over(story: Story, promise: datetime | None, calendar: Days, now: datetime) -> list[str]:
    special = story.of("special")
    until = special.due(calendar, now) if special and special.ended is None else None
    keys = ["overdue"] if story.status == "in_progress" and promise and promise < now else []
    return keys + (["outslept"] if story.status == "suspended" and until and until < now else [])


def _moved(story: Story, now: datetime) -> list[str]:
    at, keys = story.moments, []
    for name, figure in (("received", "received"), ("accepted", "accepted"), ("ended", "concluded")):
        if name not in at or (name == "ended" and story.status != "delivered"):
            continue
        keys += [f"{figure}_30"] if 0 <= (now.date() - at[name].date()).days < 30 else []
        keys += [f"{figure}_month"] if name != "accepted" and is_month(at[name], now) else []
    if "ended" in at and is_month(at["ended"], now) and story.status != "delivered":
        keys.append(f"{story.status}_month")
    return keys


def is_month(moment: datetime, now: datetime) -> bool:
    return (moment.year, moment.month) == (now.year, now.month)


def _kept(story: Story, promise: datetime | None, calendar: Days, now: datetime) -> list[str]:
    decided = story.moments["decided"]
    is_late = promise is not None and decided > promise
    is_early = promise is not None and decided.date() < promise.date()
    keys = ["late_month"] if is_late else ["on_time_month"]
    keys += ["early_month"] if is_early else []
    keys += ["on_day_month"] if not is_early and not is_late else []
    keys += ["corrected_month"] if story.was_corrected else []
    law = story.of("statutory")
    if law:
        keys.append("statutory_month")
        due = law.due(calendar, now)
        keys += ["statutory_kept_month"] if due is None or decided <= due else []
    return keys


def _of_limits(story: Story, calendar: Days, now: datetime) -> list[str]:
    if story.status != "delivered" or not is_month(story.moments["ended"], now):
        return []
    keys = []
    for limit in story.limits:
        if limit.kind == "promised" and limit.unit == "wd":
            keys.append("promised")
            law = story.of("statutory")
            keys += ["promised_and_lawful"] if law and law.unit == "wd" and law.amount else []
        if limit.kind in ("promised", "statutory"):
            continue
        key = segment_of(story, limit)
        due = limit.due(calendar, now)
        keys += [key, f"{key}_over"] if due and limit.ended and limit.ended > due else [key]
    return keys


def segment_of(story: Story, limit: Limit) -> str:
    return level_of(story.route[limit.step]) if limit.kind == "step" else limit.kind  # type: ignore[index]


def days_used(is_seen: Any, now: datetime) -> dict[str, tuple[int, int]]:
    """Working days used and lost, by segment, of the cases concluded this month; and (given, used) of the promises."""
    calendar = Days()
    used, lost = Counter[str](), Counter[str]()
    for story in stories(is_seen):
        if story.status != "delivered" or not is_month(story.moments["ended"], now):
            continue
        for limit in story.limits:
            if limit.kind == "promised":
                used["promised"] += limit.amount + limit.more
                lost["promised"] += limit.used(calendar)
            elif limit.kind != "statutory":
                used[segment_of(story, limit)] += limit.used(calendar)
                lost[segment_of(story, limit)] += limit.lost(calendar)
    return {key: (used[key], lost[key]) for key in used}


def recount_cards(is_seen: Any, now: datetime) -> dict[str, int]:
    """The figures of cards from the cards and their reviews as they lie."""
    numbers = {number: one for one in _numbered() for number in [one[0]]}
    found = Counter[str]()
    reviews: dict[int, list[CardReview]] = defaultdict(list)
    for review in CardReview.objects.order_by("pk"):
        reviews[review.card_id].append(review)
    names = {"warning": "warnings_month", "yellow": "yellow_cards_month", "red": "red_cards_month"}
    for card in LimitWarning.objects.all():
        if not is_seen(numbers[card.application_id][1]):
            continue
        acts = reviews[card.pk]
        revoked = [one for one in acts if one.act == "revoke"]
        if is_month(card.recorded_at.astimezone(CHINA), now):  # every card of this county issues by itself
            found[names[card.level]] += not revoked
            found["issued_month"] += card.level in ("yellow", "red")
        if revoked and is_month(revoked[0].at.astimezone(CHINA), now):
            found["revoked_month"] += 1
        answered = {one.answers_id for one in acts}
        asked = {one.act for one in acts if one.act in ("propose", "appeal") and one.pk not in answered}
        found["to_review"] += bool(asked)
        found["appealed"] += "appeal" in asked
    return found


def _numbered() -> list[tuple[int, Story]]:
    found = []
    for pk, path, accept in Application.objects.values_list("pk", "path", "accept_path"):
        route = dict(ApplicationStep.objects.filter(application=pk).values_list("seq", "path"))
        story = Story(path, route, accept)
        story.people = set(Event.objects.filter(application=pk).values_list("user_id", flat=True))
        found.append((pk, story))
    return found
