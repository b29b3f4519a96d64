"""C05: the client sends times of its own."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Event
from halls.domain.worktime import SHANGHAI
from tests.clock.attack import as_application, found, run
from tests.supervision.county import APPLICANT, County, at, clock_of

pytestmark = pytest.mark.django_db
FORGED = {
    "accepted_at": "2020-01-01T00:00:00+08:00",
    "at": "2020-01-01T00:00:00+08:00",
    "due_at": "2030-01-01T00:00:00+08:00",
    "started_at": "2030-01-01T00:00:00+08:00",
    "clocks": [{"kind": "promised", "move": "start", "amount": 999}],
}


@pytest.fixture
def window(county: County) -> Client:
    client = Client()
    client.force_login(county.people["window0"])
    return client


def test_the_api_reads_no_time_from_outside(county: County, window: Client) -> None:
    """A field that no body has is not read: the act is done, at the moment of the database."""
    case = county.filed(county.matter(promised=5))
    now = at("2026-03-03 09:00")
    body = json.dumps(FORGED | {"version": case.version})
    answer = window.post(f"/api/v1/applications/{case.number}/verbs/receive/", body, content_type="application/json")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["received_at"], told["accepted_at"]) == ("2026-03-03T09:00:00+08:00", None)
    has_only_its_own_times(case, now)


def test_the_page_reads_no_time_from_outside(county: County, window: Client) -> None:
    case = county.filed(county.matter(promised=5))
    now = at("2026-03-03 09:00")
    answer = window.post(
        reverse("case_verb", args=[case.number, "receive"]),
        {k: str(v) for k, v in FORGED.items()} | {"version": case.version},
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("case", args=[case.number]))
    has_only_its_own_times(case, now)


@pytest.mark.parametrize("of_draft", [False, True])
def test_a_filing_reads_no_time_from_outside(county: County, of_draft: bool) -> None:
    now = at("2026-03-03 09:00")
    client = Client()
    client.force_login(county.people["clerk0"])
    who = {"name": APPLICANT.name, "id_number": APPLICANT.id_number}
    body: dict[str, Any] = FORGED | {"matter": county.matter().code, "hall": county.villages[0].code, "applicant": who}
    body |= {"submit": not of_draft, "submitted_at": "2020-01-01T00:00:00+08:00", "created_at": "2020-01-01"}
    headers = {"Idempotency-Key": "forged-times"}
    answer = client.post("/api/v1/applications/", json.dumps(body), "application/json", headers=headers)
    assert answer.status_code == 201
    case = Application.objects.get(key=answer.json()["key"])
    assert (case.created_at, case.submitted_at) == (now, None if of_draft else now)
    assert set(Event.objects.filter(application=case).values_list("at", flat=True)) == {now}
    assert found() == set()


def has_only_its_own_times(case: Application, now: datetime) -> None:
    """The case was received now, with five working days to be accepted, and nothing in it says anything else."""
    case.refresh_from_db()
    assert (case.received_at, case.accepted_at, case.due_at) == (now, None, None)
    clock = clock_of(case, "acceptance")
    assert (clock.amount, clock.started_at) == (5, now)
    times = list(Event.objects.filter(application=case).order_by("seq").values_list("at", flat=True))
    assert (times[0], times[-1]) == (at_filing(), now)
    assert found() == set()


def at_filing() -> datetime:
    return datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize("forged", ["2020-01-01 00:00+08", "2026-03-02 09:59:00+08", "2030-01-01 00:00+08"])
def test_a_moment_offered_to_the_database_is_replaced_by_its_own(county: County, forged: str) -> None:
    case = county.accepted(county.matter())
    now = at("2026-03-04 09:00")
    columns = "application_id, seq, verb, from_status, to_status, at, user_id, person_code, actor_name, actor_post, "
    columns += "place, reason, detail, prev_hash, hash"
    with as_application():
        run(
            f"INSERT INTO applications_event ({columns}) SELECT application_id, 0, 'recalculate', to_status, to_status,"
            " %s,"
            " user_id, person_code, actor_name, actor_post, place, '', '{}', '', '' FROM applications_event"
            " WHERE application_id = %s ORDER BY seq DESC LIMIT 1",
            forged,
            case.pk,
        )
    assert Event.objects.filter(application=case).latest("seq").at == now


def test_the_applicant_says_nothing_about_time_either() -> None:
    assert not {name for name in APPLICANT.__dataclass_fields__ if name.endswith("_at")}
