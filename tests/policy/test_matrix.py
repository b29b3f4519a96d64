"""Every address, every method, every role: what the matrix says is what happens."""

from __future__ import annotations

import io
import json
import zipfile
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from applications.actions.attach import attach
from applications.actions.fill import declare_materials
from applications.models import Application
from halls.acting import acting_user
from tests.factories.cases import a_case, a_picture
from tests.policy.matrix import FILE, Row, as_csv, expected_rows, stored_rows, without_route, without_rule
from tests.policy.people import MATTERS, ROLES, person
from tests.policy.samples import address_words, body_of
from tests.seed import Seed

ROWS = stored_rows()
CASES = sorted({row["case"] for row in ROWS})
SHARE = 30  # routes a test: no test is long, and workers share them
SHARES = [(name, start) for name in CASES for start in range(0, sum(row["case"] == name for row in ROWS), SHARE)]
pytestmark = pytest.mark.slow
UPLOADS = ("api_case_upload",)


def test_somebody_decided_about_every_address():
    assert without_rule() == []
    assert without_route() == []


def test_the_matrix_is_what_the_rules_make():
    assert FILE.read_text(encoding="utf-8") == as_csv(expected_rows()), "run tests/policy/generate.py and read the diff"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "start"), SHARES)
def test_everybody_gets_what_the_matrix_says(name, start, seeded):
    case = _case(name, seeded)
    visitors = {role: Visitor(role, seeded) for role in ROLES}
    wrong = []
    for row in [row for row in ROWS if row["case"] == name][start : start + SHARE]:
        for role, visitor in visitors.items():
            found = visitor.try_out(row, case)
            if found != row[role]:
                wrong.append(f"{row['route']} {row['method']} {name} as {role}: {found}, not {row[role]}")
    assert not wrong, "\n" + "\n".join(wrong)


def _case(name: str, seed: Seed) -> Application | None:
    if not name:
        return None
    matter, _colon, status = name.rpartition(":")
    case = a_case(status, matter=MATTERS[matter or "homestead"])
    if status == "draft":
        declared = dict.fromkeys(range(1, 8), "have")
        declare_materials(case.pk, declared, actor=seed.actor("village_clerk"))
    if status == "submitted":
        attach(case.pk, 1, data=a_picture(), name="身份证.png", actor=seed.actor("village_clerk"))
    case.refresh_from_db()
    return case


class Visitor:
    """One role with a token and a session."""

    def __init__(self, role: str, seed: Seed) -> None:
        user = person(role, seed)
        self.page, self.headers = Client(raise_request_exception=True), {"Idempotency-Key": f"matrix-{role}"}
        if user is not None:
            self.page.force_login(user, "django.contrib.auth.backends.ModelBackend")
            self.headers["Authorization"] = f"Token {Token.objects.get_or_create(user=user)[0].key}"
            if user.is_active:
                acting_user(user)

    def try_out(self, row: Row, case: Application | None) -> str:
        """Make the request, undo it, and return its status; "login" where it leads to the login page."""
        address = reverse(row["route"], kwargs=address_words(row["route"], case))
        body = body_of(row["route"], row["method"], case)
        mark, cookies = transaction.savepoint(), deepcopy(self.page.cookies)
        try:
            answer = self._send(row, address, body)
            if answer.streaming:
                b"".join(answer)
        finally:
            transaction.savepoint_rollback(mark)
            self.page.cookies = cookies
        if answer.status_code == 302 and answer["Location"].startswith(reverse("login")):
            return "login"
        return str(answer.status_code)

    def _send(self, row: Row, address: str, body: dict[str, Any]) -> Any:
        if not row["route"].startswith("api_"):
            return getattr(self.page, row["method"].lower())(address, body)
        if row["route"] in UPLOADS:
            return Client().post(address, body, headers=self.headers)
        text = "" if row["method"] == "GET" else json.dumps(body)
        return Client().generic(row["method"], address, text, "application/json", headers=self.headers)

    def read(self, route: str, method: str, address: str, query: dict[str, Any]) -> str:
        """The whole answer as text, headers included."""
        answer: Any
        if method == "GET":
            page = self.page if not route.startswith("api_") else Client(headers=self.headers)
            answer = page.get(address, query)
        else:
            answer = self._send({"route": route, "method": method}, address, query)
        content = b"".join(answer) if answer.streaming else answer.content
        return _unpacked(content).decode("utf-8", "replace") + str(answer.headers)


def _unpacked(content: bytes) -> bytes:
    """Of an Excel file what is written in it."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    book = zipfile.ZipFile(io.BytesIO(content))
    return b"".join(book.read(name) for name in book.namelist())
