"""The accepted list of a hall, and the form of its own lines."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from matters.models import HallMatter
from tests.factories.halls import GAOQIAO
from tests.factories.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def editor(seeded) -> Client:
    client = Client()
    client.force_login(seeded.user("catalogue_editor"), backend=BACKEND)
    return client


def test_each_figure_opens_exactly_its_rows(seeded, editor: Client) -> None:
    walk = Walk(seeded)
    for _ in range(13):
        walk.submitted("MZ-017")
    walk.submitted("NY-003")
    context = editor.get(f"/halls/{GAOQIAO}/matters/").context
    figures = {figure["label"]: figure for figure in context["figures"]}
    assert (figures["高频"]["count"], figures["低频"]["count"]) == (1, 1)
    for figure in context["figures"]:
        rows = editor.get(f"/halls/{GAOQIAO}/matters/{figure['url']}").context["rows"]
        assert len(rows) == figure["count"], figure["label"]
    assert sum(row["cases"] for row in context["rows"]) == Application.objects.filter(hall__code=GAOQIAO).count()


def test_the_list_costs_the_same_however_much_was_filed(seeded, editor: Client) -> None:
    def cost() -> int:
        editor.get(f"/halls/{GAOQIAO}/matters/")
        with CaptureQueriesContext(connection) as told:
            editor.get(f"/halls/{GAOQIAO}/matters/")
        return len(told)

    before = cost()
    Walk(seeded).submitted("NY-003")
    assert cost() == before <= 13


def test_the_form_keeps_what_was_written_and_says_what_is_wrong(editor: Client) -> None:
    address = f"/halls/{GAOQIAO}/matters/NY-003/"
    assert editor.post(address, {"place": "一楼", "version": "0"}).status_code == 302
    assert HallMatter.objects.get().place == "一楼"
    assert "一楼" in editor.get(f"/halls/{GAOQIAO}/matters/").content.decode()
    wrong = editor.post(address, {"place": "长" * 130, "version": "1"})
    assert wrong.status_code == 422
    assert "办理地点不能超过 120 字" in wrong.content.decode()
    assert editor.post(address, {"place": "二楼", "version": "0"}).status_code == 409


def test_pausing_asks_for_a_reason_and_shows_it(editor: Client) -> None:
    address = f"/halls/{GAOQIAO}/matters/NY-003/"
    assert editor.post(address + "pause/", {"reason": "", "version": "0"}).status_code == 422
    assert editor.post(address + "pause/", {"reason": "改造", "version": "0"}).status_code == 302
    page = editor.get(f"/halls/{GAOQIAO}/matters/?class=paused").content.decode()
    assert "改造" in page
    assert editor.post(address + "reopen/", {"version": "1"}).status_code == 302
    assert HallMatter.objects.get().paused_on is None


@pytest.mark.parametrize("address", ["/halls/999999/matters/", "/halls/%00/matters/", f"/halls/{GAOQIAO}/matters/%00/"])
def test_what_is_not_there(editor: Client, address: str) -> None:
    assert editor.get(address).status_code == 404
