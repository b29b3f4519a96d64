"""Whoever has the site's role in the database acts in nobody's name and moves no blame without an event."""

from typing import Any

import pytest
from psycopg2.extras import Json

from applications.actions.extend import extend
from applications.actions.hand_over import hand_over, take_over
from applications.actions.make_result import make_result
from applications.domain.lifecycle import TABLE
from applications.models import Application, HandOver
from halls.models import User
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
EVENT = (
    "INSERT INTO applications_event (application_id, seq, verb, from_status, to_status, at, user_id, person_code,"
    " actor_name, actor_post, place, reason, detail, prev_hash, hash)"
    " VALUES (%s, 0, %s, 'in_progress', 'in_progress', halls_now(), %s, %s, %s, '', '', '', %s, '', '')"
)
CASE, CLOCK = "UPDATE applications_application SET ", "UPDATE applications_clock SET "
DOCUMENT = (
    "INSERT INTO applications_document (application_id, kind, number, event_seq, content, issued_at)"
    " SELECT application_id, %s, 'X1', seq, '{}', at FROM applications_event WHERE application_id = %s AND verb = %s"
)


def told(
    case: Application, who: User, *, verb: str = "recalculate", detail: Any = None, **changed: Any
) -> tuple[Any, ...]:
    names = {"user": who.pk, "code": who.person_code, "name": who.full_name} | changed
    return (case.pk, verb, names["user"], names["code"], names["name"], Json({} if detail is None else detail))


def extension(**changed: Any) -> dict[str, Any]:
    return {"clocks": [{"kind": "promised", "move": "extend", "amount": 5, "unit": "wd"} | changed]}


def refused(sql: str, *values: Any) -> None:
    blocked_as_application(sql, *values, by=(GUARDED,))


def write(sql: str, *values: Any) -> None:
    with as_application():
        assert run(sql, *values) >= 1


@pytest.fixture
def case(county: County) -> Application:
    return county.accepted(county.matter())


@pytest.fixture
def clerk(county: County) -> User:
    return county.people["window0"]


@pytest.mark.parametrize("lie", [{"code": "X"}, {"name": "某"}])
def test_nobody_acts_under_another_name(case: Application, clerk: User, lie: dict[str, str]) -> None:
    refused(EVENT, *told(case, clerk, **lie))
    write(EVENT, *told(case, clerk))


def test_nor_with_the_person_of_another_account_or_one_switched_off(
    county: County, case: Application, clerk: User
) -> None:
    refused(EVENT, *told(case, clerk, user=county.people["approver0"].pk))
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    refused(EVENT, *told(case, clerk))


@pytest.mark.parametrize(
    "detail",
    [
        extension(amount=11), extension(amount=999), extension(amount=0), extension(amount=-1), extension(amount=None),
        extension(amount="5.5"), extension(unit="cd"), {"clocks": {}}, {"clocks": "promised"}, {"clocks": None},
        {"clocks": [1]}, {"clocks": [[]]}, {"clocks": [[{"kind": "promised"}]]}, [], "x",
    ],
)  # fmt: skip
def test_an_extension_has_its_shape_and_its_measure(case: Application, clerk: User, detail: Any) -> None:
    refused(EVENT, *told(case, clerk, verb="extend", detail=detail))


def test_only_an_extension_extends_and_only_once(county: County, case: Application, clerk: User) -> None:
    refused(EVENT, *told(case, clerk, detail=extension()))
    case = extend(case.pk, actor=county.actor("approver0"), days=10, reason="需要现场核实", was_told=True)
    assert case.was_extended
    refused(EVENT, *told(case, clerk, verb="extend", detail=extension()))
    refused(EVENT, *told(case, clerk, verb="extend"))


@pytest.mark.parametrize(
    "change",
    [
        "seat_path = '', seat_department_id = NULL", "seat_hall_id = NULL", "step_seq = 1, step_kind = 'accept'",
        "result_path = 'x'", "destination_path = 'x'", "result_number = 'x'",
        "seat_path = 'x', event_seq = event_seq + 1",
    ],
)  # fmt: skip
def test_no_case_changes_hands_without_an_event(case: Application, change: str) -> None:
    refused(CASE + change + " WHERE id = %s", case.pk)


@pytest.mark.parametrize("change", ["accept_path = 'x'", "filed_by_id = filed_by_id + 1", "applicant_id = NULL"])
def test_who_filed_a_case_never_changes_not_even_with_one(case: Application, clerk: User, change: str) -> None:
    write(EVENT, *told(case, clerk))
    newest = "(SELECT {} FROM applications_event e WHERE e.application_id = applications_application.id"
    head = f"event_seq = {newest.format('max(seq)')}), event_hash = {newest.format('hash')} ORDER BY seq DESC LIMIT 1)"
    refused(CASE + f"{change}, {head} WHERE id = %s", case.pk)
    refused(CASE + f"seat_path = 'x', {head} WHERE id = %s", case.pk)
    write(CASE + f"{head} WHERE id = %s", case.pk)


def test_a_clock_is_never_armed_anew_and_moves_only_as_told(case: Application, clerk: User) -> None:
    clock = clock_of(case, "promised")
    write(EVENT, *told(case, clerk, verb="extend", detail=extension(kind="step")))
    moved = ", event_seq = event_seq + 1 WHERE id = %s"
    refused(CLOCK + "arming = 2" + moved, clock.pk)
    refused(CLOCK + "due_at = due_at + interval '9 days'" + moved, clock.pk)
    refused(CLOCK + "paused_at = now()" + moved, clock.pk)


def test_the_route_of_a_case_stays(case: Application) -> None:
    refused("UPDATE applications_applicationstep SET path = 'x' WHERE application_id = %s", case.pk)
    refused("DELETE FROM applications_applicationstep WHERE application_id = %s", case.pk)


@pytest.mark.parametrize("change", ["name = '李小示'", "id_index = 'x'", "id_masked = 'x'", "id_sealed = ''"])
def test_who_asked_stays_as_filed(case: Application, change: str) -> None:
    refused(f"UPDATE applications_applicant SET {change} WHERE id = %s", case.applicant_id)


def test_a_hand_over_is_signed_for_once(county: County) -> None:
    case = county.granted(county.accepted(county.matter()))
    make_result(case.pk, actor=county.actor("window0"))
    hand_over(case.pk, actor=county.actor("window0"), to_hall=county.villages[0].code)
    ways = (
        "UPDATE applications_handover SET to_path = 'x'",
        "UPDATE applications_handover SET taken_at = now()",
        "UPDATE applications_handover SET sent_by_id = sent_by_id + 1, taken_at = now(), taken_by_id = sent_by_id",
        "DELETE FROM applications_handover",
    )
    for way in ways:
        refused(way)
    take_over(case.pk, actor=county.actor("clerk0"))
    assert HandOver.objects.get().taken_by == county.people["clerk0"]
    for way in (*ways, "UPDATE applications_handover SET taken_at = NULL, taken_by_id = NULL"):
        refused(way)


@pytest.mark.parametrize(
    "change", ["handling = 'immediate'", "promised_days = 1", "statutory_amount = 90, statutory_unit = 'wd'"]
)
def test_a_guide_in_use_stays_as_published(county: County, case: Application, change: str) -> None:
    refused(f"UPDATE matters_matterversion SET {change} WHERE id = %s", case.guide_id)
    write("UPDATE matters_matterversion SET superseded_at = halls_now() WHERE id = %s", case.guide_id)
    unused = county.matter().current_id
    refused(f"UPDATE matters_matterversion SET {change} WHERE id = %s", unused)  # nor is any other published one


def test_a_paper_belongs_to_the_newest_act_and_is_of_its_kind(case: Application, clerk: User) -> None:
    refused(DOCUMENT, "grant_decision", case.pk, "accept")
    refused(DOCUMENT, "receipt", case.pk, "receive")  # it is not the newest any more
    at("2026-03-03 10:00")
    write(EVENT, *told(case, clerk))
    refused(DOCUMENT, "acceptance_notice", case.pk, "recalculate")


@pytest.mark.parametrize("row", [row for row in TABLE if row.document], ids=lambda row: row.verb.value)
def test_every_paper_of_the_table_is_known_to_the_database(county: County, case: Application, row: Any) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE applications_event DISABLE TRIGGER guard_tale")  # here only the kinds of paper are asked about
    write(EVENT, *told(case, county.people["approver0"], verb=row.verb.value))
    write(DOCUMENT + " ORDER BY seq DESC LIMIT 1", row.document, case.pk, row.verb.value)
