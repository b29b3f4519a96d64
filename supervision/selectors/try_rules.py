"""Trying a set of rules on history: what it would have issued, beside today's rules and beside what was issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from applications.domain.card_rules import LEVEL_LABELS, Level, Rule
from applications.domain.clock import ClockFacts, derive
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from applications.models import Application, Clock, ClockFact
from applications.selectors.clock_facts import clock_facts
from applications.selectors.rules import rulebook
from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.errors import Invalid
from halls.domain.moments import local
from halls.domain.worktime import ONE_DAY, day_of, start_of
from halls.selectors.work_calendar import Moment
from supervision.models import LimitWarning

CHUNK: Final = 1000
# What a page may wait for; the command has no bound.
MOST_CLOCKS: Final = 20_000
PAGE: Final = 50

RulesOf = Callable[[ClockKind, date, int, int | None], tuple[Rule, ...]]
Key = tuple[ClockKind, Level]


@dataclass(frozen=True)
class Differing:
    """A clock on which the candidate and today's rules do not agree: the levels of one only, or at another moment."""

    number: str
    clock_id: int
    kind: ClockKind
    candidate: Mapping[Level, datetime]
    today: Mapping[Level, datetime]

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "clock_id": self.clock_id,
            "clock": self.kind.value,
            "candidate": _told(self.candidate),
            "today": _told(self.today),
        }


@dataclass(frozen=True)
class Line:
    """One kind of card of one kind of clock: under the candidate, under the rules that govern, really issued."""

    kind: ClockKind
    level: Level
    candidate: int
    today: int
    issued: int

    @property
    def label(self) -> str:
        return CLOCK_LABELS[self.kind]

    @property
    def level_label(self) -> str:
        return LEVEL_LABELS[self.level]

    @property
    def more(self) -> int:
        return self.candidate - self.today


@dataclass
class Trial:
    """What was found; `unexplained`: rungs issued otherwise than the governing rules say (the calendar was another)."""

    since: date
    until: date
    cases: int = 0
    clocks: int = 0
    candidate: Counter[Key] = field(default_factory=Counter)
    today: Counter[Key] = field(default_factory=Counter)
    issued: Counter[Key] = field(default_factory=Counter)
    unexplained: int = 0
    differing: list[Differing] = field(default_factory=list)

    def lines(self) -> list[Line]:
        keys = self.candidate.keys() | self.today.keys() | self.issued.keys()
        order = {key: place for place, key in enumerate((kind, level) for kind in ClockKind for level in Level)}
        return [
            Line(*key, self.candidate[key], self.today[key], self.issued[key])
            for key in sorted(keys, key=order.__getitem__)
        ]

    def totals(self) -> list[tuple[Level, int, int, int]]:
        """Per level: under the candidate, under the rules that govern, really issued."""
        return [
            (level, _of_level(self.candidate, level), _of_level(self.today, level), _of_level(self.issued, level))
            for level in Level
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "cases": self.cases,
            "clocks": self.clocks,
            "totals": {
                level.value: {"candidate": candidate, "today": today, "issued": issued}
                for level, candidate, today, issued in self.totals()
            },
            "lines": [
                {
                    "clock": line.kind.value,
                    "level": line.level.value,
                    "candidate": line.candidate,
                    "today": line.today,
                    "issued": line.issued,
                }
                for line in self.lines()
            ],
            "unexplained": self.unexplained,
            "differing": [one.as_dict() for one in self.differing],
        }


def _told(rungs: Mapping[Level, datetime]) -> dict[str, str]:
    return {level.value: local(at).isoformat() for level, at in rungs.items()}


def _of_level(counts: Mapping[Key, int], level: Level) -> int:
    return sum(count for (_kind, found), count in counts.items() if found == level)


def try_rules(
    rows: QuerySet[Application],
    candidate: Mapping[ClockKind, Sequence[Rule]],
    since: date,
    until: date,
    moment: Moment,
    *,
    bound: int | None = None,
) -> Trial:
    """Replay every clock of these cases that started from `since` to `until`, both included; nothing is written.

    Each clock is looked at as a sweep would have seen it after each of its facts; the calendar is that of today.
    Raises Invalid for an empty period, and when more than `bound` clocks started in it.
    """
    _require_sound(since, until)
    clocks = _clocks(rows, since, until)
    _require_few(clocks, bound)
    trial, cases, book = Trial(since, until), set(), rulebook(until)
    for clock in _in_chunks(clocks):
        trial.clocks += 1
        cases.add(clock.application_id)
        _compare(trial, clock, candidate, book.governing, moment)
    trial.cases = len(cases)
    return trial


def _require_sound(since: date, until: date) -> None:
    """Before any day is reckoned with: the last day of the calendar has none behind it."""
    if not all(FIRST_YEAR < day.year < LAST_YEAR for day in (since, until)):
        raise Invalid(
            "period_out_of_range",
            "日期超出可以计算的范围。",
            field="to",
            cure=f"请核对年份，应在 {FIRST_YEAR + 1} 至 {LAST_YEAR - 1} 年之间。",
        )
    if until < since:
        raise Invalid("period_backwards", "结束日期早于开始日期。", field="to", cure="请核对日期。")


def _require_few(clocks: QuerySet[Clock], bound: int | None) -> None:
    if bound is not None and clocks[: bound + 1].count() > bound:
        raise Invalid(
            "period_too_long",
            f"这段时间起算的时限超过 {bound} 个，页面上一次算不完。",
            field="from",
            cure="请缩短时间段，或由系统管理员用命令 manage.py try_rules 试算。",
        )


def _clocks(rows: QuerySet[Application], since: date, until: date) -> QuerySet[Clock]:
    begun = {"started_at__gte": start_of(since), "started_at__lt": start_of(until + ONE_DAY)}
    return Clock.objects.filter(application__in=rows.order_by().values("pk"), **begun)


def _in_chunks(clocks: QuerySet[Clock]) -> Iterator[Clock]:
    shown = (
        clocks.order_by("pk")
        .select_related("application__matter", "application__guide")
        .only(
            *("kind", "amount", "unit", "carried", "is_alone", "started_at"),
            *("application__number", "application__matter__department", "application__guide__handling"),
        )
        .prefetch_related(
            Prefetch("facts", ClockFact.objects.order_by("pk")),
            Prefetch("warnings", LimitWarning.objects.only("clock", "level")),
        )
    )
    last = 0
    while chunk := list(shown.filter(pk__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def _compare(
    trial: Trial, clock: Clock, candidate: Mapping[ClockKind, Sequence[Rule]], governing: RulesOf, moment: Moment
) -> None:
    case, kind = clock.application, ClockKind(clock.kind)
    facts = clock_facts(clock, clock.facts.all(), is_immediate=case.guide.is_immediate)
    now_rules = governing(kind, day_of(clock.started_at), case.matter_id, clock.department_id)
    wanted = _reached(facts, candidate.get(kind, ()), moment)
    today = _reached(facts, now_rules, moment)
    issued = {Level(card.level) for card in clock.warnings.all()}
    for counter, levels in ((trial.candidate, wanted), (trial.today, today), (trial.issued, issued)):
        counter.update((kind, level) for level in levels)
    trial.unexplained += len(today.keys() ^ issued)
    if wanted != today:
        trial.differing.append(
            Differing(case.number or "", clock.pk, kind, _without(wanted, today), _without(today, wanted))
        )


def _without(rungs: Mapping[Level, datetime], others: Mapping[Level, datetime]) -> dict[Level, datetime]:
    return {level: rungs[level] for level in Level if level in rungs and rungs[level] != others.get(level)}


def _reached(facts: ClockFacts, rules: Sequence[Rule], moment: Moment) -> dict[Level, datetime]:
    """Return the levels that a watch which never slept would have written, and the moments it would have put there."""
    reached: dict[Level, datetime] = {}
    if not rules:
        return reached
    for number, fact in enumerate(facts.facts):
        if fact.move is ClockMove.STOP:
            break
        follows = facts.facts[number + 1].at if number + 1 < len(facts.facts) else moment.at
        dates = derive(replace(facts, facts=facts.facts[: number + 1]), moment.calendar, rules)
        rungs: dict[Level, datetime | None] = {
            Level.WARNING: dates.warn_at,
            Level.YELLOW: dates.yellow_at,
            Level.RED: dates.red_at,
        }
        for level, at in rungs.items():
            if at is not None and at < follows:
                reached.setdefault(level, at)
    return reached
