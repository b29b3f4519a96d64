"""A program that speaks to the API as one of the people of the seeded county."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from halls.models import User
from tests.factories.cases import an_id_number
from tests.seed import Seed

BASE = "/api/v1/"


class Caller:
    """One program with one token. Addresses are given below /api/v1/."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=True)
        self.user = user
        self.headers: dict[str, str] = {}
        if user is not None:
            token, _is_new = Token.objects.get_or_create(user=user)
            self.headers["Authorization"] = f"Token {token.key}"

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(_full(address), query or None, headers=self.headers)

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, _full(address), text, content_type="application/json", headers=self.headers | named
        )

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", address, body, **headers)

    def verb(self, case: Any, verb: str, body: Any = None, **headers: str) -> Any:
        number = case["number"] if isinstance(case, dict) else case.number
        return self.post(f"applications/{number}/verbs/{verb}/", body, **headers)


def _full(address: str) -> str:
    return address if address.startswith("/") else BASE + address


@pytest.fixture
def caller(seeded: Seed) -> Callable[[str], Caller]:
    """Give `caller("village_clerk")`: somebody by the role of the demo accounts, or by username."""
    return lambda role: Caller(seeded.user(role))


@pytest.fixture
def anybody() -> Caller:
    """Give somebody without a token."""
    return Caller()


@pytest.fixture
def filing() -> Callable[..., dict[str, Any]]:
    """Give `filing(**changes)`: the body of a create as the contract shows it."""

    def make(**changes: Any) -> dict[str, Any]:
        who = {"name": "张大山", "id_number": an_id_number(), "phone": "13800138000"}
        who |= changes.pop("applicant", {})
        return {"matter": "NY-003", "hall": "500236272202", "applicant": who, "form": {}, "submit": True} | changes

    return make


@pytest.fixture
def filed(caller: Callable[[str], Caller], filing: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Give `filed(**changes)`: a case that the village clerk filed through the API."""

    def make(**changes: Any) -> dict[str, Any]:
        answer = caller("village_clerk").post("applications/", filing(**changes), Idempotency_Key=str(uuid.uuid4()))
        assert answer.status_code == 201, answer.content.decode()
        body = answer.json()
        assert isinstance(body, dict)
        return body

    return make


@pytest.fixture
def problem() -> Callable[..., dict[str, Any]]:
    """Give `problem(answer, 409, "stale_page")`: check that the answer is this problem, and return it."""

    def check(answer: Any, status: int, code: str = "") -> dict[str, Any]:
        assert answer.status_code == status, answer.content.decode()[:800]
        assert answer["Content-Type"].startswith("application/problem+json")
        told = answer.json()
        assert isinstance(told, dict)
        assert told["status"] == status
        assert told["detail"]
        assert told["cure"], told
        assert not code or told["code"] == code, told
        return told

    return check
