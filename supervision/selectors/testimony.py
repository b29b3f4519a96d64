"""What the events of a case say of its clocks, put in the place of what the tables say.

The proof of dates must not lean on what it is to prove: amounts, units, states and facts of a clock are columns that
somebody may have edited, while an event is held by its hash and by the anchors. Read anew here, by another way than
the fold of verify_ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import F

from applications.domain.transitions import ClockMove
from applications.models import Application, Clock, ClockFact, Event

_STATES: Final = {"start": "running", "resume": "running", "pause": "paused", "stop": "stopped"}


class Said(NamedTuple):
    """One move of one clock, as an event tells it."""

    kind: str
    seq: int
    at: datetime
    words: dict[str, Any]
    special: dict[str, Any]  # the start of a special procedure in the same event: it grants a pause its days

    def fact(self, number: int) -> ClockFact:
        until = self.words.get("granted_until")
        given = {"extend": self.words, "pause": self.special}.get(self.words["move"], {})
        return ClockFact(
            pk=number,
            move=self.words["move"],
            at=self.at,
            granted_until=date.fromisoformat(until) if until else None,
            amount=given.get("amount"),
            unit=given.get("unit", ""),
            event_seq=self.seq,
        )


def hear(cases: Sequence[Application]) -> None:
    """Replace, in memory, budget, state and facts of every clock by what the events say: one statement.

    A clock that is told and has no row joins the others without any date; one that no event tells keeps its row's own
    facts (verify_ledger names it), and so do the clocks of a case from before events told of them.
    """
    ids = [case.pk for case in cases]
    rows = Event.objects.filter(application__in=ids).order_by("application_id", "seq")
    said: defaultdict[int, list[tuple[int, datetime, Any]]] = defaultdict(list)
    for pk, seq, at, clocks in rows.annotate(said=F("detail__clocks")).values_list(
        "application_id", "seq", "at", "said"
    ):
        said[pk].append((seq, at, clocks or []))
    for case in cases:
        stored = sorted(case.clocks.all(), key=lambda clock: clock.pk)
        _put(case, "clocks", _witnessed(stored, _told(said[case.pk])))


def _told(events: Iterable[tuple[int, datetime, Any]]) -> list[list[Said]]:
    """The moves of every clock the events start, in the order in which they started."""
    found: list[list[Said]] = []
    moments: dict[int, datetime] = {}
    for seq, at, clocks in events:
        moments[seq] = at
        begun = (said for said in clocks if (said["kind"], said["move"]) == ("special", "start"))
        special: dict[str, Any] = next(begun, {})
        for words in clocks:
            since = moments.get(words.get("since") or seq, at) if words["move"] == "start" else at
            one = Said(words["kind"], seq, since, words, special)
            open_one = next((moves for moves in reversed(found) if moves[0].kind == one.kind), None)
            if words["move"] == "start":
                found.append([one])
            elif open_one is not None:
                open_one.append(one)
    return found


def _witnessed(stored: list[Clock], told: list[list[Said]]) -> list[Clock]:
    """Pair what is told with its row by the event of the start, for earlier clocks of that kind may be untold.

    Only where the facts of the rows name no such start is the order of the rows what is left to go by.
    """
    rows, pairs = list(stored), dict[int, Clock]()
    for is_named in (True, False):
        for number, moves in enumerate(told, start=1):
            if number not in pairs and (row := _row_of(moves[0], rows, is_named=is_named)) is not None:
                rows.remove(row)
                pairs[number] = row
    heard = [
        _say(pairs.get(number) or _without_row(moves[0].kind, -number), moves)
        for number, moves in enumerate(told, start=1)
    ]
    return [*heard, *(clock for clock in rows if clock.facts.all())]


def _row_of(start: Said, rows: Iterable[Clock], *, is_named: bool) -> Clock | None:
    of_kind = (clock for clock in rows if clock.kind == start.kind)
    return next((clock for clock in of_kind if not is_named or _begun_by(clock) == start.seq), None)


def _begun_by(clock: Clock) -> int | None:
    """The number of the event that started the clock, by its facts; None when they name no start."""
    return next((fact.event_seq for fact in clock.facts.all() if fact.move == ClockMove.START), None)


def _say(clock: Clock, moves: list[Said]) -> Clock:
    start = moves[0]
    clock.amount, clock.unit = start.words["amount"], start.words["unit"]
    clock.carried, clock.is_alone = start.words["carried"], start.words["alone"]
    clock.step_seq, clock.started_at = start.words.get("step"), start.at
    # Earlier events did not name it: there the row stands for itself.
    clock.department_id = start.words.get("department", clock.department_id)
    last = next(one for one in reversed(moves) if one.words["move"] in _STATES)
    clock.state = _STATES[last.words["move"]]
    clock.stopped_at = last.at if clock.state == Clock.State.STOPPED else None
    _put(clock, "facts", [one.fact(number) for number, one in enumerate(moves)])
    return clock


def _without_row(kind: str, number: int) -> Clock:
    clock = Clock(pk=number, kind=kind)
    _put(clock, "warnings", [])
    return clock


def _put(row: Application | Clock, name: str, found: list[Any]) -> None:
    """Give a row its related rows as prefetch_related does."""
    kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found
