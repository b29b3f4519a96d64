"""The linter's pages: what editors see, and that every number opens exactly what it counted."""

from __future__ import annotations

import html as markup
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Hall
from matters.actions.import_matters import import_matters
from matters.domain.lint import definition
from matters.models import LintReport
from tests.factories.halls import FENGJIE, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
NUMBER = re.compile(r'<a href="(/matters/\?[^"]+)">(\d+)</a>')
RULE = re.compile(r'<a href="(/matters/\?rule=[^"]+)">[^<]+</a></th>.*?<b>(\d+)</b>', re.DOTALL)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(person_in_post(PostKind.CATALOGUE_EDITOR, Hall.objects.get(code=FENGJIE)), backend=BACKEND)
    return client


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def counted(client: Client, url: str) -> int:
    """Return how many matters the list at this address has, over all its pages."""
    found = 0
    for page in range(1, 9):
        rows = len(re.findall(r'<th scope="row"><a href="/matters/[^/]+/"', text(client, f"{url}&page={page}")))
        found += rows
        if rows < 40:
            break
    return found


@pytest.mark.parametrize(("kind", "status"), [
    (PostKind.CATALOGUE_EDITOR, 200), (PostKind.ADMINISTRATOR, 403), (PostKind.WINDOW_CLERK, 403), (None, 302),
])  # fmt: skip
def test_only_editors_see_the_linter(client: Client, kind: PostKind | None, status: int) -> None:
    if kind:
        client.force_login(person_in_post(kind, Hall.objects.get(code=FENGJIE)), backend=BACKEND)
    assert client.get(reverse("matter_lint")).status_code == status


def test_every_number_of_a_department_opens_its_matters(editor: Client) -> None:
    page = text(editor, "/matters/lint/")
    links = [(markup.unescape(url), int(count)) for url, count in NUMBER.findall(page) if "department=" in url]
    assert len(links) > 40
    for url, count in links:
        assert counted(editor, url) == count, url


def test_every_number_of_a_rule_opens_its_matters(editor: Client) -> None:
    page = text(editor, "/matters/lint/")
    links = [(markup.unescape(url), int(count)) for url, count in RULE.findall(page)]
    assert len(links) > 20
    for url, count in links:
        assert counted(editor, url) == count, url


def test_a_department_has_its_own_page(editor: Client) -> None:
    page = text(editor, "/matters/lint/?department=500236-MZ")
    assert "奉节县民政局" in page
    links = re.findall(r'<a href="(/matters/\?department=500236-MZ&amp;rule=[^"]+)">', page)
    assert links
    assert editor.get("/matters/lint/?department=XX").status_code == 404


def test_a_catalogue_that_was_never_linted_says_so(editor: Client) -> None:
    LintReport.objects.all().delete()
    assert "还没有检查过" in text(editor, "/matters/lint/")
    assert "未检查" in text(editor, "/matters/")


def test_the_list_shows_scores_and_can_be_narrowed_to_a_rule(editor: Client) -> None:
    assert "分</a>" in text(editor, "/matters/")
    page = text(editor, "/matters/?rule=promise-over-statute&severity=error")
    assert re.findall(r'<th scope="row"><a href="/matters/([^/]+)/"', page) == ["GA-007"]
    assert ">错误：承诺时限超过法定时限<" in page
    assert "没有符合条件的事项" in text(editor, "/matters/?rule=nothing-like-it")


def test_a_matter_shows_its_findings_with_their_citation(editor: Client) -> None:
    page = text(editor, "/matters/GA-007/")
    assert "法定的 3 个自然日遇上周末只有 1 个工作日" in page
    assert "民法典第二百零一条" in page


def test_an_older_version_is_not_judged_by_the_newest_report(editor: Client) -> None:
    import_matters(as_file(record("MZ-004", conditions=["第二版的条件"])))
    assert "这个版本没有检查结果" in text(editor, "/matters/MZ-004/?version=1")
    assert "这个版本没有检查结果" not in text(editor, "/matters/MZ-004/")


@pytest.mark.parametrize("url", ["/matters/lint/", "/matters/lint/?department=500236-MZ"])
def test_a_page_takes_one_query_of_its_own(editor: Client, url: str) -> None:
    editor.get(url)
    with CaptureQueriesContext(connection) as queries:
        editor.get(url)
    assert len([one for one in queries if "matters_" in one["sql"] and "supervision_" not in one["sql"]]) == 1


def test_the_page_prints_how_the_score_is_made(editor: Client) -> None:
    page = text(editor, "/matters/lint/?department=500236-MZ")
    for line in definition():
        assert line in page
