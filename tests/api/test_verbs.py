"""A case walked through the API by the people whose work it is, and what they are refused."""

import base64
from typing import Any

import pytest

from applications.api.verbs import ENTRANCES
from applications.domain.lifecycle import BY_VERB, Status
from applications.models import Application
from tests.factories.cases import a_case, a_picture
from tests.factories.tampering import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

ALL_OK: dict[str, Any] = {"materials": {str(seq): "ok" for seq in range(1, 8)}}
SIGNATURE = "data:image/png;base64," + base64.b64encode(a_picture()).decode()
WAY: list[tuple[str, str, dict[str, Any], str]] = [  # who, verb, body, the status after it
    ("township_window", "receive", {}, "received"),
    ("township_window", "accept", ALL_OK | {"note": "材料齐全"}, "in_progress"),
    ("village_clerk", "suspend", {"days": 7, "was_told": True}, "suspended"),
    ("village_clerk", "resume", {"note": "公示无异议"}, "in_progress"),
    ("village_clerk", "pass_on", {"opinion": "同意"}, "in_progress"),
    ("village_head", "pass_on", {}, "in_progress"),
    ("township_examiner", "pass_on", {"opinion": "联审通过"}, "in_progress"),
    ("township_examiner", "step_back", {"reason": "请补充联审意见"}, "in_progress"),
    ("township_examiner", "pass_on", {}, "in_progress"),
    ("township_examiner", "suspend", {"was_told": True}, "suspended"),
    ("township_examiner", "resume", {}, "in_progress"),
    ("township_examiner", "pass_on", {}, "in_progress"),
    ("township_approver", "grant", {"opinion": "准予"}, "granted"),
    ("township_examiner", "pass_on", {}, "granted"),
    ("township_window", "make_result", {"result_number": "奉农宅〔2026〕1号"}, "ready"),
    ("township_window", "hand_over", {"to_hall": "500236272202"}, "ready"),
    ("village_clerk", "take_over", {}, "ready"),
    ("village_clerk", "deliver", {"way": "proxy", "receiver": "张大山", "signature": SIGNATURE}, "delivered"),
]


def test_every_verb_of_the_table_has_an_entrance():
    pressed = {verb for verb, row in BY_VERB.items() if not row.by_system}
    assert set(ENTRANCES) == pressed


def test_a_case_travels_through_the_api(caller, filed):
    case = filed()
    for role, verb, body, status in WAY:
        program = caller(role)
        seen = program.get(f"applications/{case['number']}/").json()
        assert verb in seen["available_verbs"], (role, verb, seen["status"], seen["available_verbs"])
        answer = program.verb(case, verb, body | {"version": seen["version"]})
        assert answer.status_code == 200, (role, verb, answer.content.decode())
        told = answer.json()
        assert told["status"] == status
        assert told["version"] == seen["version"] + 1
        assert set(told) == set(seen)
    assert told["result_number"] == "奉农宅〔2026〕1号"
    assert told["available_verbs"] == []


def test_a_correction_is_asked_for_once_and_supplied(caller, filed, problem):
    case, window, clerk = filed(), caller("township_window"), caller("village_clerk")
    window.verb(case, "receive")
    fault = {"materials": {"2": {"result": "missing", "reason": "缺承诺书"}}, "days": 10, "note": "请尽快"}
    told = window.verb(case, "request_correction", fault).json()
    assert told["status"] == "correcting"
    assert told["light"]["words"] == "等待申请人"
    lines = clerk.get(f"applications/{case['number']}/materials/").json()
    assert lines[1]["result"] == "missing"
    assert lines[1]["reason"] == "缺承诺书"
    assert clerk.verb(case, "supply", {"note": "已补"}).json()["status"] == "received"
    problem(window.verb(case, "request_correction", fault), 409, "one_notice_only")


def test_acceptance_names_every_line_that_is_not_in_order(caller, filed, problem):
    case, window = filed(), caller("township_window")
    window.verb(case, "receive")
    told = problem(window.verb(case, "accept", {"materials": {"1": "ok"}}), 422, "materials_incomplete")
    assert [one["field"] for one in told["errors"]] == [f"materials.{seq}" for seq in range(2, 8)]
    assert all(one["cure"] for one in told["errors"])


def test_a_decline_names_the_organ_in_charge(caller, filed, problem):
    case, window = filed(), caller("township_window")
    window.verb(case, "receive")
    body = {"reason": "应向林业局申请", "reason_class": "not_competent"}
    told = problem(window.verb(case, "decline", body), 422, "competent_organ")
    assert told["field"] == "competent_organ"
    assert window.verb(case, "decline", body | {"competent_organ": "县林业局"}).json()["status"] == "declined"


@pytest.mark.parametrize("verb", ["step_back", "refuse", "withdraw", "decline"])
def test_a_verb_that_needs_a_reason_says_so(caller, problem, verb):
    state, role = {
        "step_back": ("at_decision", "township_approver"),
        "refuse": ("at_decision", "township_approver"),
        "withdraw": ("submitted", "village_clerk"),
        "decline": ("received", "township_window"),
    }[verb]
    case = a_case(state)
    body = {"reason_class": "no_permit_needed"} if verb == "decline" else {}
    told = problem(caller(role).verb(case, verb, body), 422, "reason_missing")
    assert told["field"] == "reason"


def test_a_refusal_and_a_withdrawal_end_the_case(caller):
    case = a_case("at_decision")
    told = caller("township_approver").verb(case, "refuse", {"reason": "不符合一户一宅"}).json()
    assert told["status"] == "refused"
    other = a_case("received")
    told = caller("village_clerk").verb(other, "withdraw", {"reason": "不建了"}).json()
    assert told["status"] == "withdrawn"


def test_whoever_accepted_does_not_decide(caller, problem):
    case = a_case("at_decision")
    approver = caller("township_approver")
    with unguarded():
        Application.objects.filter(pk=case.pk).update(accepted_person=approver.user.person_code)
    problem(approver.verb(case, "grant"), 409, "accepted_by_decider")
    problem(approver.verb(case, "refuse", {"reason": "不"}), 409, "accepted_by_decider")


def test_a_stale_version_is_refused_by_body_and_by_header(caller, filed, problem):
    case, window = filed(), caller("township_window")
    window.verb(case, "receive", {"version": case["version"]})
    problem(window.verb(case, "accept", ALL_OK | {"version": case["version"]}), 409, "stale_page")
    problem(window.verb(case, "accept", ALL_OK, If_Match=f'"{case["version"]}"'), 409, "stale_page")
    problem(window.verb(case, "accept", ALL_OK, If_Match="newest"), 400)
    assert window.verb(case, "accept", ALL_OK, If_Match=f'W/"{case["version"] + 1}"').status_code == 200


def test_the_wrong_state_the_wrong_person_and_the_wrong_verb(caller, filed, problem):
    case = filed()
    problem(caller("township_window").verb(case, "accept", ALL_OK), 409, "not_possible_now")
    problem(caller("village_clerk").verb(case, "receive"), 403, "no_duty_here")
    problem(caller("supervisor").verb(case, "receive"), 403, "no_duty_here")
    problem(caller("neighbour_clerk").verb(case, "withdraw", {"reason": "越权"}), 404, "not_found")
    problem(caller("village_clerk").verb(case, "archive"), 404, "not_found")
    problem(caller("village_clerk").verb(case, "draft"), 404, "not_found")


def test_a_delivery_without_its_proof_says_what_is_missing(caller, problem):
    case = a_case("ready")
    told = problem(caller("township_window").verb(case, "deliver"), 422, "delivery_incomplete")
    assert {one["field"] for one in told["errors"]} == {"way", "receiver", "signature"}
    for broken in ("not base64!", "data:image/png;base64,####", 5, ["a"]):
        body = {"way": "counter", "receiver": "张大山", "signature": broken}
        assert problem(caller("township_window").verb(case, "deliver", body), 400)["field"] == "signature"
    body = {"way": "counter", "receiver": "张大山", "signature": base64.b64encode(b"<svg onload=alert(1)>").decode()}
    problem(caller("township_window").verb(case, "deliver", body), 422, "file_type")
    assert Application.objects.get(pk=case.pk).status == Status.READY
