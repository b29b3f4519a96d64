"""Headers of every page, the idle end of a session, and log lines without anybody's numbers."""

import json
import logging
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from config.logs import JsonFormatter
from config.security import RENEW_AFTER_SECONDS, headers, idle_expiry


@pytest.mark.django_db
def test_no_page_allows_inline_script_or_framing(client):
    answer = client.get("/readyz")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


def test_a_view_may_say_that_its_page_can_be_kept():
    respond = headers(lambda _: HttpResponse(headers={"Cache-Control": "private, no-cache"}))
    assert respond(RequestFactory().get("/"))["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("seen_before", "sent", "renewed"),
    [
        (RENEW_AFTER_SECONDS + 5, {}, True),
        (RENEW_AFTER_SECONDS - 5, {}, False),
        (RENEW_AFTER_SECONDS + 5, {"X-Background": "1"}, False),
    ],
)
def test_only_a_person_keeps_a_session_alive(seen_before, sent, renewed):
    request = RequestFactory().get("/", headers=sent)
    request.session = SessionStore()
    request.session["seen"] = int(time.time()) - seen_before
    request.session.modified = False
    idle_expiry(lambda _: HttpResponse())(request)
    assert request.session.modified is renewed


@pytest.mark.parametrize("number", ["500236199001011234", "50023619900101123x", "500236900101123", "13800138000"])
def test_a_number_that_names_a_person_does_not_reach_the_log(number):
    record = logging.LogRecord("halls", logging.INFO, __file__, 1, "refused id=%s case=12", (number,), None)
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "refused id=*** case=12"
    assert line["level"] == "INFO"
