"""Rows, clocks and facts are what the events say; every other value is found, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from applications.domain import projection
from applications.models import Application, Clock, ClockFact, Event
from applications.selectors import ledger
from applications.selectors.ledger import prove_ledger

CASES = 60
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived_in")]
CASE_TABLE, CLOCKS, FACTS = (m._meta.db_table for m in (Application, Clock, ClockFact))


@pytest.fixture
def case() -> Application:
    """A case that was decided."""
    found = Application.objects.filter(decided_at__isnull=False, ended_at__isnull=False).order_by("pk").first()
    assert found is not None
    return found


@pytest.fixture
def behind_the_triggers() -> Callable[..., int]:
    def run(table: str, sql: str, **values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(sql, values)
            touched = cursor.rowcount
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return int(touched)

    return run


def found() -> list[tuple[int, str]]:
    told = prove_ledger().as_dict()["faults"]
    assert all(fault["message"] for fault in told)
    return [(fault["application"], fault["fault"]) for fault in told]


@pytest.mark.parametrize("chunk", [1, 7, 8000])
def test_a_county_that_lived_five_months_is_what_its_events_say(chunk, monkeypatch):
    monkeypatch.setattr(ledger, "CHUNK", chunk)
    proof = prove_ledger()
    assert found() == []
    assert proof.events == Event.objects.count()
    assert proof.applications == Application.objects.count()


@pytest.mark.parametrize("column", ["submitted_at", "received_at", "accepted_at", "decided_at", "ended_at"])
@pytest.mark.parametrize("change", ["{0} + interval '1 microsecond'", "NULL", "{0} - interval '1 day'"])
def test_a_moment_of_the_row_that_no_event_gave_is_found(case, behind_the_triggers, column, change):
    sql = f"UPDATE {CASE_TABLE} SET {column} = {change.format(column)} WHERE id = %(case)s"
    assert behind_the_triggers(CASE_TABLE, sql, case=case.pk) == 1
    assert found() == [(case.pk, f"case_{column}")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("accepted_person = 'X-0001'", "case_accepted_person"),
        ("accepted_person = ''", "case_accepted_person"),
        ("accepted_person = accepted_person || '/'", "case_accepted_person"),
        ("accepted_person = E'\\\\|;>/\\t\\n'", "case_accepted_person"),
        ("seat_path = '500236/'", "case_seat_path"),
        ("accepted_by_id = (SELECT max(id) FROM halls_user WHERE id <> accepted_by_id)", "case_accepted_by_id"),
    ],
)
def test_another_acceptor_or_seat_is_found(case, behind_the_triggers, change, fault):
    behind_the_triggers(CASE_TABLE, f"UPDATE {CASE_TABLE} SET {change} WHERE id = %(case)s", case=case.pk)
    assert found() == [(case.pk, fault)]


@pytest.mark.parametrize(
    "change",
    [
        "amount = amount + 5",
        "unit = 'cd'",
        "carried = carried + 1",
        "is_alone = NOT is_alone",
        "seat_path = '500236/'",
        "step_seq = 9",
        "started_at = started_at + interval '1 day'",
        "stopped_at = stopped_at - interval '1 second'",
        "state = 'running', stopped_at = NULL",
    ],
)
def test_a_clock_that_no_event_tells_so_is_found(case, behind_the_triggers, change):
    clock = Clock.objects.filter(application=case, kind="promised").latest("pk")
    assert behind_the_triggers(CLOCKS, f"UPDATE {CLOCKS} SET {change} WHERE id = %(id)s", id=clock.pk) == 1
    assert found() == [(case.pk, "clock_changed")]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "granted_until = '2030-01-01'",
        "move = 'pause'",
        "event_seq = event_seq + 20",
        "amount = 5",
    ],
)
def test_a_fact_that_no_event_tells_so_is_found(case, behind_the_triggers, change):
    fact = ClockFact.objects.filter(clock__application=case, clock__kind="promised").latest("pk")
    assert behind_the_triggers(FACTS, f"UPDATE {FACTS} SET {change} WHERE id = %(id)s", id=fact.pk) == 1
    assert found() == [(case.pk, "facts")]


def test_a_fact_that_was_moved_to_another_clock_is_found(case, behind_the_triggers):
    first, second = Clock.objects.filter(application=case).order_by("pk")[:2]
    fact = ClockFact.objects.filter(clock=first).latest("pk")
    sql = f"UPDATE {FACTS} SET clock_id = %(to)s WHERE id = %(id)s"
    behind_the_triggers(FACTS, sql, to=second.pk, id=fact.pk)
    assert found() == [(case.pk, "facts")]


def test_the_rest_of_a_case_is_read_when_its_first_event_is_gone(case, behind_the_triggers):
    table = Event._meta.db_table
    behind_the_triggers(table, f"DELETE FROM {table} WHERE application_id = %(case)s AND seq = 1", case=case.pk)
    sql = f"UPDATE {CASE_TABLE} SET decided_at = NULL WHERE id = %(case)s"
    behind_the_triggers(CASE_TABLE, sql, case=case.pk)
    assert {(case.pk, "gap"), (case.pk, "case_decided_at")} <= set(found())


def test_a_fact_that_is_gone_is_found(case, behind_the_triggers):
    fact = ClockFact.objects.filter(clock__application=case, clock__kind="promised").latest("pk")
    behind_the_triggers(FACTS, f"DELETE FROM {FACTS} WHERE id = %(id)s", id=fact.pk)
    assert found() == [(case.pk, "facts")]


def test_a_pause_that_was_slipped_in_is_found(case, behind_the_triggers):
    clock = Clock.objects.filter(application=case, kind="promised").latest("pk")
    columns = "clock_id, move, at, event_seq, unit"
    for move in ("pause", "resume"):
        sql = f"INSERT INTO {FACTS} ({columns}) SELECT clock_id, '{move}', at, event_seq, unit FROM {FACTS} "
        behind_the_triggers(FACTS, f"{sql} WHERE clock_id = %(id)s AND move = 'start'", id=clock.pk)
    assert found() == [(case.pk, "facts")]


def test_a_clock_that_is_gone_is_found(case, behind_the_triggers):
    clock = Clock.objects.filter(application=case, kind="promised", warnings__isnull=True).latest("pk")
    behind_the_triggers(FACTS, f"DELETE FROM {FACTS} WHERE clock_id = %(id)s", id=clock.pk)
    behind_the_triggers(CLOCKS, f"DELETE FROM {CLOCKS} WHERE id = %(id)s", id=clock.pk)
    assert found() == [(case.pk, "clock_missing")]


def test_a_clock_that_nobody_started_is_found(case, behind_the_triggers):
    names = [str(f.column) for f in Clock._meta.concrete_fields if f.column not in ("id", "kind")]
    columns = ", ".join(names)
    sql = f"INSERT INTO {CLOCKS} (kind, {columns}) SELECT 'special', {columns} FROM {CLOCKS} "
    behind_the_triggers(CLOCKS, f"{sql} WHERE application_id = %(case)s AND kind = 'promised' LIMIT 1", case=case.pk)
    assert found() == [(case.pk, "clock_untold")]


def test_every_fault_has_its_words():
    names = {f"case_{name}" for name in projection.CASE}
    assert names | {"move", "clock_changed", "clock_missing", "clock_untold", "facts"} == set(projection.FAULTS)


def test_of_a_case_begun_before_events_told_of_clocks_those_are_proved_that_events_tell(case, behind_the_triggers):
    """What started since the first event that tells is held against it; what started before nothing bears out."""
    events = Event._meta.db_table
    first = ClockFact.objects.filter(clock__application=case, move="start", event_seq__gt=1).latest("event_seq")
    sql = f"UPDATE {events} SET detail = detail - 'clocks' WHERE application_id = %(case)s AND seq < %(seq)s"
    assert behind_the_triggers(events, sql, case=case.pk, seq=first.event_seq) > 1
    of_clocks = {"clock_changed", "clock_missing", "clock_untold", "facts"}
    assert not of_clocks & {code for _pk, code in found()}
    since = f"UPDATE {CLOCKS} SET amount = amount + 1 WHERE id = %(id)s"
    before = Clock.objects.filter(application=case, facts__event_seq__lt=first.event_seq).exclude(pk=first.clock_id)
    behind_the_triggers(CLOCKS, since, id=before.earliest("pk").pk)
    assert not of_clocks & {code for _pk, code in found()}
    behind_the_triggers(CLOCKS, since, id=first.clock_id)
    assert (case.pk, "clock_changed") in found()


def test_a_clock_slipped_into_such_a_case_as_if_started_since_is_found(case, behind_the_triggers):
    events = Event._meta.db_table
    last = ClockFact.objects.filter(clock__application=case, move="start").latest("event_seq")
    sql = f"UPDATE {events} SET detail = detail - 'clocks' WHERE application_id = %(case)s AND seq < %(seq)s"
    behind_the_triggers(events, sql, case=case.pk, seq=last.event_seq)
    sql = f"UPDATE {FACTS} SET event_seq = %(seq)s + 1 WHERE clock_id = %(id)s AND move = 'start'"
    older = ClockFact.objects.filter(clock__application=case, move="start").earliest("event_seq")
    behind_the_triggers(FACTS, sql, id=older.clock_id, seq=last.event_seq)
    assert (case.pk, "clock_untold") in found()
