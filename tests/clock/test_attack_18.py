"""C18: "history" is imported with invented times."""

import pytest

from applications.models import Application, Event
from tests.clock.attack import GUARDED, as_application, blocked_as_application, found, run, shown_after_the_night
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
COLUMNS = [str(f.column) for f in Application._meta.concrete_fields if f.column not in ("id", "key", "applicant_id")]
MOMENTS = ("submitted_at", "received_at", "accepted_at", "decided_at", "ended_at", "due_at", "late_at")
DRAFT = {"status": "'draft'", "event_seq": "0", "number": "NULL"} | dict.fromkeys(MOMENTS, "NULL")


def copied(**changed: str) -> str:
    """The first case once more, as a draft but for what is changed."""
    written = DRAFT | changed
    shown = [written.get(column, column) for column in COLUMNS]
    return (
        f"INSERT INTO applications_application (key, {', '.join(COLUMNS)}) "
        f"SELECT gen_random_uuid(), {', '.join(shown)} FROM applications_application LIMIT 1"
    )


@pytest.mark.parametrize(
    ("column", "invented"),
    [
        ("status", "'in_progress'"),
        ("event_seq", "1"),
        ("number", "'990000000000'"),
        *((moment, "'2020-01-01'::timestamptz") for moment in MOMENTS),
    ],
)
def test_a_case_is_imported_as_nothing_but_a_draft(county: County, column: str, invented: str) -> None:
    county.accepted(county.matter())
    blocked_as_application(copied(**{column: invented}), by=(GUARDED,))


def test_a_draft_without_its_event_is_found(county: County) -> None:
    county.accepted(county.matter())
    with as_application():
        run(copied())
    assert "no_events" in found()
    assert "办件没有任何记录。" in shown_after_the_night(county)


def test_imported_events_carry_the_databases_time(county: County) -> None:
    case = county.accepted(county.matter())
    now = at("2026-03-05 10:00")
    with as_application():
        run(
            "INSERT INTO applications_event (application_id, seq, verb, from_status, to_status, at, user_id,"
            " person_code, actor_name, actor_post, place, reason, detail, prev_hash, hash) SELECT application_id, 99,"
            " 'recalculate', to_status, to_status, '2020-01-01', user_id, person_code, actor_name, actor_post, place,"
            " '',"
            " '{}', 'x', 'y'"
            " FROM applications_event WHERE application_id = %s ORDER BY seq DESC LIMIT 1",
            case.pk,
        )
    event = Event.objects.filter(application=case).latest("seq")
    assert (event.at, event.seq) == (now, case.event_seq + 1)
    assert event.prev_hash == case.event_hash


def test_no_clock_is_imported_that_no_event_tells_of(county: County) -> None:
    case = county.filed(county.matter())
    blocked_as_application(
        "INSERT INTO applications_clock (application_id, kind, seat_path, amount, unit, carried, is_alone, state,"
        " started_at, is_provisional, arming, event_seq)"
        " VALUES (%s, 'promised', '', 99, 'wd', 0, true, 'running', '2020-01-01', false, 1, 1)",
        case.pk,
    )
