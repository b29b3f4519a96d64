"""The public guide pages: read without logging in, without JavaScript, and printed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matters.actions.import_matters import import_matters
from matters.models import LintReport, Matter, MatterVersion
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def text(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def of_its_own(code: str) -> dict[str, Any]:
    """A record whose promise was read in the county's own published guide."""
    found = record(code)
    return found | {"promised_limit": found["promised_limit"] | {"basis": "source"}}


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_search_stands_first_and_both_shelves_follow(client: Client) -> None:
    html = text(client, reverse("guide_list"))
    assert "您想办什么？" in html
    assert html.index('type="search"') < html.index("按主题找") < html.index("按部门找")
    assert 'href="/guides/?theme=%E5%AE%85%E5%9F%BA%E5%9C%B0"' in html
    assert 'href="/guides/?department=500236-MZ"' in html


@pytest.mark.parametrize("words", ["宅基地", "zjd", "zhaijidi", "农民建房证"])
def test_a_search_finds_the_guide_of_the_story(client: Client, words: str) -> None:
    html = text(client, reverse("guide_list") + f"?q={words}")
    assert 'href="/guides/NY-003/"' in html
    assert f'value="{words}"' in html


@pytest.mark.parametrize(("query", "count"), [("theme=宅基地", 2), ("department=500236-MZ", 17), ("q=qqqq", 0)])
def test_a_shelf_lists_its_matters(client: Client, query: str, count: int) -> None:
    html = text(client, reverse("guide_list") + f"?{query}")
    assert html.count('<h3><a href="/guides/') == count
    assert (count == 0) == ("没有找到" in html)


def test_while_typing_only_the_results_are_sent(client: Client) -> None:
    html = text(client, reverse("guide_list") + "?q=zjd", **{"HX-Request": "true"})
    assert "<html" not in html
    assert 'href="/guides/NY-003/"' in html
    assert len(html.encode()) < 10_000
    response = client.get(reverse("guide_list"))
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("query", ["q=%00", "theme=%00x", "department=%00", "q=" + "长" * 500, "page=x", "q=<script>"])
def test_odd_words_are_answered_calmly(client: Client, query: str) -> None:
    assert "<script>" not in text(client, reverse("guide_list") + f"?{query}")


def test_the_answer_stands_before_the_details(client: Client) -> None:
    html = text(client, reverse("guide", args=["NY-003"]))
    places = [html.index(f">{words}<") for words in (
        "能不能办", "带什么", "去哪儿", "多久", "多少钱", "材料清单", "受理条件", "怎么走", "法定时限", "依据",
    )]  # fmt: skip
    assert places == sorted(places)
    said = plain(html)
    for words in (
        "自然人可以办", "7 项材料", "受理后 10 个工作日内办结", "不收费", "20 个工作日", "农村宅基地批准书",
        "《中华人民共和国土地管理法》第六十二条", "村民小组讨论和村级公示", "编码 NY-003",
    ):  # fmt: skip
        assert words in said


def test_steps_are_an_ordered_list_with_their_levels(client: Client) -> None:
    html = text(client, reverse("guide", args=["MZ-001"]))
    steps = html[html.index('<ol class="stair">') :]
    levels = re.findall(r'<li data-level="(\w+)">', steps)
    assert levels == ["village", "township", "township", "village", "county", "county"]


@pytest.mark.parametrize(("code", "marks"), [
    ("NY-003", True),  # promise composed, statute inferred
    ("MZ-001", True),  # read in the guide of another county: nobody here promised it
    ("MZ-003", False),  # both read in a guide of the county's own
])  # fmt: skip
def test_composed_figures_carry_a_visible_mark(client: Client, code: str, marks: bool) -> None:
    if not marks:
        import_matters(as_file(of_its_own(code)))
    html = text(client, reverse("guide", args=[code]))
    said = plain(html)
    for figure in ("个工作日内办结",):
        after = said[said.index(figure) + len(figure) :][:8]
        assert ("示例数据" in after) == marks
    tags = html.count('<span class="tag" data-kind="draft"')
    assert (tags >= 10) == marks
    answer = html[html.index('<dl class="answer">') : html.index("</dl>")]
    assert ("示例数据" in answer) == marks


def test_a_promise_of_another_county_is_counted_by_the_linter_and_says_where_it_is_from(client: Client) -> None:
    borrowed = [one["id"] for one in RECORDS if one["promised_limit"]["basis"] == "borrowed"]
    assert {"MZ-001", "RS-005", "YB-001"} <= set(borrowed)
    assert not [one["id"] for one in RECORDS if one["promised_limit"]["basis"] == "source"], "none is Fengjie's own yet"
    for code in borrowed:
        report = LintReport.objects.get(matter__code=code)
        assert any(
            found["rule"] == "figure-not-verified" and found["place"] == "promised_limit.basis"
            for found in report.findings
        ), code
    assert "他县公开指南" in text(client, reverse("guide", args=["MZ-001"]))


def test_a_statute_known_only_from_the_law_is_marked_though_the_promise_is_not(client: Client) -> None:
    import_matters(as_file(of_its_own("MZ-001")))
    said = plain(text(client, reverse("guide", args=["MZ-001"])))
    assert "30 个工作日 示例数据" in said
    assert "25 个工作日内办结 示例数据" not in said


@pytest.mark.parametrize("address", ["/guides/NY-003/", "/guides/NY-003/check/", "/guides/NY-003/short/"])
@pytest.mark.parametrize("path", ["promised_limit.days", "materials.0.necessity", "steps.0.kind"])
def test_a_guide_that_rules_of_today_would_refuse_stays_readable(client: Client, address: str, path: str) -> None:
    """It was signed under the rules of its day; a new rule must not take it off the page."""
    version = MatterVersion.objects.get(matter__code="NY-003", number=1)
    part: Any = version.content
    *way, last = path.split(".")
    for key in way:
        part = part[int(key) if key.isdigit() else key]
    part[last] = 999 if last == "days" else "老词"
    MatterVersion.objects.filter(pk=version.pk).update(content=version.content)
    assert client.get(address).status_code == 200


def test_notes_of_the_compilers_are_not_for_the_public(client: Client) -> None:
    assert "decision_level" not in text(client, reverse("guide", args=["MZ-001"]))


def test_a_paused_matter_says_so_first(client: Client) -> None:
    Matter.objects.filter(code="MZ-001").update(paused_on=date(2026, 3, 2))
    said = plain(text(client, reverse("guide", args=["MZ-001"])))
    assert "自 2026年3月2日 起暂停办理" in said
    assert "可以办" not in said
    assert 'href="/guides/MZ-001/"' in text(client, reverse("guide_list") + "?q=低保")


@pytest.mark.parametrize("code", ["XX-999", "NY-003 ", "%00", "长" * 200, "ny-003"])
def test_an_unknown_code_is_a_page_that_says_so(client: Client, code: str) -> None:
    response = client.get(f"/guides/{code}/")
    assert response.status_code == 404
    assert "text/html" in response.headers["Content-Type"]


def test_every_guide_that_ships_is_a_light_page_without_inline_code(client: Client) -> None:
    for one in RECORDS:
        html = text(client, reverse("guide", args=[one["id"]]))
        assert len(html.encode()) <= 60_000, one["id"]
        assert one["name"] in html
        assert "style=" not in html
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_nothing_needs_javascript_to_be_read_or_to_search(client: Client) -> None:
    html = text(client, reverse("guide_list"))
    form = html[html.index('<form class="search') :]
    assert 'method="get"' in form[: form.index(">")]
    assert 'name="q"' in form


@pytest.mark.parametrize(("url", "most"), [("/guides/", 2), ("/guides/?q=zjd", 3), ("/guides/NY-003/", 7)])
def test_a_page_takes_few_queries(client: Client, url: str, most: int) -> None:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    own = [query["sql"] for query in queries if "matters_" in query["sql"]]
    assert len(own) <= most


@pytest.mark.parametrize("url", ["/guides/", "/guides/NY-003/"])
def test_guides_are_only_read(client: Client, url: str) -> None:
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200
