"""What a refusal or a fault looks like on a page: a sentence, the cure, the right status, and nothing from inside."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import Client
from django.urls import path, reverse

from applications.domain.look_ups import TooManyTries
from config import urls
from config.errors import STATUS, Answer, answer_to, problem
from halls.domain.errors import Busy, DomainError, Invalid, NotFound, NotPermitted, Problem, Refused, Stale
from tests.factories.cases import a_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
ERRORS: dict[str, Exception] = {
    "gone": NotFound(),
    "barred": NotPermitted("no_duty_here", "您不能受理。", cure="请由窗口办理。"),
    "refused": Refused("one_notice_only", "一次性告知只能发一次。", cure="请依现有材料受理。"),
    "stale": Stale("stale_page", "页面已经过时。", cure="请刷新。"),
    "invalid": Invalid("applicant_invalid", "申请人信息有误。", problems=(Problem("name", "没有姓名。", "请填写。"),)),
    "too_often": TooManyTries("number_closed_today", "次数太多。", cure="请明天再试。", retry_after=60),
    "busy": Busy("papers_busy", "正在排版别的文件。", cure="请过半分钟再打开。", retry_after=30),
    "nobody": NotPermitted("not_logged_in", "请先登录。", cure="登录后再试。"),
    "down": OperationalError("could not connect to server: secret-host"),
    "closed": InterfaceError("connection already closed"),
    "http404": Http404("inside"),
    "denied": PermissionDenied("inside"),
    "odd": SuspiciousOperation("inside"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "fault": RuntimeError("secret of the house"),
}


def _raise(request, name):
    raise ERRORS[name]


urlpatterns = [*urls.urlpatterns, path("fails/<slug:name>/", _raise), path("api/fails/<slug:name>/", _raise)]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
STATUSES = {
    "gone": 404, "barred": 403, "refused": 409, "stale": 409, "invalid": 422, "too_often": 429, "busy": 503,
    "down": 503, "closed": 503, "http404": 404, "denied": 403, "odd": 400, "nul": 400, "fault": 500,
}  # fmt: skip


@pytest.fixture
def visit(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    return lambda name, prefix="": client.get(f"{prefix}/fails/{name}/")


@pytest.mark.parametrize("name", STATUSES)
def test_a_page_says_what_happened_and_what_to_do(visit, name, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = visit(name)
    text = answer.content.decode()
    assert answer.status_code == STATUSES[name]
    assert "怎么办" in text
    assert "inside" not in text
    assert "secret" not in text
    assert "Traceback" not in text
    error = ERRORS[name]
    if isinstance(error, DomainError):
        assert error.message in text
        assert error.code in text
        if error.cure:
            assert error.cure in text
    assert answer["X-Request-Id"] in text


@pytest.mark.parametrize("name", STATUSES)
def test_a_program_gets_the_same_as_problem_details(visit, name, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = visit(name, "/api")
    assert answer.status_code == STATUSES[name]
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "code", "field", "cure", "errors", "request_id"}
    assert told["status"] == STATUSES[name]
    assert told["type"] == f"urn:halls:problem:{told['code']}"
    assert told["detail"]
    assert told["cure"]
    assert "secret" not in answer.content.decode()


def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(visit):
    answer = visit("nobody")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('login')}?next=/fails/nobody/"
    answer = visit("nobody", "/api")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_every_kind_of_refusal_has_its_status():
    def kinds(kind):
        return {kind} | {inner for one in kind.__subclasses__() for inner in kinds(one)}

    found = {kind for kind in kinds(DomainError) - {DomainError} if kind.__module__.partition(".")[0] != "tests"}
    for kind in found:
        assert any(issubclass(kind, known) for known in STATUS), kind


def test_a_lock_that_was_not_given_says_try_again():
    class LockError(Exception):
        pgcode = "55P03"

    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = LockError()
    answer = answer_to(error)
    assert answer is not None
    assert (answer.status, answer.code) == (503, "busy")


def test_a_fault_is_nobodys_answer():
    assert answer_to(RuntimeError("x")) is None
    assert answer_to(None) is None
    assert problem(Answer(500, "server_error"))["detail"]


def test_a_form_from_elsewhere_is_refused_with_a_way_out(seeded):
    client = Client(enforce_csrf_checks=True)
    client.force_login(seeded.user("village_clerk"), "django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("home"))
    assert answer.status_code == 403
    assert "刷新页面" in answer.content.decode()
    answer = client.post(reverse("api_case_search"), {}, content_type="application/json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_a_page_does_not_answer_is_told_so():
    answer = Client().get(reverse("elder"))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "怎么办" in answer.content.decode()


def test_wrong_passwords_on_the_page_lock_the_name(settings):
    settings.AXES_ENABLED = True
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("login"), {"username": "gaoqiao", "password": "x"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "15 分钟" in answer.content.decode()


@pytest.mark.parametrize("address", ["/no/such/page/", "/cases/%00/", "/guides/%00/", "/p/%00.%00/", "/guides/?q=%00"])
def test_no_address_is_a_fault(address):
    assert Client().get(address).status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        "/cases/%00/", "/cases/?pile=%00", "/cases/?after=%00", "/cases/?q=%00&pile=lost",
        "/supervision/cases/?hall=%00", "/matters/?q=%00", "/matters/%00/", "/intake/?hall=%00",
        "/intake/matters/?q=%00", "/cases/?page=99999999999999",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["village_clerk", "supervisor", "catalogue_editor"])
def test_no_address_of_the_staff_is_a_fault(seeded, address, role):
    client = Client()
    client.force_login(seeded.user(role), "django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code < 500


def test_a_foreign_case_is_not_found_on_the_page(seeded):
    case = a_case()
    client = Client()
    client.force_login(seeded.user("neighbour_clerk"), "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("case", args=[case.number]))
    assert answer.status_code == 404
    assert "张" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/guides/", "/api/v1/halls/"])
def test_a_host_that_is_not_ours_is_refused_and_no_fault(client, settings, path):
    settings.ALLOWED_HOSTS = ["halls.example"]
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400
