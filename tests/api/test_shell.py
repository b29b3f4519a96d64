"""What surrounds the API: tokens, methods, media types, unknown addresses, faults, the schema."""

import logging

import pytest
from django.db import OperationalError
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from applications.api import cases
from halls.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def account(seeded):
    user = seeded.user("village_clerk")
    user.set_password("示例口令-2026")
    user.save(update_fields=["password"])
    return {"username": user.username, "password": "示例口令-2026"}


def test_a_password_becomes_a_token(anybody, account):
    told = anybody.post("auth/token/", account).json()
    assert len(told["token"]) == 40
    anybody.headers = {"Authorization": f"Token {told['token']}"}
    assert anybody.get("applications/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_one_answer(anybody, account, problem):
    wrong = problem(anybody.post("auth/token/", account | {"password": "x"}), 401, "wrong_password")
    unknown = problem(anybody.post("auth/token/", account | {"username": "nobody"}), 401, "wrong_password")
    assert wrong | {"request_id": ""} == unknown | {"request_id": ""}


def test_an_account_that_was_switched_off_is_refused(anybody, account, problem, caller):
    clerk = caller("village_clerk")
    User.objects.filter(username=account["username"]).update(is_active=False)
    problem(anybody.post("auth/token/", account), 401, "wrong_password")
    problem(clerk.get("applications/"), 401, "token_refused")


def test_too_many_wrong_passwords_lock_the_name(anybody, account, problem, settings):
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        problem(anybody.post("auth/token/", account | {"password": "x"}), 401)
    answer = anybody.post("auth/token/", account | {"password": "x"})
    problem(answer, 429, "locked_out")
    answer = anybody.post("auth/token/", account)
    problem(answer, 429, "locked_out")
    assert answer["Retry-After"] == "900"


def test_nobody_gets_in_without_a_token(anybody, problem):
    for address in ("applications/", "lights/", f"applications/{'1' * 16}/"):
        answer = anybody.get(address)
        problem(answer, 401, "not_logged_in")
        assert answer["WWW-Authenticate"] == "Token"


def test_an_unknown_address_is_a_problem(anybody, problem):
    problem(anybody.get("nothing/"), 404, "not_found")
    problem(anybody.get("/api/"), 404, "not_found")
    problem(anybody.post("nothing/", {}), 404, "not_found")


def test_an_address_without_its_slash_is_not_redirected_to_another_method(caller, problem):
    told = problem(caller("village_clerk").post("applications", {}), 404)
    assert "/" in told["cure"]


def test_a_method_that_is_not_there(caller, problem):
    answer = caller("village_clerk").send("DELETE", "applications/")
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]
    problem(caller("village_clerk").send("OPTIONS", "applications/"), 405)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_a_media_type_that_is_not_read(caller, problem, media_type):
    clerk = caller("village_clerk")
    answer = clerk.client.generic(
        "POST", "/api/v1/applications/", b"<a/>", content_type=media_type, headers=clerk.headers
    )
    problem(answer, 415, "media_type")


def test_the_answer_is_json_whatever_is_accepted(anybody):
    for accept in ("text/html", "application/xml", "nonsense", ""):
        answer = anybody.client.get("/api/v1/halls/?format=xml", headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"


def test_every_answer_carries_the_headers_of_a_page(anybody):
    answer = anybody.get("halls/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


def test_a_database_that_is_down_says_what_to_do(caller, problem, monkeypatch):
    clerk = caller("village_clerk")

    def down(*_args, **_kwargs):
        raise OperationalError("connection refused on host db, password x")

    monkeypatch.setattr(cases, "read_moment", down)
    answer = clerk.get("applications/")
    told = problem(answer, 503, "database_unavailable")
    assert "password" not in answer.content.decode()
    assert "手工登记" in told["cure"]
    assert answer["Retry-After"] == "30"


def test_a_fault_of_ours_tells_nothing_inside(caller, problem, monkeypatch, caplog):
    clerk = caller("village_clerk")
    clerk.client.raise_request_exception = False

    def broken(*_args, **_kwargs):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(cases, "read_moment", broken)
    with caplog.at_level(logging.CRITICAL):
        answer = clerk.get("applications/")
    told = problem(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()
    assert told["request_id"] == answer["X-Request-Id"]


def test_the_schema_is_whole(anybody, capsys):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert "arning" not in capsys.readouterr().err
    answer = anybody.get("schema/")
    assert answer.status_code == 200
    assert "/api/v1/applications/{ref}/verbs/accept/" in answer.json()["paths"]
