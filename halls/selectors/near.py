"""The halls near a villager: the townships to choose from, the villages of the chosen one, and when each is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from halls.domain.openings import KIND_LABELS, WEEKDAYS, NextOpening, OpeningKind, in_force, lines_of, next_opening
from halls.models import Department, Hall, Level
from halls.selectors.openings import openings_from, openings_of
from halls.selectors.work_calendar import Moment


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose: the code of its hall, its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go: a hall, or a branch station that serves the township."""

    code: str
    name: str
    tier: str
    address: str
    phone: str
    openings: tuple[str, ...] = ()
    opens_next: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """What was chosen, what can be chosen, and the places by tier."""

    township: str
    village: str
    townships: tuple[Choice, ...]
    villages: tuple[Choice, ...]
    places: dict[str, Place]


def near(county: str, township: str, village: str, moment: Moment) -> Near:
    """Return the halls of a county around what was chosen; codes that are none of it choose nothing (1 query)."""
    township = township if township.isascii() and township.isdecimal() else ""
    wanted = Q(tier__in=(Level.COUNTY, Level.TOWNSHIP))
    if township:
        wanted |= Q(tier=Level.VILLAGE, parent__code=township)
    rows = list(
        Hall.objects.filter(wanted, path__startswith=f"{county}/", retired_on__isnull=True)
        .annotate(hours=openings_of("pk", moment.at.date()), place=F("division__name"))
        .order_by("path")
        .values("code", "name", "tier", "address", "phone", "hours", "place")
    )
    by_code = {row["code"]: row for row in rows}
    chosen = [by_code[code] for code in (county, township, village) if code in by_code]
    return Near(
        township=township if township in by_code else "",
        village=village if village in by_code else "",
        townships=_choices(rows, Level.TOWNSHIP),
        villages=_choices(rows, Level.VILLAGE),
        places={row["tier"]: _place(row, moment) for row in chosen},
    )


def place_of(hall: Hall, moment: Moment) -> Place:
    """Return one hall with its hours, as it stands beside the others (1 query)."""
    rows = Hall.objects.filter(pk=hall.pk).annotate(hours=openings_of("pk", moment.at.date()))
    return _place(rows.values("code", "name", "tier", "address", "phone", "hours").get(), moment)


def stations_near(township: str, organs: Iterable[str]) -> list[Place]:
    """Return the branch stations of these organs that serve the township (1 query)."""
    rows = Department.objects.filter(
        kind=Department.Kind.STATION, serves__code=township, organ__in=list(organs), retired_on__isnull=True
    ).order_by("path")
    return [Place(code, name, "station", "", phone) for code, name, phone in rows.values_list("code", "name", "phone")]


def _choices(rows: Iterable[Mapping[str, Any]], tier: str) -> tuple[Choice, ...]:
    return tuple(Choice(row["code"], row["place"]) for row in rows if row["tier"] == tier)


def _place(row: Mapping[str, Any], moment: Moment) -> Place:
    openings = openings_from(row["hours"])
    found = next_opening(openings, moment.at.replace(tzinfo=None), moment.calendar.is_working)
    return Place(
        code=row["code"],
        name=row["name"],
        tier=row["tier"],
        address=row["address"],
        phone=row["phone"],
        openings=tuple(lines_of(in_force(openings, moment.at.date()))),
        opens_next=_in_words(found, moment) if found else "",
    )


def _in_words(found: NextOpening, moment: Moment) -> str:
    """Return 现在开着，到 17:00; 明天（3月12日，周四，赶场日开放）09:00 开门."""
    if found.is_now:
        return _("现在开着，到 %(time)s") % {"time": f"{found.opening.closes:%H:%M}"}
    ahead = (found.day - moment.at.date()).days
    day = f"{found.day.month}月{found.day.day}日"
    near_day = {0: _("今天"), 1: _("明天"), 2: _("后天")}.get(ahead)
    facts = [f"周{WEEKDAYS[found.day.weekday()]}"]
    if found.opening.kind is not OpeningKind.REGULAR:
        facts.append(KIND_LABELS[found.opening.kind])
    words = {
        "day": near_day or day,
        "more": "，".join([day, *facts] if near_day else facts),
        "time": f"{found.opening.opens:%H:%M}",
    }
    return _("%(day)s（%(more)s）%(time)s 开门") % words
