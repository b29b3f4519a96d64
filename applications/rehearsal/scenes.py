"""Cases that wait for the visitor: every demo account finds work of its own, some of it fresh, some of it late."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from applications.rehearsal.office_hours import DAY_MINUTES
from applications.rehearsal.people import DemoPlace
from applications.rehearsal.plans import Halt, Plan
from halls.models import Hall

# Matter, whose hall, working days ago, where it rests. The order is that of importance: a small county gets the first.
Scene = tuple[str, str, float, Halt]


def scenes(place: DemoPlace, last_minute: float, first_seed: int) -> list[Plan]:
    """Return the cases that rest where a demo account has to act."""
    halls = {
        "village": place.village,
        "neighbour": place.neighbour,
        "township": place.township,
        "county": place.bureau.hall,
    }
    seeds = count(first_seed)
    return [_plan(scene, halls, last_minute, next(seeds)) for scene in _all(place)]


def _plan(scene: Scene, halls: dict[str, Hall], last_minute: float, seed: int) -> Plan:
    matter, whose, days_ago, halt = scene
    fate = {"refused": "refuse", "declined": "decline", "withdrawn": "withdraw"}.get(halt.status, "grant")
    return Plan(
        matter=matter,
        hall=halls[whose],
        minute=max(last_minute - days_ago * DAY_MINUTES, 0),
        seed=seed,
        is_company=whose == "township" and matter in {"MZ-013", "MZ-015", "MZ-016"},
        fate=fate,
        is_faulty=halt.status == "correcting",
        files=3,
        pace=0.2,
        halt=halt,
    )


def _all(place: DemoPlace) -> Iterator[Scene]:
    """Go round the desks in turn, so that the first dozen cases already give everybody something."""
    rounds = [list(desk) for desk in (_village(place), _township(place), _county(place), _stations(place))]
    while any(rounds):
        yield from (desk.pop(0) for desk in rounds if desk)


def _at(status: str, **where: Any) -> Halt:
    return Halt(status, **where)


def _village(place: DemoPlace) -> list[Scene]:
    here, v = place.village.path, "village"
    return [
        ("NY-003", v, 0.15, _at("submitted")),
        ("MZ-001", v, 4, _at("correcting")),
        ("MZ-004", v, 2, _at("ready", below=here, on_its_way=False)),
        ("MZ-008", v, 0.8, _at("in_progress", kind="special", below=here)),
        ("SF-002", v, 5, _at("in_progress", kind="decide", below=here)),
        ("RS-003", v, 2.5, _at("ready", on_its_way=True)),
        ("MZ-008", v, 0.1, _at("draft")),
        ("NY-001", v, 0.9, _at("in_progress", kind="review", below=here)),
        ("NY-003", v, 3, _at("suspended", below=here)),
        ("WJ-005", v, 1.5, _at("in_progress", kind="review", below=here)),
        ("RS-009", v, 0.2, _at("submitted")),
        ("MZ-006", v, 0.3, _at("draft")),
        ("ZJ-002", v, 9, _at("correcting")),
        ("CZ-001", v, 2, _at("ready", below=here, on_its_way=False)),
        ("MZ-004", v, 2, _at("refused", below=here, on_its_way=False)),
        ("NY-008", v, 9, _at("in_progress", kind="decide", below=here)),
        ("RS-006", v, 6, _at("delivered")),
        ("RS-003", v, 12, _at("delivered")),
        ("MZ-006", v, 25, _at("delivered")),
        ("MZ-004", v, 15, _at("declined")),
        ("RS-001", v, 9, _at("withdrawn")),
    ]


def _township(place: DemoPlace) -> list[Scene]:
    here, v, n = place.township.path, "village", "neighbour"
    return [
        ("YB-003", v, 1.2, _at("received")),
        ("RS-003", v, 0.8, _at("in_progress", kind="review", below=here)),
        ("MZ-004", v, 1.2, _at("in_progress", kind="decide", below=here)),
        ("MZ-010", v, 0.9, _at("granted", below=here)),
        ("NY-003", n, 2.2, _at("submitted")),
        ("RS-005", n, 6, _at("in_progress", kind="review", below=here)),
        ("NY-003", v, 9, _at("in_progress", kind="decide", below=here)),
        ("MZ-007", v, 4.5, _at("received")),
        ("YB-004", v, 1.5, _at("in_progress", kind="review", below=here)),
        ("JY-001", n, 2, _at("in_progress", kind="decide", below=here)),
        ("RS-010", n, 1, _at("granted", below=here)),
        ("MZ-017", n, 0.4, _at("received")),
        ("ZR-007", n, 22, _at("in_progress", kind="decide", below=here)),
        ("MZ-003", n, 1.1, _at("received")),
        ("NY-005", n, 3, _at("suspended", below=here)),
    ]


def _county(place: DemoPlace) -> list[Scene]:
    bureau, here, v, t = place.bureau.path, place.township.path, "village", "township"
    return [
        ("MZ-006", v, 3, _at("in_progress", kind="decide", below=bureau)),
        ("MZ-015", t, 4, _at("in_progress", kind="review", below=bureau)),
        ("MZ-007", v, 3, _at("granted", below=bureau)),
        ("MZ-003", v, 9, _at("in_progress", kind="decide", below=bureau)),
        ("MZ-013", t, 1.5, _at("in_progress", kind="special", below=bureau)),
        ("MZ-006", v, 3, _at("ready", on_its_way=True)),
        ("MZ-002", v, 14, _at("in_progress", kind="decide", below=bureau)),
        ("MZ-016", t, 14, _at("in_progress", kind="review", below=bureau)),
        ("MZ-005", "neighbour", 13, _at("in_progress", kind="decide", below=bureau)),
        ("MZ-001", v, 10, _at("granted", below=bureau)),
        ("MZ-001", "county", 1.3, _at("received")),
        ("MZ-013", t, 3, _at("suspended", below=bureau)),
        ("MZ-009", v, 10, _at("ready", below=here, on_its_way=False)),
        ("MZ-006", "county", 0.3, _at("submitted")),
    ]


def _stations(place: DemoPlace) -> list[Scene]:
    v = "village"
    found = {kind: station.path for kind, station in place.stations.items()}
    land, police, market = (found.get(kind, "") for kind in ("land", "police", "market"))
    wanted = [
        (land, ("ZR-001", v, 2, _at("in_progress", kind="review", below=land))),
        (police, ("GA-003", v, 1.4, _at("received", below=police))),
        (market, ("SJ-001", v, 0.4, _at("received", below=market))),
        (land, ("ZR-001", v, 10, _at("in_progress", kind="decide", below=land))),
        (police, ("GA-003", v, 1.5, _at("in_progress", kind="review", below=police))),
        (market, ("SJ-002", v, 0.8, _at("in_progress", kind="decide", below=market))),
        (police, ("GA-009", "neighbour", 0.3, _at("in_progress", kind="decide", below=police))),
        (land, ("ZR-006", "neighbour", 2, _at("suspended", below=land))),
        (market, ("SJ-008", "neighbour", 15, _at("in_progress", kind="decide", below=market))),
        (police, ("GA-008", "neighbour", 1.5, _at("in_progress", kind="review", below=police))),
    ]
    return [scene for path, scene in wanted if path]
