"""One JSON object per log line, with the request's id and without anybody's identity or phone number."""

import json
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

# An 18-digit (or old 15-digit) identity number, or a mobile phone number, standing alone.
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")
current_request: ContextVar[str] = ContextVar("current_request", default="")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request := current_request.get():
            line["request"] = request
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _PERSONAL.sub("***", json.dumps(line, ensure_ascii=False))


def request_id(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex[:12]
        token = current_request.set(name)
        try:
            response = respond(request)
        finally:
            current_request.reset(token)
        response.headers["X-Request-Id"] = name
        return response

    return middleware
