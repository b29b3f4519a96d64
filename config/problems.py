"""The API framework's own refusals, brought to the one table of config.errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from config.errors import PROBLEM_TYPE, Answer, answer_to, problem
from halls.domain.errors import Problem

WHOLE = "non_field_errors"
_CURES = {
    "required": "请补上这一项。",
    "null": "请补上这一项。",
    "blank": "请补上这一项。",
    "empty": "请至少给出一项。",
    "invalid_choice": "请从接口说明列出的值里选一个。",
    "max_length": "请缩短内容。",
    "min_length": "请补充完整。",
    "max_value": "请改小一些。",
    "min_value": "请改大一些。",
    "max_string_length": "请缩短内容。",
}


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """EXCEPTION_HANDLER of the API: problem details, or None for a fault of ours (the 500 of config.errors)."""
    answer = _framework(error) if isinstance(error, exceptions.APIException) else answer_to(error)
    if answer is None:
        return None
    headers = dict(answer.headers)
    if answer.status == 401:
        headers["WWW-Authenticate"] = "Token"
    return Response(problem(answer), answer.status, headers=headers, content_type=PROBLEM_TYPE)


def _framework(error: exceptions.APIException) -> Answer:
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    for kind, make in _PLAIN.items():
        if isinstance(error, kind):
            return make(error)
    return Answer(error.status_code, str(error.default_code), str(error.detail))


def _invalid(error: exceptions.ValidationError) -> Answer:
    problems = tuple(_problems(error.detail))
    message = problems[0].message if len(problems) == 1 else _("有 %(n)s 项内容有误。") % {"n": len(problems)}
    return Answer(400, "malformed", message, problems[0].cure, problems[0].field, problems)


def _problems(detail: Any, place: str = "") -> Iterator[Problem]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = place if name == WHOLE else f"{place}.{name}" if place else str(name)
            yield from _problems(inner, here)
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            here = f"{place}.{index}" if isinstance(inner, Mapping | list) else place
            yield from _problems(inner, here)
    else:
        cure = _CURES.get(getattr(detail, "code", ""), "请照接口说明填写。")
        yield Problem(place, str(detail), cure)


_PLAIN: dict[type[exceptions.APIException], Callable[[exceptions.APIException], Answer]] = {
    exceptions.NotAuthenticated: lambda error: Answer(
        401,
        "not_logged_in",
        _("请先登录。"),
        _("先用 POST /api/v1/auth/token/ 取得令牌，放进请求头 Authorization: Token …。"),
    ),
    exceptions.AuthenticationFailed: lambda error: Answer(
        401, "token_refused", _("令牌无效，或者账号已停用。"), _("请重新登录取得令牌；仍不行的，请找系统管理员。")
    ),
    exceptions.PermissionDenied: lambda error: Answer(403, "no_duty_here"),
    exceptions.NotFound: lambda error: Answer(404, "not_found"),
    exceptions.MethodNotAllowed: lambda error: Answer(
        405, "method_not_allowed", _("这个地址不支持这种请求方法。"), _("请看响应头 Allow 列出的方法。")
    ),
    exceptions.ParseError: lambda error: Answer(
        400, "malformed", str(error.detail), _("请求体应为 UTF-8 编码的 JSON 对象，文件用 multipart/form-data。")
    ),
    exceptions.UnsupportedMediaType: lambda error: Answer(
        415, "media_type", _("不支持这种内容类型。"), _("请求体用 application/json，上传文件用 multipart/form-data。")
    ),
}
