"""An editor at the page where the catalogue goes out as a file and comes back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from halls.domain.duties import PostKind
from halls.models import Hall
from tests.factories.halls import FENGJIE, person_in_post

BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(client: Client, node: Any) -> Client:
    client.force_login(person_in_post(PostKind.CATALOGUE_EDITOR, node), backend=BACKEND)
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    return logged_in(client, Hall.objects.get(code=FENGJIE))


def exported(client: Client, kind: str, query: str = "") -> bytes:
    response = client.get(f"/matters/export.{kind}{query}")
    assert response.status_code == 200
    return response.getvalue()


def upload(client: Client, data: bytes, name: str = "事项.json") -> Any:
    return client.post("/matters/import/", {"file": SimpleUploadedFile(name, data)})


def counts(response: Any) -> dict[str, int]:
    return {one["label"]: one["count"] for one in response.context["plan"]["counts"]}


def told(response: Any) -> list[tuple[str, str, str]]:
    return [(fault.where, fault.field, fault.message) for fault in response.context["plan"]["faults"]]


def changed(data: bytes, change: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(book: Any, sheet: str, code: str, label: str, nth: int = 0) -> Any:
    found = book[sheet]
    column = next(one.column for one in found[1] if one.value == label)
    rows = [row[0].row for row in found.iter_rows(min_row=2) if row[0].value == code]
    return found.cell(row=rows[nth], column=column)
