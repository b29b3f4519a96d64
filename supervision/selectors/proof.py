"""Dates and lights of cases, proved from what their events tell, by a second, naive way of counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made_by
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from applications.domain.lifecycle import OPEN
from applications.models import Application, CardRule, Clock, ClockFact, RuleSet
from applications.selectors.lights import colour_column
from halls.models import CalendarDay, CalendarNotice, CalendarYear
from supervision.domain.calendar_swap import ended_since
from supervision.domain.naive import (
    END,
    SHANGHAI,
    Almanac,
    End,
    Limit,
    colour_of,
    end_of,
    last_day_of,
    later,
    share_used,
    warning_in_hours,
    warning_of,
)
from supervision.models import LimitWarning, Term
from supervision.selectors.brakes import open_brake
from supervision.selectors.testimony import hear

CHUNK: Final = 500
# A sweep a minute, and time for one that is slow: what was reached before that must be on record.
RECORDED_WITHIN: Final = timedelta(minutes=15)
WITHOUT_LIGHT: Final = ("special", "supplement")
RUNGS: Final = {"warning": "warn_at", "yellow": "yellow_at", "red": "red_at"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored value that the facts do not bear out."""

    case_id: int
    number: str
    clock_id: int | None
    clock: str
    field: str
    stored: str
    proved: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "clock_id": self.clock_id,
            "clock": self.clock,
            "field": self.field,
            "stored": self.stored,
            "proved": self.proved,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """What every proof leans on: the almanac, the rules, the present."""

    almanac: Almanac
    sets: Sequence[RuleSet]
    now: datetime
    is_held_back: bool = False  # nothing follows by itself now: the brake, or a calendar that is not settled
    notices: Sequence[CalendarNotice] = ()
    _earlier: dict[frozenset[int], Almanac] = made_by(default_factory=dict, repr=False)

    @classmethod
    def read(cls, now: datetime) -> Ground:
        """Read almanac and rules anew, past every cache."""
        sets = list(RuleSet.objects.exclude(confirmed_at=None).prefetch_related("rules"))
        special = {day.date: day.kind == "makeup" for day in CalendarDay.objects.all()}
        years = frozenset(CalendarYear.objects.values_list("year", flat=True))
        unsettled = CalendarNotice.objects.filter(turn__isnull=False, settled_at__isnull=True)
        in_force = CalendarNotice.objects.filter(turn__isnull=False).order_by("year", "turn").defer("content", "text")
        is_held_back = open_brake() is not None or unsettled.exists()
        return cls(Almanac(years, special), sets, now, is_held_back, list(in_force))

    def under(self, case: Application) -> Ground:
        """The ground of this case: without the calendars that came when it had ended long ago (as settling has it)."""
        ended = case.ended_at
        if ended is None:
            return self
        gone = {
            n.pk
            for n in self.notices
            if case.pk <= n.last_case and n.confirmed_at and ended < ended_since(n.confirmed_at)
        }
        return replace(self, almanac=self._without(frozenset(gone))) if gone else self

    def under_term(self, term: Term) -> Ground:
        """The same of a limit that is no case's: what it was written under tells which calendars it ever had."""
        stopped = term.stopped_at
        if stopped is None:
            return self
        known = {year.rsplit(".", 1)[-1] for year in term.calendar.split()}
        gone = {
            n.pk
            for n in self.notices
            if n.confirmed_at and stopped < ended_since(n.confirmed_at) and n.sha256[:8] not in known
        }
        return replace(self, almanac=self._without(frozenset(gone))) if gone else self

    def _without(self, gone: frozenset[int]) -> Almanac:
        if gone not in self._earlier:
            years = {notice.year: notice.effective["days"] for notice in self.notices if notice.pk not in gone}
            days = [day for listed in years.values() for day in listed]
            special = {date.fromisoformat(day["date"]): day["kind"] == "makeup" for day in days}
            self._earlier[gone] = Almanac(frozenset(years), special)
        return self._earlier[gone]


def cases_to_prove(ended_since: datetime | None) -> Iterator[list[Application]]:
    """Yield the open cases, and those that ended since (None: all of them), in chunks with all they need."""
    wanted = Q(status__in=sorted(OPEN))
    wanted = wanted | Q(ended_at__gte=ended_since) if ended_since else ~Q(status="draft")
    last = 0
    while True:
        chunk = read_cases(wanted & Q(pk__gt=last), CHUNK)
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def read_cases(wanted: Q, limit: int) -> list[Application]:
    """Return cases with their clocks and warnings, and of the clocks what the events say: six statements."""
    columns = (
        "number",
        "status",
        "warn_at",
        "late_at",
        "due_at",
        "paused_until",
        "ended_at",
        "matter",
        "guide__handling",
    )
    rows = Application.objects.filter(wanted).select_related("guide").only(*columns)
    cases = list(rows.order_by("pk").prefetch_related("clocks__warnings__reviews", "clocks__facts")[:limit])
    hear(cases)
    return cases


def differences_of(cases: Sequence[Application], ground: Ground) -> list[Difference]:
    """Return what is stored otherwise than it is proved; one more statement, for the colours of SQL."""
    ids = [case.pk for case in cases]
    rows = Application.objects.filter(pk__in=ids).annotate(colour=colour_column(ground.now))
    colours: dict[int, str] = dict(rows.values_list("pk", "colour"))
    return [difference for case in cases for difference in _case(case, colours.get(case.pk, ""), ground)]


def _case(case: Application, colour: str, ground: Ground) -> Iterator[Difference]:
    ground = ground.under(case)
    clocks = sorted(case.clocks.all(), key=lambda clock: clock.pk)
    proved = {clock.pk: dates_of(clock, clock.facts.all(), case, ground) for clock in clocks}
    for clock in clocks:
        for field, stored, right in _clock(clock, proved[clock.pk], case, ground):
            yield _difference(case, clock, field, stored, right)
        if _is_silent(case, clock, proved[clock.pk]["due_at"], ground):
            yield _difference(case, clock, "deem_accepted", case.status, proved[clock.pk]["due_at"])
    if case.status not in OPEN:
        return
    going = [c for c in clocks if c.state != Clock.State.STOPPED and c.kind not in WITHOUT_LIGHT]
    late_at = min((d for c in going if (d := proved[c.pk]["due_at"])), default=None)
    warned = [c for c in going if c.state == Clock.State.RUNNING or late_at]
    warn_at = min((at for c in warned for at in _colouring(proved[c.pk])), default=None)
    promised = [clock for clock in clocks if clock.kind == "promised"]
    due_at = proved[promised[-1].pk]["due_at"] if promised else None
    right_colour = colour_of(case.status, warn_at, late_at, ground.now)
    for field, stored, right in (
        ("warn_at", case.warn_at, warn_at),
        ("late_at", case.late_at, late_at),
        ("due_at", case.due_at, due_at),
        ("paused_until", case.paused_until, _paused_until(case, clocks, ground.almanac)),
        ("light", colour, right_colour),
    ):
        if stored != right:
            yield _difference(case, None, field, stored, right)


def _is_silent(case: Application, clock: Clock, due: datetime | None, ground: Ground) -> bool:
    """Whether the law has accepted the case (行政许可法 §32) and nobody recorded it, though nothing holds that back."""
    if clock.kind != "acceptance" or clock.state != Clock.State.RUNNING or case.status != "received":
        return False
    return due is not None and due < ground.now - RECORDED_WITHIN and not ground.is_held_back


def _colouring(dates: Mapping[str, Any]) -> list[datetime]:
    """The moments from which a clock colours its case yellow: its warning, and a yellow card before it is due."""
    found = [dates["warn_at"]] if dates["warn_at"] else []
    if dates["yellow_at"] and not (dates["due_at"] and dates["yellow_at"] >= dates["due_at"]):
        found.append(dates["yellow_at"])
    return found


def _clock(
    clock: Clock, proved: Mapping[str, Any], case: Application, ground: Ground
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (field, stored, proved) where they differ, cards that are missing included."""
    for field in ("due_at", "is_provisional", "warn_at", "yellow_at", "red_at"):
        if getattr(clock, field) != proved[field]:
            yield field, getattr(clock, field), proved[field]
    over = min(ground.now, clock.stopped_at) if clock.stopped_at else ground.now
    reached = [(level, rung) for level, field in RUNGS.items() if (rung := proved[field]) and rung < over]
    for level, rung in dict.fromkeys((*reached, *_moved_away(clock, case, ground))):
        if rung < ground.now - RECORDED_WITHIN and not _is_recorded(clock, level, rung):
            yield f"card {level}", None, rung
    ahead = [rung for field in RUNGS.values() if (rung := proved[field]) and rung >= ground.now]
    if clock.state == Clock.State.RUNNING and ahead and _sleeps_past(clock, min(ahead)):
        yield "next_action_at", clock.next_action_at, min(ahead)


def _moved_away(clock: Clock, case: Application, ground: Ground) -> Iterator[tuple[str, datetime]]:
    """Yield the rungs that the clock had passed when an extension, or the end of a pause, gave it others.

    Of what a later calendar makes of them nobody could know then.
    """
    facts = sorted(clock.facts.all(), key=lambda fact: fact.pk)
    came = [n.confirmed_at for n in ground.notices if n.confirmed_at and case.pk <= n.last_case]
    for number, fact in enumerate(facts):
        if fact.move not in ("extend", "resume") or any(fact.at < at for at in came):
            continue
        dates = dates_of(clock, facts[:number], case, ground)
        for level, field in RUNGS.items():
            if (rung := dates[field]) and rung < fact.at:
                yield level, rung


def _is_recorded(clock: Clock, level: str, rung: datetime) -> bool:
    """Return whether the clock has its card: one that was revoked because the rung moved must be earned again.

    A warning says nothing of a rung behind an extension, or a pause, that came after it.
    """
    cards = [card for card in clock.warnings.all() if card.level == level and card.arming >= clock.arming]
    if level == "warning":
        moves = [fact.at for fact in clock.facts.all() if fact.move in ("extend", "pause")]
        cards = [card for card in cards if not any(card.effective_at < at <= rung for at in moves)]
    return any(_stands(card, rung) for card in cards)


def _stands(card: LimitWarning, rung: datetime) -> bool:
    """What a person found wrong is not earned again at its moment; what a calendar took away is, when it returns."""
    reviews = list(card.reviews.all())
    revoked = next((review for review in reviews if review.act in ("revoke", "cancel")), None)
    if revoked is None:
        return True
    by_calendar = any(review.pk == revoked.answers_id and review.notice_id for review in reviews)
    return card.effective_at == rung and not by_calendar


def _sleeps_past(clock: Clock, rung: datetime) -> bool:
    """Return whether the sweep would not look at the clock when the rung comes."""
    return clock.next_action_at is None or clock.next_action_at > rung


def dates_of(clock: Clock, facts: Iterable[ClockFact], case: Application, ground: Ground) -> dict[str, Any]:
    """Prove the dates of a clock from facts alone: all of them, or the first few for what held at that time."""
    dates: dict[str, Any] = dict.fromkeys(("due_at", "warn_at", "yellow_at", "red_at"), None)
    dates["is_provisional"] = False
    facts = sorted(facts, key=lambda fact: fact.pk)
    moves = [fact for fact in facts if fact.move != "extend"]
    slept_at = moves[-1].at if moves[-1].move == "pause" else None
    if slept_at is not None:
        moves = moves[:-1]  # what was over before the pause stays over
    more = tuple((fact.amount or 0, fact.unit) for fact in facts if fact.move == "extend")
    limit = Limit(_day(facts[0].at), clock.amount, clock.unit, tuple(_pauses(moves, ground.almanac)), facts[0].at, more)
    end = end_of(limit, ground.almanac)
    if clock.kind == "special" and clock.unit == "cd":
        # The organ has the working day behind the last day of the publicity to conclude it.
        end = end_of(Limit(last_day_of(limit, ground.almanac), 1, "wd"), ground.almanac)
    dates |= {"due_at": end.at, "is_provisional": end.is_provisional}
    for rule in _rules_for(clock, case, _day(facts[0].at), ground.sets):
        rung, known = _rung(rule, clock, limit, end, ground.almanac), dates[RUNGS[rule.level]]
        dates[RUNGS[rule.level]] = rung if known is None or rung < known else known
    return dates if slept_at is None else _passed(dates, slept_at)


def _passed(dates: dict[str, Any], slept_at: datetime) -> dict[str, Any]:
    """Of the dates of a clock that stands still only those that were behind it by then."""
    kept = {name: at for name, at in dates.items() if name != "is_provisional" and at and at < slept_at}
    provisional = bool(dates["is_provisional"] and "due_at" in kept)
    return {**dict.fromkeys(dates), **kept, "is_provisional": provisional}


def _rules_for(clock: Clock, case: Application, day: date, sets: Sequence[RuleSet]) -> list[CardRule]:
    """The rules of the one set that governs what started on that day, as far as they concern the clock."""
    ranked = []
    for one in sets:
        began = one.effective_on <= day
        ended = one.ended_on is not None and one.ended_on < day
        if not began or ended:
            continue
        if one.scope == "matter" and one.matter_id == case.matter_id:
            ranked.append((3, one.effective_on, one))
        elif one.scope == "department" and one.department_id == clock.department_id:
            ranked.append((2, one.effective_on, one))
        elif one.scope == "county":
            ranked.append((1, one.effective_on, one))
    if not ranked:
        return []
    _rank, _since, governing = max(ranked, key=lambda found: found[:2])
    is_immediate = case.guide.handling == "immediate"
    mine = [rule for rule in governing.rules.all() if _concerns(rule, clock, is_immediate=is_immediate)]
    special = {rule.level for rule in mine if rule.only_immediate}
    return [rule for rule in mine if rule.only_immediate or rule.level not in special]


def _rung(rule: CardRule, clock: Clock, limit: Limit, end: End, almanac: Almanac) -> datetime:
    if rule.unit == "pct":
        return share_used(limit, 100 - rule.value if rule.side == "left" else rule.value, almanac)
    if rule.side == "left" and rule.unit == "wh":
        return warning_in_hours(limit, rule.value, almanac)
    if rule.side == "left":
        return warning_of(limit, rule.value, limit.moment(), almanac)
    if rule.side == "total":
        return end_of(Limit(limit.start, rule.value, "wd", limit.pauses), almanac).at
    own = max(clock.amount - clock.carried, 1)
    return later(end, rule.value * own if rule.unit == "multiple" else rule.value, limit, almanac)


def _concerns(rule: CardRule, clock: Clock, *, is_immediate: bool) -> bool:
    low = rule.min_amount if rule.min_amount is not None else 0
    high = rule.max_amount if rule.max_amount is not None else clock.amount
    if (rule.only_alone and not clock.is_alone) or (rule.only_immediate and not is_immediate):
        return False
    return rule.clock_kind == clock.kind and low <= clock.amount <= high


def _pauses(facts: Iterable[ClockFact], almanac: Almanac) -> Iterator[tuple[date, date]]:
    begun: ClockFact | None = None
    for fact in facts:
        if fact.move == "pause":
            begun = fact
        elif begun is not None:
            first, last = _day(begun.at), _day(fact.at)
            granted = _granted(begun, almanac)
            if granted is not None:
                last = max(first, min(last, granted))
            yield first, last
            begun = None


def _granted(pause: ClockFact, almanac: Almanac) -> date | None:
    """The last of the days that the pause was granted, counted off here; what it was told to be is not believed."""
    if pause.amount is None:
        return pause.granted_until
    return last_day_of(Limit(_day(pause.at), pause.amount, pause.unit), almanac)


def _paused_until(case: Application, clocks: Sequence[Clock], almanac: Almanac) -> datetime | None:
    """When a suspended case wakes: when the days of the procedure that runs are over."""
    special = [c for c in clocks if c.kind == "special" and c.state != Clock.State.STOPPED]
    if case.status != "suspended" or not special:
        return None
    last = special[-1]
    return almanac.at(last_day_of(Limit(_day(last.started_at), last.amount, last.unit), almanac), END)


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _difference(case: Application, clock: Clock | None, field: str, stored: Any, right: Any) -> Difference:
    return Difference(
        case_id=case.pk,
        number=case.number or "",
        clock_id=clock.pk if clock else None,
        clock=clock.kind if clock else "",
        field=field,
        stored=_text(stored),
        proved=_text(right),
    )


def _text(value: Any) -> str:
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else str(value)
