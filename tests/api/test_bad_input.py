"""Nothing that can be sent is a fault of ours: every refusal names the field and the cure."""

import json
import uuid

import pytest

from applications.domain.identity import resident_check_digit
from applications.models import Application
from tests.factories.cases import a_case, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def _file(caller, body):
    return caller("village_clerk").post("applications/", body, Idempotency_Key=str(uuid.uuid4()))


def _wrong_digit(number):
    return number[:17] + ("0" if number[17] != "0" else "1")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (_wrong_digit("99000019900101001X"), "校验位"),
        ("99000020991231001" + resident_check_digit("99000020991231001"), "还没有到"),
        ("500236900101123", "15 位"),
        ("123", "18 位"),
        ("000000199001011234", "地区"),
        ("990000199002301234", "不存在"),
    ],
)
def test_an_identity_number_that_cannot_be(caller, filing, problem, number, said):
    told = problem(_file(caller, filing(applicant={"id_number": number})), 422, "applicant_invalid")
    assert told["field"] == "applicant.id_number"
    assert said in told["errors"][0]["message"]
    assert told["errors"][0]["cure"]
    assert number not in json.dumps(told)
    assert not Application.objects.exists()


def test_a_lower_case_x_is_an_x(caller, filing):
    number = next(n for n in iter(an_id_number, "") if n.endswith("X"))
    told = _file(caller, filing(applicant={"id_number": number.lower()})).json()
    found = caller("village_clerk").post("applications/search/", {"id_number": number})
    assert [row["number"] for row in found.json()["results"]] == [told["number"]]


def test_every_faulty_field_of_the_applicant_is_told_at_once(caller, filing, problem):
    who = {"name": "张", "id_number": "1", "phone": "12"}
    told = problem(_file(caller, filing(applicant=who)), 422)
    assert [one["field"] for one in told["errors"]] == ["applicant.name", "applicant.id_number", "applicant.phone"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"matter": "XX-999"}, 422, "matter"),
        ({"hall": "999999999999"}, 422, "hall"),
        ({"hall": 5.5}, 422, "hall"),
        ({"hall": "500236272203"}, 403, None),
        ({"matter": None}, 400, "matter"),
        ({"matter": ["NY-003"]}, 400, "matter"),
        ({"matter": "NY\x00003"}, 400, "matter"),
        ({"applicant": "张三"}, 400, "applicant"),
        ({"applicant": None}, 422, "applicant"),
        ({"form": "text"}, 400, "form"),
        ({"form": {"a": {"b": 1}}}, 422, "form.a"),
        ({"form": {"a\x00": 1}}, 400, "form"),
        ({"form": {"a": "\ud800"}}, 400, "form"),
        ({"form": {"\udfff": "a"}}, 400, "form"),
        ({"form": {"a": 10**1500}}, 422, "form.a"),
        ({"form": {str(n): n for n in range(60)}}, 422, "form"),
        ({"submit": "perhaps"}, 400, "submit"),
    ],
)
def test_a_filing_of_the_wrong_shape(caller, filing, problem, change, status, field):
    told = problem(_file(caller, filing(**change) if "applicant" not in change else filing() | change), status)
    assert told["field"] == field


BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"17",
    b'{"matter": NaN}',
    b'{"matter": 1e999}',
    b'{"matter": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xff\xfe\x00",
    b'\xef\xbb\xbf{"matter": "NY-003"}',
    '{"matter": "NY-003"}'.encode("utf-16"),
    b'{"matter": "\\u0000"}',
    b"x" * 3_000_000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("address", ["applications/", "applications/search/", "auth/token/", "public/progress/"])
def test_a_body_that_is_no_json_object(caller, problem, address, body):
    answer = caller("village_clerk").post(address, body, Idempotency_Key="does-not-matter")
    assert answer.status_code in (400, 413)
    problem(answer, answer.status_code)


VERB_BODIES = [
    [],
    {"version": -1},
    {"version": 10**30},
    {"version": "new"},
    {"version": {"a": 1}},
    {"materials": []},
    {"materials": {"0x1": "ok"}},
    {"materials": {"1": {"reason": "no result"}}},
    {"materials": {"1": {"result": "missing", "reason": "长" * 301}}},
    {"materials": {"1": {"result": "missing", "reason": "\x00"}}},
    {"materials": {"9" * 30: "ok"}},
    {"materials": {"1": "perfect"}},
    {"days": 0},
    {"days": 10**30},
    {"days": "some"},
    {"was_told": "maybe"},
    {"note": {"a": 1}},
    {"opinion": "\x00"},
    {"opinion": "长" * 5000},
    {"receiver": ["a"]},
    {"signature": "=" * 100},
]


@pytest.mark.parametrize("verb", ["receive", "accept", "request_correction", "suspend", "deliver", "grant"])
def test_no_body_of_a_verb_is_a_fault(caller, verb):
    case, window = a_case("submitted"), caller("township_window")
    for body in VERB_BODIES:
        answer = window.verb(case, verb, body)
        assert answer.status_code in (200, 400, 403, 409, 422), (body, answer.content.decode())


QUERIES = [
    "status=lost", "pile=everything", "light=purple", "hall=5002", "hall=%00", "due_before=soon",
    "due_before=99999-01-01", "due_before=0001-01-01",
    "due_before=0001-01-01T00:00:00%2B23:59", "q=12", "q=" + "1" * 16, "page_size=0",
    "page_size=1000", "page_size=" + "9" * 40, "cursor=%00", "cursor=abc", "cursor=" + "W" * 500,
    "cursor=WzAsICJhYmMiXQ", "cursor=WzAsIDFlOTk5XQ", "cursor=WzAsIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTldXQ",
    "matter=%00", "no_such_filter=1", "status=submitted&status=lost", "q=%F0%9F%92%A9",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_is_a_fault(caller, problem, query):
    answer = caller("village_clerk").get(f"applications/?{query}")
    assert answer.status_code in (400, 422)
    assert problem(answer, answer.status_code)["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "address", ["halls/?parent=%00", "halls/?tier=moon", "matters/?q=%00", "matters/?q=" + "字" * 70]
)
def test_public_queries_are_checked_too(anybody, problem, address):
    problem(anybody.get(address), 400)


def test_a_charset_that_is_no_charset_is_ignored(anybody):
    answer = anybody.client.get("/api/v1/matters/?q=%E5%AE%85", content_type="text/plain; charset=zlib")
    assert answer.status_code == 200
    answer = anybody.client.generic(
        "POST", "/api/v1/public/progress/", b"{}", content_type="application/json; charset=base64"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "ref",
    [
        "1234",
        "1" * 16,
        "%00" * 16,
        "../../etc",
        "00000000-0000-4000-8000-000000000000",
        "\uff11" * 16,
        "9" * 400,
        "0" * 15 + "a",
        "' OR 1=1 --",
    ],
)
@pytest.mark.parametrize("tail", ["", "clocks/", "events/", "materials/"])
def test_a_case_nobody_knows_is_not_found(caller, problem, ref, tail):
    problem(caller("supervisor").get(f"applications/{ref}/{tail}"), 404, "not_found")


def test_a_token_that_is_none(anybody, problem):
    for header in ("Token", "Token a b", "Token " + "0" * 40, "Token \x00", "Token é", "Token " + "f" * 4000):
        anybody.headers = {"Authorization": header}
        answer = anybody.get("applications/")
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"
