"""Who is reached when somebody at a desk has to be told. Pure; the selector of the same name reads the people.

An audience is looked for at the desk itself, then one level up; where nobody is present the next rung of the
ladder is told in their place and hears why. Only when a county has neither supervisor nor administrator is nobody
reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from halls.domain.duties import POST_DUTIES, Duty, PostKind

COUNTY_DEPTH: Final = 1  # county/
TOWNSHIP_DEPTH: Final = 2  # county/township/


class Rung(StrEnum):
    """The rungs in the order in which one stands in for the one before."""

    HANDLER = "handler"
    BACKUP = "backup"
    CHIEF = "chief"
    TOWNSHIP_DIRECTOR = "township_director"
    COUNTY_SUPERVISOR = "county_supervisor"


@dataclass(frozen=True)
class Present:
    """A person at a node today, with the duties they carry there; `backs_up` is the kind of post they stand in for."""

    user_id: int
    duties: frozenset[str]
    backs_up: str = ""

    def is_backup_for(self, duty: str) -> bool:
        return bool(self.backs_up) and duty in POST_DUTIES[PostKind(self.backs_up)]


Roster = Mapping[str, tuple[Present, ...]]


@dataclass(frozen=True)
class Seat:
    """Where something lies and what has to be done there. `own` is the one person who has it in hand, if anybody."""

    path: str
    duty: str
    own: int | None = None


@dataclass
class Reached:
    """The people to tell, and for whom each of them is told instead."""

    people: dict[int, list[str]] = field(default_factory=dict)

    def add(self, people: Iterable[int], instead_of: str = "") -> None:
        for user_id in people:
            missing = self.people.setdefault(user_id, [])
            if instead_of and instead_of not in missing:
                missing.append(instead_of)


def ancestors(path: str) -> list[str]:
    """The path itself and every node above it, nearest first."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:size]) + "/" for size in range(len(parts), 0, -1)]


def reach(rungs: Iterable[str], seat: Seat, roster: Roster) -> Reached:
    """Find the people of these rungs (`Rung` values) for what lies at this seat."""
    reached = Reached()
    for name in rungs:
        rung = Rung(name)
        people, is_instead = _find(rung, seat, roster)
        reached.add(people, rung.value if is_instead else "")
    return reached


def _find(rung: Rung, seat: Seat, roster: Roster) -> tuple[list[int], bool]:
    """The people of a rung, and whether they are told in the place of somebody who is not there."""
    if rung is Rung.TOWNSHIP_DIRECTOR:
        return _directors(seat, roster)
    if rung is Rung.COUNTY_SUPERVISOR:
        return _county(seat, roster)
    here, *above = desks(seat.path)
    direct = _at(rung, here, seat, roster)
    if direct or (rung is Rung.BACKUP and _at(Rung.HANDLER, here, seat, roster)):
        return direct, False  # whoever is present needs no B角
    later = [later for later in (Rung.HANDLER, Rung.BACKUP, Rung.CHIEF) if _order(later) >= _order(rung)]
    for desk in (here, *above):
        for stand_in in later:
            people = _at(stand_in, desk, seat, roster)
            if people:
                return people, True
    return _directors(seat, roster)[0], True


def desks(path: str) -> list[tuple[str, ...]]:
    """The desk of a node and the one above it, each as the nodes that work as one.

    A township hall's people also work for the offices in it, which need no staff of their own.
    """
    nodes = ancestors(path)
    if "~" in nodes[0] and len(nodes) == TOWNSHIP_DEPTH + 1 and "~" not in nodes[1]:
        return [(nodes[0], nodes[1]), (nodes[2],)]
    return [(node,) for node in nodes[:2]]


def _at(rung: Rung, desk: tuple[str, ...], seat: Seat, roster: Roster) -> list[int]:
    """The people of one of the lower three rungs at one desk."""
    fits: dict[Rung, Callable[[Present], bool]] = {
        Rung.HANDLER: lambda one: seat.duty in one.duties and not one.is_backup_for(seat.duty),
        Rung.BACKUP: lambda one: seat.duty in one.duties and one.is_backup_for(seat.duty),
        Rung.CHIEF: lambda one: Duty.DECIDE in one.duties,
    }
    people = [one for node in desk for one in roster.get(node, ())]
    if rung is Rung.HANDLER and any(one.user_id == seat.own and seat.duty in one.duties for one in people):
        return [seat.own] if seat.own is not None else []
    return list(dict.fromkeys(one.user_id for one in people if fits[rung](one)))


def _directors(seat: Seat, roster: Roster) -> tuple[list[int], bool]:
    """Whoever answers for the hall or organ; a county organ without such a person has the county's supervisor."""
    *below, _root = ancestors(seat.path)
    for node in below:
        people = _watching(node, roster)
        if people:
            return people, False
    people, is_instead = _county(seat, roster)
    in_township = any("~" not in node and node.count("/") > COUNTY_DEPTH for node in below)
    return people, in_township or is_instead


def _county(seat: Seat, roster: Roster) -> tuple[list[int], bool]:
    """The county's supervisors, or its administrators where there is none."""
    root = ancestors(seat.path)[-1]
    people = _watching(root, roster)
    if people:
        return people, False
    return [one.user_id for one in roster.get(root, ()) if Duty.ADMINISTER in one.duties], True


def _watching(node: str, roster: Roster) -> list[int]:
    return list(dict.fromkeys(one.user_id for one in roster.get(node, ()) if Duty.SUPERVISE in one.duties))


def _order(rung: Rung) -> int:
    return list(Rung).index(rung)
