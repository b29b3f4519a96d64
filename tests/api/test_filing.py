"""Filing a case through the API: once, whatever the network does."""

import uuid

import pytest

from applications.actions.fill import may_be_left_out
from applications.models import Application, IdempotencyKey
from tests.factories.cases import a_case, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_filing_answers_as_the_contract_says(caller, filing):
    answer = caller("village_clerk").post("applications/", filing(), Idempotency_Key="first-filing")
    assert answer.status_code == 201
    told = answer.json()
    assert len(told["number"]) == 16
    assert len(told["query_code"]) == 8
    assert told["progress_url"].startswith(f"http://testserver/p/{told['number']}.")
    assert told["status"] == "submitted"
    assert [clock["kind"] for clock in told["clocks"]] == ["pre_review"]
    assert told["clocks"][0]["due_at"]
    assert told["clocks"][0]["provisional"] is False
    assert told["available_verbs"] == ["withdraw"]
    assert told["applicant"]["name"] == "张**"
    assert answer["ETag"] == f'"{told["version"]}"'


def test_the_same_key_and_body_give_the_same_answer(caller, filing):
    clerk, body = caller("village_clerk"), filing()
    first = clerk.post("applications/", body, Idempotency_Key="again-and-again")
    second = clerk.post("applications/", dict(reversed(body.items())), Idempotency_Key="again-and-again")
    assert second.status_code == 201
    assert second.json() == first.json()
    assert Application.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(caller, filing, problem):
    clerk = caller("village_clerk")
    clerk.post("applications/", filing(), Idempotency_Key="used-before")
    told = problem(clerk.post("applications/", filing(), Idempotency_Key="used-before"), 409, "key_reused")
    assert told["field"] == "Idempotency-Key"
    assert Application.objects.count() == 1


def test_the_same_key_of_another_person_is_another_key(caller, filing):
    for role, hall in (("village_clerk", "500236272202"), ("township_window", "500236272")):
        answer = caller(role).post("applications/", filing(hall=hall), Idempotency_Key="everybody-s-key")
        assert answer.status_code == 201
    assert Application.objects.count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_missing_or_odd_key_is_named(caller, filing, problem, key):
    headers = {"Idempotency_Key": key} if key else {}
    told = problem(caller("village_clerk").post("applications/", filing(), **headers), 422, "idempotency_key")
    assert told["field"] == "Idempotency-Key"
    assert "Idempotency-Key" in told["cure"]


def test_a_refused_filing_leaves_its_key_free(caller, filing, problem):
    clerk = caller("village_clerk")
    wrong = filing(applicant={"id_number": "990000199001010000"})
    problem(clerk.post("applications/", wrong, Idempotency_Key="try-again-soon"), 422)
    assert not IdempotencyKey.objects.exists()
    assert clerk.post("applications/", filing(), Idempotency_Key="try-again-soon").status_code == 201


def test_a_draft_is_filled_in_and_submitted_later(caller, filing):
    clerk = caller("village_clerk")
    body = filing(submit=False) | {"applicant": None}
    told = clerk.post("applications/", body, Idempotency_Key=str(uuid.uuid4())).json()
    assert (told["status"], told["number"], told["query_code"]) == ("draft", None, None)
    assert told["available_verbs"] == ["submit"]
    at = f"applications/{told['key']}/"
    who = {"name": "李四", "id_number": an_id_number(), "version": told["version"]}
    told = clerk.send("PUT", f"{at}applicant/", who).json()
    told = clerk.send("PUT", f"{at}form/", {"form": {"占地面积": "120 平方米"}}, If_Match=f'"{told["version"]}"').json()
    told = clerk.send("PUT", f"{at}declared/", {"materials": {"1": "have", "7": "later"}}).json()
    assert told["form"] == {"占地面积": "120 平方米"}
    assert [line["declared"] for line in clerk.get(f"{at}materials/").json()][::6] == ["have", "later"]
    told = clerk.post(f"{at}verbs/submit/").json()
    assert told["status"] == "submitted"
    assert told["number"]


def test_an_older_version_of_a_draft_is_stale(caller, filed, problem):
    clerk, draft = caller("village_clerk"), filed(submit=False)
    at = f"applications/{draft['key']}/form/"
    assert clerk.send("PUT", at, {"form": {"a": 1}, "version": draft["version"]}).status_code == 200
    problem(clerk.send("PUT", at, {"form": {"a": 2}, "version": draft["version"]}), 409, "stale_page")
    problem(clerk.send("PUT", at, {"form": {"a": 2}}, If_Match='"1"'), 409, "stale_page")


def test_a_necessary_paper_cannot_be_declared_unneeded(caller, problem):
    clerk = caller("village_clerk")
    case = a_case("draft")
    necessary = [line.seq for line in case.materials.select_related("material") if not may_be_left_out(line.material)]
    refused = clerk.send(
        "PUT", f"applications/{case.key}/declared/", {"materials": dict.fromkeys(map(str, necessary), "not_needed")}
    )
    told = problem(refused, 422, "material_is_necessary")
    assert {error["field"] for error in told["errors"]} == {f"materials.{seq}" for seq in necessary} != set()
    assert all(error["cure"] for error in told["errors"])
    assert set(case.materials.values_list("declared", flat=True)) == {"unknown"}
