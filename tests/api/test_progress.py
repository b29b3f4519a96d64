"""How far a case is: for whoever has number and code, and for nobody who tries codes."""

import pytest

from applications.domain.numbers import CODE_ALPHABET, check_digit
from applications.models import LookUpFailure
from applications.sealing import query_code
from tests.factories.cases import TRAITS, a_case, code_of, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def _ask(anybody, number, code, client="10.0.0.1"):
    anybody.client.defaults["REMOTE_ADDR"] = client
    return anybody.post("public/progress/", {"number": number, "code": code})


def _number(serial):
    body = f"50023626{serial:07d}"
    return body + check_digit(body)


def test_the_villager_sees_where_the_case_is(anybody, travel):
    travel("2026-03-02 10:00")
    case = a_case("accepted", name="欧阳测试")
    answer = _ask(anybody, case.display_number, f" {code_of(case).lower()} ")
    told = answer.json()
    assert told["status"] == "in_progress"
    assert told["due_at"] == "2026-03-16T23:59:59+08:00"
    assert told["where"] == "高桥村便民服务点"
    assert "村民小组讨论和村级公示" in told["words"]
    assert told["light"]["colour"] == "green"
    assert [stair["state"] for stair in told["stairs"]] == ["done", "current", *["todo"] * 6]
    text = answer.content.decode()
    assert "欧" not in text
    assert "*" not in text


@pytest.mark.parametrize("status", TRAITS[1:])
def test_every_state_has_its_words(anybody, status):
    case = a_case(status)
    told = _ask(anybody, case.number, code_of(case)).json()
    assert told["status"] == case.status
    assert told["words"]
    assert "%(" not in told["words"]
    if status == "on_its_way":
        assert "正在送往高桥村" in told["words"]


def test_an_unknown_number_and_a_wrong_code_get_one_answer(anybody, problem):
    case = a_case()
    wrong = problem(_ask(anybody, case.number, "AAAAAAAA"), 404, "not_found")
    unknown = problem(_ask(anybody, _number(77), "AAAAAAAA"), 404, "not_found")
    unfiled = problem(_ask(anybody, _number(78), query_code(_number(78))), 404, "not_found")
    assert wrong | {"request_id": ""} == unknown | {"request_id": ""} == unfiled | {"request_id": ""}
    problem(_ask(anybody, "5002362600000010", "AAAAAAAA"), 422)


def test_ten_wrong_codes_close_a_number_for_the_day(anybody, problem):
    case = a_case()
    for n in range(10):
        problem(_ask(anybody, case.number, "AAAAAAAA", f"10.0.1.{n}"), 404)
    answer = _ask(anybody, case.number, "AAAAAAAA", "10.0.1.99")
    told = problem(answer, 429, "number_closed_today")
    assert "二维码" in told["cure"]
    assert int(answer["Retry-After"]) > 0
    problem(_ask(anybody, case.number, code_of(case), "10.0.1.100"), 429)
    assert _ask(anybody, case.number, token_of(case), "10.0.1.100").status_code == 200
    other = a_case()
    assert _ask(anybody, other.number, code_of(other), "10.0.1.1").status_code == 200


def test_twenty_wrong_codes_close_a_client_for_the_hour(anybody, problem):
    case = a_case()
    for n in range(20):
        problem(_ask(anybody, _number(100 + n), "AAAAAAAA", f"2001:db8::{n:x}"), 404)
    problem(_ask(anybody, _number(99), "AAAAAAAA", "2001:db8::ff:1"), 429, "client_closed_this_hour")
    problem(_ask(anybody, case.number, code_of(case), "2001:db8::1"), 429)
    assert _ask(anybody, case.number, code_of(case), "2001:db8:1::1").status_code == 200


def test_a_forged_forwarding_header_is_no_new_client(anybody, problem):
    for n in range(20):
        anybody.headers = {"X-Forwarded-For": f"9.9.9.{n}"}
        problem(_ask(anybody, _number(200 + n), "AAAAAAAA"), 404)
    problem(_ask(anybody, _number(250), "AAAAAAAA"), 429)


def test_right_answers_are_not_counted_and_clients_are_not_kept(anybody):
    case = a_case()
    for _ in range(30):
        assert _ask(anybody, case.number, code_of(case)).status_code == 200
    assert not LookUpFailure.objects.exists()
    _ask(anybody, case.number, "AAAAAAAA", "10.0.0.7")
    assert not LookUpFailure.objects.filter(subject__contains="10.0.0.7").exists()


@pytest.mark.parametrize("code", ["", "é" * 8, "A" * 39, "\u3000", "' OR 1=1", "\uff21" * 4])
def test_odd_codes_are_just_wrong(anybody, code):
    case = a_case()
    assert _ask(anybody, case.number, code).status_code in (400, 404)


def test_the_code_leaves_out_what_is_misread():
    assert not set("01ILO") & set(CODE_ALPHABET)
