"""Whom something may be told of: those alone who may open its page. Pure; `visible_...` of each kind says the same.

Whoever answers for an order, puts a rating right or answers an inquiry reads it, and so does whoever supervises there.
The chief representative of a hall decides its cases: they read an order that they answer, and nothing else of this.
The county's administrators stay where nobody supervises at all; they are told that somebody is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from applications.domain.transitions import ClockKind
from halls.domain.duties import CASE_DUTIES, Duty
from supervision.domain.orders import organ_above
from supervision.domain.reach import Present, Roster, Rung, Seat

_ANYWHERE: Final = frozenset({Duty.SUPERVISE, Duty.ADMINISTER})
Reading = Callable[[str], frozenset[Duty]]  # the duties with which somebody at this node reads it


def of_limit(kind: str, seat: Seat) -> Reading:
    """Who reads what this limit belongs to: an order, a rating, an inquiry. Complaints have a shield of their own."""
    if kind == ClockKind.ORDER:
        answering = {seat.path, organ_above(seat.path)} if seat.duty == Duty.DECIDE else set()
        return lambda node: _ANYWHERE | ({Duty.DECIDE} if node in answering else set())
    if kind == ClockKind.INQUIRY:
        return lambda _node: _ANYWHERE | {Duty.ACCEPT, Duty.EXAMINE}
    if kind == ClockKind.RATING_RECTIFY:
        return lambda node: _ANYWHERE | ({Duty(seat.duty)} if node == seat.path else set())
    return lambda _node: _ANYWHERE


def of_summary(about: str, handled_at: str) -> Reading:
    """Who reads the summary of a complaint: everybody at work in the accused hall itself, and whoever handles it."""
    return lambda node: CASE_DUTIES if node == about else _ANYWHERE if handled_at.startswith(node) else frozenset()


def sighted(roster: Roster, reading: Reading) -> Roster:
    """The roster with those alone who may read it, each with the duties that let them."""
    return {
        node: tuple(
            Present(one.user_id, one.duties & reading(node), one.backs_up)
            for one in people
            if one.duties & reading(node)
        )
        for node, people in roster.items()
    }


def rungs_that_read(rungs: Iterable[str], duty: str) -> list[str]:
    """The rungs without 首席代表 where deciding is no way to read it: nobody is told that they are absent."""
    return [rung for rung in rungs if rung != Rung.CHIEF or duty == Duty.DECIDE] or [Rung.HANDLER]
