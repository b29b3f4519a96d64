"""A renewal says until when the permit in hand is good: on the page, in the API, on the case page."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.draft import draft
from applications.actions.fill import fill_applicant
from applications.models import Application
from matters.models import Matter
from tests.supervision.conftest import _shared_county, county
from tests.supervision.county import APPLICANT, County
from tests.supervision.test_defaults import renewal_matter

__all__ = ["_shared_county", "county"]
pytestmark = pytest.mark.django_db
LABEL = "原许可有效期至"


@pytest.fixture
def clerk(county: County) -> Client:
    client = Client()
    client.force_login(county.people["clerk0"])
    return client


def drafted(county: County, matter: Matter) -> Application:
    actor = county.actor("clerk0")
    case = draft(actor=actor, matter_code=matter.code, hall_code=county.villages[0].code)
    return fill_applicant(case.pk, APPLICANT, actor=actor)


def send(clerk: Client, page: str, case: Application, **answers: str) -> Any:
    case.refresh_from_db()
    return clerk.post(reverse(page, args=[case.key]), answers | {"version": str(case.version)})


def test_the_page_asks_a_renewal_and_the_answer_is_shown_wherever_the_case_is(county: County, clerk: Client) -> None:
    case = drafted(county, renewal_matter(county))
    url = reverse("intake_details", args=[case.key])
    assert LABEL in clerk.get(url).content.decode()
    assert "原许可的有效期必填" in clerk.get(reverse("intake_tasks", args=[case.key])).content.decode()
    assert "填完上面才能交" in clerk.get(reverse("intake_tasks", args=[case.key])).content.decode()
    for given, told in (
        ("", "请照许可证填写有效期的最后一天。"),
        ("2026-02-30", "请填写 2026-03-02 这样的日期。"),
        ("2026-03-01", "确已届满的，请按新申请办理"),
    ):
        answer = send(clerk, "intake_details", case, permit_expires_on=given)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    refused = send(clerk, "intake_check", case, applicant_checked="on")
    assert refused.status_code == 422
    assert "还没有填写原许可的有效期" in refused.content.decode()
    assert send(clerk, "intake_details", case, permit_expires_on="2026-03-31").status_code == 302
    assert 'value="2026-03-31"' in clerk.get(url).content.decode()
    assert send(clerk, "intake_details", case, permit_expires_on="2026-04-30").status_code == 302
    assert "2026-04-30" in clerk.get(reverse("intake_check", args=[case.key])).content.decode()
    assert send(clerk, "intake_check", case, applicant_checked="on").status_code == 302
    case.refresh_from_db()
    assert case.permit_expires_on == date(2026, 4, 30)
    shown = clerk.get(reverse("case", args=[case.number])).content.decode()
    assert LABEL in shown
    assert "2026-04-30" in shown


def test_no_other_matter_is_asked(county: County, clerk: Client) -> None:
    case = drafted(county, county.matter())
    for page in ("intake_details", "intake_check"):
        assert LABEL not in clerk.get(reverse(page, args=[case.key])).content.decode()
    assert send(clerk, "intake_details", case, permit_expires_on="2026-03-31").status_code == 302
    case.refresh_from_db()
    assert case.permit_expires_on is None


def test_the_api_takes_it_refuses_what_cannot_be_and_tells_it(county: County, clerk: Client) -> None:
    matter = renewal_matter(county)
    who = {"name": "王小示", "id_number": APPLICANT.id_number, "phone": APPLICANT.phone}
    body = {"matter": matter.code, "hall": county.villages[0].code, "applicant": who}

    def file(key: str, **said: Any) -> Any:
        return clerk.post(
            "/api/v1/applications/", json.dumps(body | said), "application/json", headers={"Idempotency-Key": key}
        )

    for key, said, code in (
        ("renewal-1", {}, "permit_end_missing"),
        ("renewal-2", {"permit_expires_on": "2026-03-01"}, "permit_is_over"),
        ("renewal-3", {"permit_expires_on": "2026-03-31", "matter": county.matter().code}, "permit_end_not_asked"),
    ):
        answer = file(key, **said)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, "permit_expires_on")
    assert file("renewal-4", permit_expires_on="morgen").status_code in (400, 422)
    told = file("renewal-5", permit_expires_on="2026-03-31")
    assert (told.status_code, told.json()["permit_expires_on"]) == (201, "2026-03-31")
    kept = file("renewal-6", submit=False).json()
    url = f"/api/v1/applications/{kept['key']}/form/"
    put = clerk.put(url, json.dumps({"form": {}, "permit_expires_on": "2026-04-01"}), "application/json")
    assert (put.status_code, put.json()["permit_expires_on"]) == (200, "2026-04-01")
