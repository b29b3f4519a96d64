"""Whoever has the site's role tells in an event what its verb does, in the measures of guide and route, or nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg2.extras import Json

from applications.domain.ledger import EDGES
from applications.domain.lifecycle import TABLE
from applications.models import Application, Clock
from halls.domain.worktime import SHANGHAI
from halls.models import User
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import Accountability
from tests.clock.attack import GUARDED, as_application, blocked_as_application, found, run, shown_after_the_night
from tests.factories.tampering import unguarded
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
EVENT = (
    "INSERT INTO applications_event (application_id, seq, verb, from_status, to_status, at, user_id, person_code,"
    " actor_name, actor_post, place, reason, detail, prev_hash, hash)"
    " SELECT %s, 0, %s, %s, %s, halls_now(), id, person_code, full_name, '', '', '', %s, '', '' FROM halls_user"
    " WHERE id = %s"
)
START = {"move": "start", "unit": "wd", "carried": 0, "alone": False, "step": None}


def stop(*kinds: str) -> list[dict[str, Any]]:
    return [{"kind": kind, "move": "stop"} for kind in kinds]


def start(kind: str, amount: int, **more: Any) -> dict[str, Any]:
    return START | {"kind": kind, "amount": amount} | more


class Forger:
    """Whoever broke into the site writes events of one case in the name of one clerk."""

    def __init__(self, case: Application, who: User) -> None:
        self.case, self.who = case, who

    def event(self, verb: str, clocks: Any = None, to: str = "", **detail: Any) -> tuple[Any, ...]:
        self.case.refresh_from_db()
        said = detail | ({} if clocks is None else {"clocks": clocks})
        return EVENT, self.case.pk, verb, self.case.status, to or self.case.status, Json(said), self.who.pk

    def refused(self, *what: Any, **more: Any) -> None:
        blocked_as_application(*self.event(*what, **more), by=(GUARDED,))

    def write(self, *what: Any, **more: Any) -> None:
        with as_application():
            assert run(*self.event(*what, **more)) == 1


@pytest.fixture
def case(county: County) -> Application:
    return county.accepted(county.matter(promised=5))


@pytest.fixture
def forger(county: County, case: Application) -> Forger:
    return Forger(case, county.people["window0"])


def rows(function: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest({function}())")
        return {row[0] for row in cursor.fetchall()}


def test_the_database_knows_the_lifecycle_table() -> None:
    moves = {f"{row.verb.value} {one.move.value} {one.kind.value}" for row in TABLE for one in row.clocks}
    assert rows("applications_moves") == moves
    assert rows("applications_edges") == {b" ".join(edge).decode() for edge in EDGES}


@pytest.mark.parametrize(
    "clocks",
    [
        stop("promised", "step"),
        [*stop("promised"), start("promised", 200, alone=True)],
        [{"kind": "promised", "move": "x"}],
        [{"kind": "promised", "move": "pause"}],
    ],
)
@pytest.mark.parametrize("verb", ["recalculate", "extend"])
def test_no_other_verb_moves_a_clock(forger: Forger, verb: str, clocks: Any) -> None:
    forger.refused(verb, clocks)


@pytest.mark.parametrize(
    ("verb", "to"),
    [("withdraw", ""), ("grant", "delivered"), ("deliver", "delivered"), ("accept", ""), ("draft", "draft")],
)
def test_an_act_leads_where_the_table_says(forger: Forger, verb: str, to: str) -> None:
    forger.refused(verb, to=to)


def test_a_case_is_not_left_without_the_limit_that_its_verb_begins(county: County, forger: Forger) -> None:
    forger.refused("grant", stop("promised", "step"), to="granted", step=[forger.case.step_seq])
    received = Forger(county.received(county.matter()), forger.who)
    received.refused("accept", stop("acceptance"), to="in_progress")
    filed = Forger(county.filed(county.matter()), forger.who)
    filed.refused("receive", stop("pre_review"), to="received")
    filed.refused("receive", [*stop("pre_review"), start("acceptance", 90)], to="received")


@pytest.mark.parametrize(
    "clocks",
    [
        [start("promised", 6, alone=True), start("step", 1, step=2)],
        [start("promised", 5, alone=True, unit="cd"), start("step", 1, step=2)],
        [start("promised", 5, alone=True), start("step", 99, step=2)],
        [start("promised", 5, alone=True), start("step", 99, step=2, carried=98)],
        [start("promised", 5, alone=True), start("step", 1, step=7)],
        [start("promised", 5, alone=True, since=1), start("step", 1, step=2)],
        [start("promised", 5), start("statutory", 90), start("step", 1, step=2)],
    ],
)
def test_a_promise_and_its_steps_have_the_measures_of_the_guide(county: County, clocks: Any) -> None:
    case = county.received(county.matter(promised=5))
    seat = str(case.steps.get(seq=2).path)
    forger = Forger(case, county.people["window0"])
    forger.refused("accept", [*stop("acceptance"), *clocks], to="in_progress", seat=seat)


def test_silence_is_not_passed_over(county: County) -> None:
    """What was accepted by law runs from its receipt; no event begins it afresh."""
    case = county.received(county.matter(promised=5))
    at("2026-03-20 10:00")
    clocks = [*stop("acceptance"), start("promised", 5, alone=True), start("step", 1, step=2)]
    Forger(case, county.people["window0"]).refused("accept", clocks, to="in_progress")


def test_a_pause_ends_with_its_procedure_and_the_case_wakes_with_it(county: County) -> None:
    case = county.accepted(county.special_matter(days=5))
    forger = Forger(case, county.people["examiner0"])
    pauses = [{"kind": kind, "move": "pause", "granted_until": "2030-01-01"} for kind in ("promised", "step")]
    forger.refused("suspend", [*pauses, start("special", 5, step=2)], to="suspended")
    forger.refused("suspend", [*pauses, start("special", 250, step=2)], to="suspended")


def test_what_is_over_is_not_extended_by_sql_either(forger: Forger) -> None:
    at("2026-03-20 10:00")
    forger.refused("extend", [{"kind": "promised", "move": "extend", "amount": 5, "unit": "wd"}])


def test_one_notice_is_all_there_is(county: County, forger: Forger) -> None:
    received = Forger(county.received(county.matter()), forger.who)
    clocks = [*stop("acceptance"), start("supplement", 15)]
    received.refused("request_correction", [*stop("acceptance"), start("supplement", 61)], to="correcting")
    received.write("request_correction", clocks, to="correcting")


# --- seats --------------------------------------------------------------------------------------------------------


def test_blame_moves_with_an_act_that_moves_it_and_no_other(county: County, case: Application, forger: Forger) -> None:
    other = county.townships[1].path
    forger.refused("recalculate", [], seat=other)
    forger.refused("recalculate", [], seat=case.seat_path)
    clocks = [*stop("step"), start("step", 1, step=case.step_seq)]
    forger.refused("pass_on", clocks, seat=other, step=[case.step_seq])
    forger.refused("pass_on", clocks, seat=case.seat_path, step=[9])
    forger.write("recalculate", [])
    newest = "(SELECT {} FROM applications_event e WHERE e.application_id = %s ORDER BY seq DESC LIMIT 1)"
    head = f"event_seq = {newest.format('seq')}, event_hash = {newest.format('hash')}"
    for change in (f"seat_path = '{other}'", "step_seq = 1", "seat_department_id = NULL, seat_hall_id = NULL"):
        blocked_as_application(
            f"UPDATE applications_application SET {change}, {head} WHERE id = %s",
            case.pk,
            case.pk,
            case.pk,
            by=(GUARDED,),
        )
    blocked_as_application(
        f"UPDATE applications_clock SET seat_path = %s, event_seq = {newest.format('seq')} WHERE application_id = %s",
        other,
        case.pk,
        case.pk,
        by=(GUARDED,),
    )


def test_a_seat_that_the_owner_moves_is_found(county: County, case: Application) -> None:
    assert found() == set()
    with unguarded():
        run("UPDATE applications_clock SET seat_path = %s WHERE kind = 'promised'", county.townships[1].path)
    assert found() == {"clock_changed"}
    with unguarded():
        run("UPDATE applications_application SET seat_path = %s", county.townships[1].path)
    assert "办件所在的机构与记录不符：被直接改动过。" in shown_after_the_night(county)


def test_what_an_owner_tells_under_another_verb_is_found(county: County, case: Application) -> None:
    """With every guard off the case may lose its limit in an event that is in order in itself."""
    who = county.people["window0"]
    with unguarded():
        run("ALTER TABLE applications_event ENABLE TRIGGER chain_event")
        run(*Forger(case, who).event("recalculate", stop("promised", "step")))
        run(
            "UPDATE applications_clock c SET state = 'stopped', stopped_at = e.at, event_seq = e.seq"
            " FROM applications_event e WHERE e.application_id = c.application_id AND e.verb = 'recalculate'"
            " AND c.state = 'running'"
        )
        run(
            "INSERT INTO applications_clockfact (clock_id, move, at, event_seq, unit)"
            " SELECT id, 'stop', stopped_at, event_seq, '' FROM applications_clock WHERE kind IN ('promised', 'step')"
        )
        run(
            "UPDATE applications_application a SET event_seq = e.seq, event_hash = e.hash, late_at = NULL,"
            " warn_at = NULL"
            " FROM applications_event e WHERE e.application_id = a.id AND e.verb = 'recalculate'"
        )
    assert not Clock.objects.filter(application=case, state="running").exists()
    assert found() == {"move"}


# --- what follows to silence --------------------------------------------------------------------------------------

RECORD = (
    "INSERT INTO supervision_accountability (application_id, clock_id, act, fault, citation, step_name, seat_path,"
    " seat_name, holders, breached_at, opened_at) SELECT application_id, id, %s, 'organ', 'x', '', %s, '别处', %s,"
    " halls_now() - interval '1 day', halls_now() FROM applications_clock WHERE application_id = %s AND kind = %s"
)


def test_no_record_stands_before_its_act(county: County) -> None:
    case = county.received(county.matter())
    forged = (county.townships[1].path, Json([]), case.pk, "acceptance")
    for act in ("deemed_accept", "escalate", "deemed_renew", "none"):
        blocked_as_application(RECORD, act, *forged, by=(GUARDED,))
    due = clock_of(case, "acceptance").due_at
    assert due is not None
    at(f"{(due + timedelta(minutes=1)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    blocked_as_application(RECORD, "deemed_accept", *forged, by=(GUARDED,))
    sweep()
    case.refresh_from_db()
    assert case.status == "in_progress"
    record = Accountability.objects.get()
    assert (record.breached_at, record.seat_path) == (due, case.accept_path)


def test_a_record_that_an_owner_plants_does_not_keep_the_law_from_accepting(county: County) -> None:
    case = county.received(county.matter())
    with unguarded("supervision_accountability"):
        run(RECORD, "deemed_accept", county.townships[1].path, Json([]), case.pk, "acceptance")
    due = clock_of(case, "acceptance").due_at
    assert due is not None
    at(f"{(due + timedelta(minutes=20)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    assert "deem_accepted" in {one.field for one in prove_lights().differences}
    sweep()
    case.refresh_from_db()
    assert case.status == "in_progress"
    assert prove_lights().differences == ()
