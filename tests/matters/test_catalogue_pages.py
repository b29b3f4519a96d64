"""The catalogue for its editors: who sees it, and what stands in it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Hall
from matters.actions.import_matters import import_matters
from matters.models import Matter
from matters.selectors.editing import matters_to_edit
from tests.factories.halls import FENGJIE, GAOQIAO, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(person_in_post(PostKind.CATALOGUE_EDITOR, Hall.objects.get(code=FENGJIE)), backend=BACKEND)
    return client


BACKEND = "django.contrib.auth.backends.ModelBackend"


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def rows(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/matters/([^/]+)/"', html)


@pytest.mark.parametrize("url", ["/matters/", "/matters/NY-003/"])
@pytest.mark.parametrize(("kind", "status"), [
    (PostKind.CATALOGUE_EDITOR, 200), (PostKind.ADMINISTRATOR, 403), (PostKind.SUPERVISOR, 403),
    (PostKind.WINDOW_CLERK, 403), (None, 302),
])  # fmt: skip
def test_only_editors_see_the_catalogue(client: Client, url: str, kind: PostKind | None, status: int) -> None:
    if kind:
        client.force_login(person_in_post(kind, Hall.objects.get(code=FENGJIE)), backend=BACKEND)
    assert client.get(url).status_code == status


def test_a_village_clerk_is_shown_the_way_to_the_public_guide(client: Client) -> None:
    client.force_login(person_in_post(PostKind.VILLAGE_CLERK, Hall.objects.get(code=GAOQIAO)), backend=BACKEND)
    response = client.get(reverse("matter_catalogue"))
    assert response.status_code == 403
    assert "办事指南人人可看" in response.content.decode()


def test_the_list_goes_on_from_page_to_page(editor: Client) -> None:
    first, last = text(editor, "/matters/"), text(editor, "/matters/?page=4")
    assert len(rows(first)) == 40
    assert "第 1–40 项" in first
    assert len(rows(last)) == 13
    assert 'rel="next"' not in last
    seen = [code for page in range(1, 5) for code in rows(text(editor, f"/matters/?page={page}"))]
    assert len(set(seen)) == 133


@pytest.mark.parametrize(("query", "count"), [
    ("q=zjd", 4), ("theme=宅基地", 2), ("department=500236-MZ", 17), ("department=500236-MZ&theme=老年", 3),
    ("state=paused", 0), ("q=zzzz", 0), ("page=99", 0),
])  # fmt: skip
def test_the_list_can_be_narrowed(editor: Client, query: str, count: int) -> None:
    html = text(editor, f"/matters/?{query}")
    assert len(rows(html)) == count
    assert (count == 0) == ("没有符合条件的事项" in html)


def test_what_the_list_is_narrowed_to_is_said_and_can_be_taken_back(editor: Client) -> None:
    html = text(editor, "/matters/?theme=宅基地&department=500236-NYNC&page=1")
    assert 'href="/matters/?department=500236-NYNC">宅基地' in html
    assert ">奉节县农业农村委员会<" in html
    assert 'class="chip"' not in text(editor, "/matters/")


def test_every_matter_is_either_a_sample_or_sourced() -> None:
    own = record("MZ-003")
    own["promised_limit"]["basis"] = "source"  # as a county leaves it that has promised it itself
    import_matters(as_file(own))
    sample, sourced = (set(matters_to_edit(state=state)) for state in ("sample", "sourced"))
    assert sample | sourced == set(Matter.objects.all())
    assert not sample & sourced
    assert {matter.code for matter in sourced} == {"MZ-003"}, "nothing that ships is this county's own figure"


def test_a_paused_matter_stays_in_the_editors_list(editor: Client) -> None:
    Matter.objects.filter(code="MZ-001").update(paused_on=date(2026, 3, 2))
    html = text(editor, "/matters/?state=paused")
    assert rows(html) == ["MZ-001"]
    assert "暂停" in html


def test_a_matter_shows_all_its_versions_and_the_one_asked_for(editor: Client) -> None:
    import_matters(as_file(record("MZ-004", conditions=["第二版的条件"])))
    newest, first = text(editor, "/matters/MZ-004/"), text(editor, "/matters/MZ-004/?version=1")
    assert "第 2 版（正在看）" in newest
    assert "第二版的条件" in newest
    assert "第 1 版（正在看）" in first
    assert "第二版的条件" not in first
    assert editor.get("/matters/MZ-004/?version=9").status_code == 404
    assert editor.get("/matters/XX-1/").status_code == 404
    assert editor.get("/matters/%00/").status_code == 404


def test_an_editor_reads_the_notes_that_the_public_does_not(editor: Client) -> None:
    assert "整理说明（不对外公布）" in text(editor, "/matters/MZ-001/")


@pytest.mark.parametrize(("url", "most"), [("/matters/", 5), ("/matters/?q=zjd", 5), ("/matters/NY-003/", 6)])
def test_a_page_takes_few_queries(editor: Client, url: str, most: int) -> None:
    editor.get(url)
    with CaptureQueriesContext(connection) as queries:
        editor.get(url)
    assert len([one for one in queries if "matters_" in one["sql"] and "supervision_" not in one["sql"]]) <= most
