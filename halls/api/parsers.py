"""What the API reads and in which form it answers: bounded, UTF-8, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

LARGEST_UPLOAD = 12 * 1024 * 1024  # a file of 10 MB with what surrounds it


class JsonParser(BaseParser):
    """JSON in UTF-8 of bounded length and depth; whatever else is sent is a 400, never a fault of ours."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        data = stream.read(largest + 1)
        if len(data) > largest:
            raise RequestDataTooBig("JSON body")
        try:
            return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
        except RecursionError:
            raise ParseError(_("JSON 嵌套过深。")) from None
        except ValueError:
            raise ParseError(_("请求体不是有效的 JSON。")) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


class UploadParser(MultiPartParser):
    """A form with a file. A body that says it is too large is not even read."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
            raise RequestDataTooBig("upload")
        return super().parse(stream, media_type, parser_context)


class AlwaysJson(DefaultContentNegotiation):
    """There is one form of answer, so Accept and ?format= choose nothing."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
