"""Whose tries are counted when a proxy stands in front."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.proxy import client_address


def _seen(peer: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    client_address(lambda _: HttpResponse())(request)
    return str(request.META["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "9.9.9.9", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "9.9.9.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "9.9.9.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "9.9.9.9, nonsense, 10.0.0.2", "10.0.0.2"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_what_a_trusted_proxy_says_counts(settings, peer, forwarded, seen):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.2"]
    assert _seen(peer, forwarded) == seen


def test_without_a_proxy_the_header_is_only_a_claim(settings):
    settings.TRUSTED_PROXIES = []
    assert _seen("127.0.0.1", "203.0.113.7") == "127.0.0.1"
