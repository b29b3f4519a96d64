"""What every refusal and every fault looks like from outside: one table, two renderings.

A refusal of the domain (`DomainError`), of Django or of the API framework becomes one `Answer`: a status, a code for
programs, a sentence and a cure for people. Pages show it through templates/errors/, the API as problem details
(RFC 9457, `application/problem+json`). Nothing else in the project chooses an error status.
"""

from __future__ import annotations

import dataclasses
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token

from applications.domain.look_ups import TooManyTries
from config.logs import current_request
from halls.busy import is_busy
from halls.domain.errors import Busy, DomainError, Invalid, NotFound, NotPermitted, Problem, Refused, Stale

logger = logging.getLogger(__name__)

API = "/api/"
PROBLEM_TYPE = "application/problem+json"
NOT_LOGGED_IN = "not_logged_in"
NOBODY_KNOWN = frozenset({NOT_LOGGED_IN, "wrong_password"})  # 401 rather than 403: nobody was recognised yet
RETRY_SECONDS = 30

# The one table. A subclass stands before its base.
STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotPermitted: 403,
    TooManyTries: 429,
    Stale: 409,
    Busy: 503,
    Refused: 409,
    Invalid: 422,
}
TITLES = {
    400: gettext_lazy("请求看不懂"),
    401: gettext_lazy("需要登录"),
    403: gettext_lazy("没有这项权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("这个地址不支持这种操作"),
    406: gettext_lazy("不能提供所要的格式"),
    409: gettext_lazy("现在办不了这一步"),
    413: gettext_lazy("内容过大"),
    415: gettext_lazy("内容的类型不对"),
    422: gettext_lazy("内容有误"),
    429: gettext_lazy("次数过多，请稍后再试"),
    500: gettext_lazy("系统出了问题"),
    503: gettext_lazy("系统暂时不能用"),
}
# The driver says so about text that PostgreSQL cannot hold; it may come in any address, query or form.
UNSTORABLE = "NUL (0x00)"


@dataclass(frozen=True)
class Answer:
    """One refusal, ready to be shown."""

    status: int
    code: str
    message: str = ""
    cure: str = ""
    field: str = ""
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


def answer_to(error: BaseException | None) -> Answer | None:
    """Return what to say about this error, or None where it is a fault of ours (500)."""
    if isinstance(error, DomainError):
        return _refusal(error)
    if isinstance(error, OperationalError | InterfaceError):
        return _database_fault(error)
    if isinstance(error, ValueError) and UNSTORABLE in str(error):
        return Answer(400, "malformed")
    if isinstance(error, RequestDataTooBig):
        return Answer(413, "too_large", _("提交的内容过大，没有保存。"), _("请减少内容，或分几次提交。"))
    for kind, make in _PLAIN.items():
        if isinstance(error, kind):
            return make()
    return None


def _refusal(error: DomainError) -> Answer:
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    headers = {}
    if error.code in NOBODY_KNOWN:
        status = 401
    if isinstance(error, TooManyTries | Busy):
        headers["Retry-After"] = str(error.retry_after)
    problems = error.problems if isinstance(error, Invalid) else ()
    if not problems and error.field:
        problems = (Problem(error.field, error.message, error.cure),)
    field = error.field or (problems[0].field if problems else "")
    cure = error.cure or (problems[0].cure if problems else "")
    return Answer(status, error.code, error.message, cure, field, problems, headers)


def _database_fault(error: OperationalError | InterfaceError) -> Answer:
    state = getattr(error.__cause__, "pgcode", None)
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if is_busy(error):
        logger.warning("database_busy state=%s", state)
        return Answer(
            503,
            "busy",
            _("这一件正被别人办理，或者系统很忙，刚才的操作没有保存。"),
            _("请过半分钟再试一次。"),
            headers=headers,
        )
    logger.error("database_unavailable state=%s error=%s", state, type(error).__name__)
    return Answer(
        503,
        "database_unavailable",
        _("数据库暂时连不上，刚才的操作没有保存；已经提交的办件都在，时限照常计算。"),
        _("请过几分钟再试。窗口前有人等的，先收下材料、手工登记，恢复后补录。"),
        headers=headers,
    )


_PLAIN: dict[type[BaseException], Callable[[], Answer]] = {
    Http404: lambda: Answer(404, "not_found"),
    PermissionDenied: lambda: Answer(403, "no_duty_here"),
    SuspiciousOperation: lambda: Answer(400, "malformed"),
    BadRequest: lambda: Answer(400, "malformed"),
}


# --- rendering -------------------------------------------------------------------------------------------------------


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def problem(answer: Answer) -> dict[str, Any]:
    """The problem details of an answer. `errors` lists every faulty field at once."""
    answer = _spoken(answer)
    return {
        "type": f"urn:halls:problem:{answer.code}",
        "title": str(TITLES[answer.status]),
        "status": answer.status,
        "detail": answer.message,
        "code": answer.code,
        "field": answer.field or None,
        "cure": answer.cure,
        "errors": [{"field": one.field, "message": one.message, "cure": one.cure} for one in answer.problems],
        "request_id": current_request.get(),
    }


def respond(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Render an answer the way this request wants it: problem details, the login page, or an error page."""
    if is_api(request):
        headers = dict(answer.headers)
        if answer.status == 401:
            headers["WWW-Authenticate"] = "Token"
        return JsonResponse(
            problem(answer),
            status=answer.status,
            headers=headers,
            content_type=PROBLEM_TYPE,
            json_dumps_params={"ensure_ascii": False},
        )
    if answer.code == NOT_LOGGED_IN:
        return redirect_to_login(request.get_full_path())
    return page(request, answer, template=f"errors/{answer.status}.html")


def page(request: HttpRequest, answer: Answer, *, template: str) -> HttpResponse:
    """An error page. A fault of the system asks neither session nor database: they may be what is broken."""
    context = {
        "code": answer.code,
        "message": answer.message,
        "cure": answer.cure,
        "problems": [one for one in answer.problems if one.message != answer.message],
        "request_id": current_request.get(),
        "links": _ways_on(request) if answer.status != 404 else [],
    }
    names = [template, "errors/400.html" if answer.status < 500 else "errors/500.html"]
    text = render_to_string(names, context, request if answer.status < 500 else None)
    return HttpResponse(text, status=answer.status, headers=answer.headers)


def _ways_on(request: HttpRequest) -> list[dict[str, str]]:
    """From a page about a case or a draft back to it; anywhere else the page offers its own way."""
    match = request.resolver_match
    number, key = (match.kwargs.get("number"), match.kwargs.get("key")) if match else (None, None)
    if number and match and match.url_name != "case":
        return [{"label": _("打开这一件"), "url": reverse("case", args=[number])}]
    if key and match and match.url_name != "intake_tasks":
        return [{"label": _("回到这份草稿"), "url": reverse("intake_tasks", args=[key])}]
    return []


_WORDS = {
    400: (gettext_lazy("请求的内容不完整或不能识别，没有保存任何东西。"), gettext_lazy("请对照接口说明改正后再试。")),
    403: (gettext_lazy("您现在的岗位不能做这件事。"), gettext_lazy("请由有这项职责的人办理。")),
    404: (gettext_lazy("没有这个地址，或者它不在您能看到的范围内。"), gettext_lazy("请核对地址，末尾要有 /。")),
    405: (gettext_lazy("这个地址不能这样打开，没有改动任何东西。"), gettext_lazy("请从首页进入，用页面上的按钮办理。")),
    500: (
        gettext_lazy("系统出了问题，刚才的操作可能没有成功。"),
        gettext_lazy("请先查看办件有没有变化，没有再试一次。"),
    ),
}


def _spoken(answer: Answer) -> Answer:
    """Fill in the words where the error brought none."""
    message, cure = _WORDS.get(answer.status, _WORDS[400])
    return replace(answer, message=answer.message or str(message), cure=answer.cure or str(cure))


# --- where Django asks -----------------------------------------------------------------------------------------------


class Refusals:
    """Middleware: turns what a page's view raises into a rendered answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A charset such as "zlib" is a codec of Python, but none for text: decoding would raise.
        if request.encoding not in (None, "utf-8", "UTF-8"):
            request.encoding = None  # type: ignore[assignment]
        response = self._respond(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            refusal = Answer(405, "method_not_allowed", headers={"Allow": response["Allow"]})
            return respond(request, _spoken(refusal))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, DomainError | OperationalError | InterfaceError | ValueError):
            return None  # Django's own handlers below say the rest
        answer = answer_to(error)
        return respond(request, answer) if answer is not None else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return respond(request, answer_to(exception) or Answer(400, "malformed"))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return respond(request, Answer(403, "no_duty_here"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return respond(request, Answer(404, "not_found"))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """A fault of ours, unless a middleware met a database that is down."""
    return respond(request, answer_to(sys.exc_info()[1]) or Answer(500, "server_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """CSRF_FAILURE_VIEW: the page was open for too long, or the form is not ours."""
    answer = Answer(403, "csrf")
    if is_api(request):
        return respond(request, replace(answer, cure=_("请用请求头 Authorization: Token … 登录，或带上 CSRF 令牌。")))
    return page(request, answer, template="errors/csrf.html")


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponseBase:
    """AXES_LOCKOUT_CALLABLE: too many wrong passwords."""
    answer = Answer(429, "locked_out", headers={"Retry-After": "900"})
    if is_api(request):
        message = _("密码错误次数过多，这个用户名在这台电脑上已暂停登录。")
        return respond(
            request, replace(answer, message=message, cure=_("请 15 分钟后再试；忘记密码的，请找系统管理员重设。"))
        )
    context = {"failure_limit": settings.AXES_FAILURE_LIMIT, "request_id": current_request.get()}
    text = render_to_string(settings.AXES_LOCKOUT_TEMPLATE, context, request)
    return HttpResponse(text, status=answer.status, headers=answer.headers)
