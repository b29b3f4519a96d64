"""A rehearsal in numbers and lines: what people look at before they sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from applications.domain.lights import Colour
from halls.acting import Actor
from halls.domain.moments import day_of
from halls.models import CalendarNotice, CalendarYear
from supervision.domain.calendar_swap import Swap
from supervision.selectors.rehearse_calendar import CardChange, CaseChange, Change, change_of, touched
from supervision.selectors.supervised import supervised

SHOWN: Final = 100
MOST_CASES: Final = 1_000  # what a page may wait for; the whole county is counted in the background
_COUNTED: Final = ("moved", "later", "earlier", "made_certain", "made_provisional", "to_revoke", "to_issue")
_CLOCKS: Final = ("clocks", "clocks_moved")  # a rehearsal that an earlier version stored does not have them


@dataclass(slots=True)
class Report:
    """The numbers are of the whole county; the lines only those that the reader supervises, the first of each."""

    looked_at: int = 0
    is_cut: bool = False
    moved: int = 0
    later: int = 0
    earlier: int = 0
    made_certain: int = 0
    made_provisional: int = 0
    lights: Counter[tuple[Colour, Colour]] = field(default_factory=Counter)
    to_revoke: int = 0
    to_issue: int = 0
    cases: list[CaseChange] = field(default_factory=list)
    revoked: list[CardChange] = field(default_factory=list)
    issued: list[CardChange] = field(default_factory=list)
    clocks: int = 0
    clocks_moved: int = 0
    closed: Counter[str] = field(default_factory=Counter)  # by the month in which the case ended: 2026-03

    @property
    def lights_changed(self) -> int:
        return sum(self.lights.values())

    @property
    def clocks_staying(self) -> int:
        return self.clocks - self.clocks_moved

    def count(self, change: CaseChange) -> None:
        self.moved += 1
        self.clocks_moved += len(change.clocks)
        if change.case.ended_at is not None:
            self.closed[f"{day_of(change.case.ended_at):%Y-%m}"] += 1
        before, after = change.due if change.due[0] != change.due[1] else change.late
        if before and after and before != after:
            self.later += after > before
            self.earlier += after < before
        self.made_certain += change.provisional == (True, False)
        self.made_provisional += change.provisional == (False, True)
        if change.colour[0] != change.colour[1]:
            self.lights[change.colour] += 1

    def add(self, change: Change, looked_at: int) -> None:
        """Count what happens to a batch of so many cases."""
        self.looked_at += looked_at
        self.clocks += change.looked_at
        for one in change.cases:
            self.count(one)
        self.to_revoke += len(change.to_revoke)
        self.to_issue += len(change.to_issue)

    def figures(self) -> dict[str, Any]:
        """Return the numbers as they are stored."""
        lights = [[old.value, new.value, number] for (old, new), number in self.lights.items()]
        return {name: getattr(self, name) for name in (*_COUNTED, *_CLOCKS)} | {"lights": lights, "closed": self.closed}

    def take(self, figures: Mapping[str, Any]) -> None:
        """Take over the numbers that were stored; the lines stay."""
        for name in _COUNTED:
            setattr(self, name, figures[name])
        for name in _CLOCKS:
            setattr(self, name, figures.get(name, 0))
        self.closed = Counter(figures.get("closed", {}))
        self.lights = Counter({(Colour(old), Colour(new)): number for old, new, number in figures["lights"]})

    @classmethod
    def of_figures(cls, figures: Mapping[str, Any]) -> Report:
        report = cls()
        report.take(figures)
        return report


def report_of(swap: Swap, actor: Actor) -> Report:
    """Rehearse the county, up to a bound that the report tells: a constant number of statements for each batch."""
    report, last = Report(), 0
    while pks := touched(swap, last):
        if report.looked_at >= MOST_CASES:
            report.is_cut = True
            break
        last, change = pks[-1], change_of(pks, swap)
        report.add(change, len(pks))
        ids = {one.case.pk for one in change.cases} | {one.case_id for one in (*change.to_revoke, *change.to_issue)}
        seen = _seen(actor, ids) if _has_room(report) and ids else set()
        report.cases += [one for one in change.cases if one.case.pk in seen][: SHOWN - len(report.cases)]
        report.revoked += [one for one in change.to_revoke if one.case_id in seen][: SHOWN - len(report.revoked)]
        report.issued += [one for one in change.to_issue if one.case_id in seen][: SHOWN - len(report.issued)]
    return report


def _has_room(report: Report) -> bool:
    return min(len(report.cases), len(report.revoked), len(report.issued)) < SHOWN


def _seen(actor: Actor, ids: set[int]) -> set[int]:
    if not actor.supervises:
        return set()
    return set(supervised(actor).filter(pk__in=ids).order_by().values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class YearLine:
    """A published year and the notices that made it, the last one first."""

    year: CalendarYear
    notices: list[CalendarNotice]


def published_years() -> list[YearLine]:
    """Return the years, the newest first, each with its notices in force: two statements."""
    notices: dict[int, list[CalendarNotice]] = {}
    in_force = CalendarNotice.objects.filter(turn__isnull=False).order_by("-turn")
    for notice in in_force.select_related("proposed_by", "confirmed_by").defer("content", "effective", "text"):
        notices.setdefault(notice.year, []).append(notice)
    return [YearLine(year, notices.get(year.year, [])) for year in CalendarYear.objects.order_by("-year")]


def waiting_notices() -> list[CalendarNotice]:
    """Return the proposals that nobody confirmed or dropped: one statement."""
    rows = CalendarNotice.objects.filter(confirmed_at__isnull=True, dropped_at__isnull=True)
    return list(rows.select_related("proposed_by").defer("content", "effective", "text").order_by("-pk"))
