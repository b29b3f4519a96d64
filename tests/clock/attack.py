"""How the attacks are made, and where a supervisor sees what could not be blocked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from supervision import tasks
from supervision.actions.verify_ledger import verify_ledger
from tests.supervision.county import County

DENIED, GUARDED = "42501", "23001"  # no privilege; restrict_violation, as our triggers raise it


@contextmanager
def as_application() -> Iterator[None]:
    """Act as the role of web, worker and beat: whoever broke into the site has this."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the owner wrote is the owner's
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def run(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def blocked(sql: str, *values: Any, by: tuple[str, ...] = (DENIED, GUARDED)) -> None:
    """The database refuses the statement, and says why by its code."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what is to be checked at the end is checked with the statement
    with pytest.raises(Error) as refusal, transaction.atomic():
        run(sql, *values)
    assert isinstance(refusal.value.__cause__, psycopg2.Error)
    assert refusal.value.__cause__.pgcode in by, refusal.value


def blocked_as_application(sql: str, *values: Any, by: tuple[str, ...] = (DENIED, GUARDED)) -> None:
    with transaction.atomic(), as_application():
        blocked(sql, *values, by=by)


def found(*, with_anchors: bool = False) -> set[str]:
    """The faults that `manage.py verify_ledger` names."""
    return {fault["fault"] for fault in verify_ledger(with_anchors=with_anchors).as_dict()["faults"]}


def shown(county: County, page: str = "supervision_runs", who: str = "supervisor") -> str:
    """The page as a supervisor reads it."""
    client = Client()
    client.force_login(county.people[who])
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def shown_after_the_night(county: County) -> str:
    """The page of runs after the verification of the night; the county supervisor's banner is on it."""
    tasks.verify_ledger()
    text = shown(county)
    assert "夜间核验发现办件记录有" in text
    return text
