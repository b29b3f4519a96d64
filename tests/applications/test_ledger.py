"""Whatever the owner of the database does to the chain behind its triggers, the proof names the case and the event."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from applications.domain import projection
from applications.models import AccessRecord, Application, Clock, ClockFact, Document, Event
from applications.selectors.ledger import FAULTS, prove_ledger
from halls.models import User
from supervision.models import LimitWarning
from tests.factories.tampering import unguarded

CASES = 14
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived_in")]
EVENTS = "applications_event"


@pytest.fixture
def case() -> Application:
    """A case with at least six events; another one exists too."""
    found = Application.objects.filter(event_seq__gte=6).order_by("pk").first()
    assert found is not None
    return found


@pytest.fixture
def behind_the_triggers() -> Callable[..., int]:
    """Give `run(sql, **values) -> rows`, as the owner who switched the triggers off."""

    def run(sql: str, **values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else ALTER TABLE would wait for them
            cursor.execute(f"ALTER TABLE {EVENTS} DISABLE TRIGGER USER")
            cursor.execute(sql, values)
            touched = cursor.rowcount
            cursor.execute(f"ALTER TABLE {EVENTS} ENABLE TRIGGER USER")
        return int(touched)

    return run


def found(case: Application) -> set[tuple[int, str]]:
    """What the proof says about the chain of this case, as (seq, fault); what hangs on it follows, of course."""
    told = prove_ledger().as_dict()["faults"]
    assert all(fault["message"] == FAULTS[fault["fault"]] for fault in told)
    ours = [fault for fault in told if fault["application"] == case.pk]
    assert all(fault["number"] == (case.number or "") for fault in ours)
    return {(fault["seq"] or 0, fault["fault"]) for fault in ours if fault["fault"] not in projection.FAULTS}


def test_a_county_that_lived_five_months_has_no_fault():
    proof = prove_ledger()
    assert proof.found == 0
    assert proof.applications == Application.objects.count() == CASES
    assert proof.events == Event.objects.count() > 40


# --- one byte of a column ---------------------------------------------------------------------------------------------

CHANGES = {
    "verb": "'pass_on'",
    "from_status": "from_status || ' '",
    "to_status": "'declined'",
    "at, one second earlier": "at - interval '1 second'",
    "at, one second later": "at + interval '1 second'",
    "at, one microsecond": "at + interval '1 microsecond'",
    "user_id": "(SELECT max(id) FROM halls_user WHERE id <> user_id)",
    "person_code": "overlay(person_code PLACING 'X' FROM 1 FOR 1)",
    "actor_name": "actor_name || '甲'",
    "actor_post": "translate(actor_post, '村综审', '寸宗申') || '-'",
    "place": "overlay(place PLACING '某' FROM 1 FOR 1)",
    "reason": "reason || ' '",
    "detail": """detail || '{"x": 1}'""",
    "prev_hash": "overlay(prev_hash PLACING 'g' FROM 7 FOR 1)",
    "hash": "overlay(hash PLACING 'g' FROM 64 FOR 1)",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seq", [1, 3])
def test_a_changed_column_is_found(case, behind_the_triggers, change, seq):
    column = change.split(",")[0]
    sql = f"UPDATE {EVENTS} SET {column} = {CHANGES[change]} WHERE application_id = %(case)s AND seq = %(seq)s"
    assert behind_the_triggers(sql, case=case.pk, seq=seq) == 1
    assert (seq, "hash") in found(case)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_last_event_is_found(case, behind_the_triggers, change):
    column = change.split(",")[0]
    sql = f"UPDATE {EVENTS} SET {column} = {CHANGES[change]} WHERE application_id = %(case)s AND seq = %(seq)s"
    assert behind_the_triggers(sql, case=case.pk, seq=case.event_seq) == 1
    assert (case.event_seq, "hash") in found(case)


REHASH = f"""
    UPDATE {EVENTS} e SET hash = encode(sha256(convert_to(applications_event_text(e), 'UTF8')), 'hex')
    WHERE application_id = %(case)s AND seq = %(seq)s
"""


def test_a_changed_event_with_a_new_hash_breaks_the_link_behind_it(case, behind_the_triggers):
    behind_the_triggers(
        f"UPDATE {EVENTS} SET reason = '改' WHERE application_id = %(case)s AND seq = 3; {REHASH}", case=case.pk, seq=3
    )
    assert found(case) == {(4, "link")}


def test_a_changed_last_event_with_a_new_hash_differs_from_the_head(case, behind_the_triggers):
    last = case.event_seq
    behind_the_triggers(
        f"UPDATE {EVENTS} SET actor_name = '他人' WHERE application_id = %(case)s AND seq = %(seq)s; {REHASH}",
        case=case.pk,
        seq=last,
    )
    assert found(case) == {(last, "head_hash")}


def test_an_actor_swapped_with_another_person_is_found(case, behind_the_triggers):
    other = User.objects.exclude(pk__in=Event.objects.filter(application=case).values("user")).first()
    assert other is not None
    sql = f"UPDATE {EVENTS} SET user_id = %(user)s, person_code = %(code)s, actor_name = %(name)s "
    sql += "WHERE application_id = %(case)s AND seq = 2"
    behind_the_triggers(sql, user=other.pk, code=other.person_code, name=other.full_name, case=case.pk)
    assert found(case) == {(2, "hash")}


# --- rows taken away, moved, put in -----------------------------------------------------------------------------------


def test_a_deleted_first_event_is_found(case, behind_the_triggers):
    assert behind_the_triggers(f"DELETE FROM {EVENTS} WHERE application_id = %(case)s AND seq = 1", case=case.pk) == 1
    assert {(2, "gap"), (2, "link")} <= found(case)


def test_a_deleted_event_in_the_middle_is_found(case, behind_the_triggers):
    assert behind_the_triggers(f"DELETE FROM {EVENTS} WHERE application_id = %(case)s AND seq = 3", case=case.pk) == 1
    assert {(4, "gap"), (4, "link")} <= found(case)


def test_a_deleted_last_event_is_found(case, behind_the_triggers):
    last = case.event_seq
    behind_the_triggers(
        f"DELETE FROM {EVENTS} WHERE application_id = %(case)s AND seq = %(seq)s", case=case.pk, seq=last
    )
    assert (last - 1, "head_seq") in found(case)


def test_a_cut_off_tail_is_found(case, behind_the_triggers):
    last = case.event_seq
    sql = f"DELETE FROM {EVENTS} WHERE application_id = %(case)s AND seq > %(seq)s"
    assert behind_the_triggers(sql, case=case.pk, seq=last - 3) == 3
    assert (last - 3, "head_seq") in found(case)


def test_a_case_without_any_event_is_found(case, behind_the_triggers):
    behind_the_triggers(f"DELETE FROM {EVENTS} WHERE application_id = %(case)s", case=case.pk)
    assert found(case) == {(0, "no_events")}


def test_a_deleted_event_with_the_others_renumbered_is_found(case, behind_the_triggers):
    behind_the_triggers(
        f"""
        DELETE FROM {EVENTS} WHERE application_id = %(case)s AND seq = 3;
        UPDATE {EVENTS} SET seq = seq + 999 WHERE application_id = %(case)s AND seq > 3;
        UPDATE {EVENTS} SET seq = seq - 1000 WHERE application_id = %(case)s AND seq > 999
        """,
        case=case.pk,
    )
    assert {(3, "hash"), (3, "link")} <= found(case)


def test_two_swapped_events_are_found(case, behind_the_triggers):
    behind_the_triggers(
        f"""
        UPDATE {EVENTS} SET seq = 9999 WHERE application_id = %(case)s AND seq = 2;
        UPDATE {EVENTS} SET seq = 2 WHERE application_id = %(case)s AND seq = 3;
        UPDATE {EVENTS} SET seq = 3 WHERE application_id = %(case)s AND seq = 9999
        """,
        case=case.pk,
    )
    assert {(2, "hash"), (3, "hash"), (2, "link"), (3, "time")} <= found(case)


COPIED = (
    "verb, from_status, to_status, at, user_id, person_code, actor_name, actor_post, place, reason, detail, prev_hash, "
    "hash"
)


def test_an_event_copied_from_another_case_is_found(case, behind_the_triggers):
    other = Application.objects.exclude(pk=case.pk).filter(event_seq__gte=4).first()
    assert other is not None
    sql = f"INSERT INTO {EVENTS} (application_id, seq, {COPIED}) "
    sql += f"SELECT %(case)s, %(seq)s, {COPIED} FROM {EVENTS} WHERE application_id = %(other)s AND seq = 4"
    assert behind_the_triggers(sql, case=case.pk, seq=case.event_seq + 1, other=other.pk) == 1
    faults = found(case)
    assert {(case.event_seq + 1, "hash"), (case.event_seq + 1, "link"), (case.event_seq + 1, "head_seq")} <= faults


def test_events_of_two_cases_exchanged_are_found(case, behind_the_triggers):
    other = Application.objects.exclude(pk=case.pk).filter(event_seq__gte=3).first()
    assert other is not None
    behind_the_triggers(
        f"""
        UPDATE {EVENTS} SET seq = 9999 WHERE application_id = %(case)s AND seq = 2;
        UPDATE {EVENTS} SET application_id = %(case)s WHERE application_id = %(other)s AND seq = 2;
        UPDATE {EVENTS} SET application_id = %(other)s, seq = 2 WHERE application_id = %(case)s AND seq = 9999
        """,
        case=case.pk,
        other=other.pk,
    )
    assert (2, "hash") in found(case)
    assert (2, "hash") in found(other)


def test_a_forged_event_with_a_true_hash_differs_from_the_head(case, behind_the_triggers):
    seq = case.event_seq + 1
    behind_the_triggers(
        f"""
        INSERT INTO {EVENTS} (application_id, seq, {COPIED})
        SELECT application_id, %(seq)s, 'pass_on', to_status, to_status, at, user_id, person_code, actor_name,
               actor_post, place, '补记', detail, hash, ''
        FROM {EVENTS} WHERE application_id = %(case)s AND seq = %(seq)s - 1;
        {REHASH}
        """,
        case=case.pk,
        seq=seq,
    )
    assert (seq, "head_seq") in found(case)


def test_an_act_that_the_table_does_not_know_is_found(case, behind_the_triggers):
    behind_the_triggers(
        f"UPDATE {EVENTS} SET verb = 'withdraw' WHERE application_id = %(case)s AND seq = 2; {REHASH}",
        case=case.pk,
        seq=2,
    )
    assert {(2, "edge"), (3, "link")} <= found(case)


# --- the case itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": "withdrawn"}, "head_status"),
        ({"event_seq": 2}, "head_seq"),
        ({"event_seq": 999}, "head_seq"),
        ({"event_hash": "0" * 64}, "head_hash"),
        ({"event_hash": ""}, "head_hash"),
    ],
)
def test_a_changed_case_differs_from_its_chain(case, change, fault):
    with unguarded():
        Application.objects.filter(pk=case.pk).update(**change)
    assert found(case) == {(case.event_seq, fault)}


def test_a_clock_that_can_be_shifted_is_told_where_it_may_not_be(settings):
    settings.DEMO = False
    (fault,) = prove_ledger().as_dict()["faults"]
    assert (fault["fault"], fault["application"]) == ("clock", None)


# --- the command ------------------------------------------------------------------------------------------------------


def run_command() -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command("verify_ledger", "--json", stdout=out)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(out.getvalue())


def test_the_command_is_content(case):
    code, told = run_command()
    assert (code, told["faults"], told["applications"]) == (0, [], CASES)


def test_the_command_ends_with_1_and_names_number_and_event(case, behind_the_triggers, capsys):
    behind_the_triggers(f"UPDATE {EVENTS} SET place = '某处' WHERE application_id = %(case)s AND seq = 5", case=case.pk)
    code, told = run_command()
    assert code == 1
    assert [(f["number"], f["seq"], f["fault"]) for f in told["faults"]] == [(case.number, 5, "hash")]
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    shown = capsys.readouterr()
    assert f"{case.number} #5" in shown.err
    assert "问题 1 个" in shown.out


def test_text_with_tabs_breaks_and_backslashes_is_no_fault(case, behind_the_triggers):
    awkward = "第一行\n第二行\t制表\\反斜杠\r\b\f\v \\N 末"
    values = {"case": case.pk, "seq": case.event_seq, "text": awkward, "detail": json.dumps({"话": awkward + '"'})}
    sql = f"UPDATE {EVENTS} SET reason = %(text)s, detail = %(detail)s::jsonb "
    sql += "WHERE application_id = %(case)s AND seq = %(seq)s"
    behind_the_triggers(f"{sql}; {REHASH}", **values)
    assert found(case) == {(case.event_seq, "head_hash")}


# --- with the triggers on, nothing of this is possible ----------------------------------------------------------------


@pytest.mark.parametrize("model", [Event, ClockFact, Document, AccessRecord, LimitWarning])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_triggers_refuse_even_the_owner(model, statement):
    clock = Clock.objects.select_related("application").first()
    assert clock is not None
    at = clock.application.moved_at
    if model is AccessRecord:
        model.objects.create(
            application=clock.application, user=User.objects.get(username="system"), kind="file", at=at
        )
    if model is LimitWarning:
        values = {"clock": clock, "application": clock.application, "clock_kind": clock.kind, "effective_at": at}
        with unguarded(model._meta.db_table):
            model.objects.create(level="red", arming=99, recorded_at=at, **values)
    assert model.objects.aggregate(last=Max("pk"))["last"]
    with pytest.raises(IntegrityError, match="append-only") as refusal, transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))
    assert isinstance(refusal.value.__cause__, psycopg2.Error)
    assert refusal.value.__cause__.pgcode == "23001"
