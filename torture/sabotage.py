"""Plants: defects that the test must find. A checker that cannot fail is worth nothing.

`python3 start.py torture --break NAME` must end with exit code 1.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Final

VARIABLE: Final = "TORTURE_BREAK"
# Each says what the defect would be in the real code.
BREAKS: Final = {
    "unlocked": "neither the lock on a clock nor the unique claim: two sweepers write the same rung",
    "two-steps": "a clock is moved on in one transaction its rungs written in the next: a kill between loses them",
    "too-early": "the sweep asks a clock that is three days ahead",
    "unmarked": "what is found late is not marked",
    "armed-anew": "whoever finds a clock claims again what was claimed before, under the next arming",
    "early-answer": "a person is told that it is done before it is kept",
}


def plant_from_environment() -> None:
    """Plant in this process what the torture asked for, if anything."""
    name = os.environ.get(VARIABLE)
    if name:
        plant(name)


def prepare_database(name: str) -> None:
    """Take away what would refuse the defect, as the owner."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        # The database itself refuses early, doubled and unmarked cards: it has to look away first.
        cursor.execute("ALTER TABLE supervision_limitwarning DISABLE TRIGGER guard_new")
        if name == "unlocked":
            cursor.execute("ALTER TABLE supervision_limitwarning DROP CONSTRAINT warning_once_per_rung")


def plant(name: str) -> None:
    from supervision.actions import _claim  # noqa: PLC0415 - only when Django is set up

    claim = _claim._CLAIM
    changes = {
        "unlocked": (
            ("    FOR NO KEY UPDATE SKIP LOCKED\n", ""),
            ("  FOR NO KEY UPDATE OF c SKIP LOCKED\n", ""),
            ("ON CONFLICT (clock_id, level, arming) DO NOTHING", ""),
        ),
        "two-steps": (),
        "early-answer": (),
        "armed-anew": (
            (
                " AS arming\n  FROM tick, due",
                " + (SELECT count(*) FROM supervision_limitwarning x WHERE (x.clock_id, x.level) = (due.id, r.level))"
                " AS arming\n  FROM tick, due",
            ),
        ),
        "too-early": (("halls_now()) AS at", "halls_now() + interval '3 days') AS at"),),
        "unmarked": (("found_at - at >", "false AND found_at - at >"),),
    }[name]
    for old, new in changes:
        assert old in claim, old
        claim = claim.replace(old, new)
    _claim._CLAIM = claim  # type: ignore[misc]
    if name == "two-steps":
        _move_first()
    if name == "early-answer":
        _answer_first()


def _answer_first() -> None:
    """Put the act into a transaction that ends a moment after its answer."""
    from django.db import connection, transaction  # noqa: PLC0415

    from torture.desk_work import Clerk  # noqa: PLC0415
    from torture.notebook import DONE, Act  # noqa: PLC0415

    @contextlib.contextmanager
    def answering(clerk: Clerk, act: Act) -> Iterator[None]:
        with transaction.atomic():
            yield
            clerk.notes.note(act, DONE)
            with connection.cursor() as cursor:  # the nemesis aims at whoever writes an event: here they are
                cursor.execute("SELECT pg_sleep(1.5) -- INTO applications_event")

    Clerk.answering = answering  # type: ignore[method-assign,assignment]


def _move_first() -> None:
    """Take the clocks out of the index, commit, and write their rungs a moment later."""
    from django.db import connection  # noqa: PLC0415

    from supervision.actions import _claim, sweep  # noqa: PLC0415

    whole = _claim.claim_batch

    def claim_batch(size: int = _claim.BATCH_SIZE) -> _claim.Batch:
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH due AS (SELECT id, next_action_at FROM applications_clock WHERE next_action_at < halls_now()"
                " ORDER BY next_action_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)"
                " UPDATE applications_clock c SET next_action_at = NULL FROM due WHERE c.id = due.id"
                " RETURNING c.id, due.next_action_at",
                [size],
            )
            taken = cursor.fetchall()
        time.sleep(0.3)
        with connection.cursor() as cursor:
            for clock, moment in taken:
                cursor.execute("UPDATE applications_clock SET next_action_at = %s WHERE id = %s", [moment, clock])
        return whole(size)

    sweep.claim_batch = claim_batch  # type: ignore[attr-defined]
