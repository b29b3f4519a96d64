"""C05: the client sends times of its own."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Event
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


def test_the_api_and_the_page_take_no_time_from_outside(county: County) -> None:
    case = county.filed(county.matter(promised=5))
    now = at("2026-03-03 09:00")
    client = Client()
    client.force_login(county.people["window0"])
    body = json.dumps(FORGED | {"version": case.version})
    answer = client.post(f"/api/v1/applications/{case.number}/verbs/receive/", body, content_type="application/json")
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        case.refresh_from_db()
        assert case.received_at == now
        assert clock_of(case, "acceptance").amount == 5
    else:  # refused by name, and nothing was written
        assert "accepted_at" in answer.content.decode()
        case.refresh_from_db()
        assert case.received_at is None
    client.post(
        reverse("case_verb", args=[case.number, "receive"]),
        {k: str(v) for k, v in FORGED.items()} | {"version": case.version},
    )
    times = Event.objects.filter(application=case).values_list("at", flat=True)
    assert max(times) <= now
    assert min(times) == at("2026-03-02 10:00")
    assert found() == set()


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
