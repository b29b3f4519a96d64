"""A month that is over: its figures as they were, each with exactly its rows, and nothing of now beside them."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from supervision.figures import Present
from supervision.selectors.figure_groups import GROUPS, figure_of
from supervision.selectors.scope import scope_of
from tests.supervision.county import at
from tests.supervision.test_statistics import act_on, figures_of, numbers_of, pages_of, rows_behind, values_of, visitor

pytestmark = pytest.mark.django_db
BY_MONTH = [key for group in GROUPS for key, figure in group.figures.items() if figure.follows_the_month]


@pytest.fixture
def later(busy):
    """The middle of April; what every figure said in the last second of March is told beside it."""
    sweep()
    act_on(busy)
    at("2026-03-31 23:59:59")
    said = {role: values_of(visitor(busy, role)) for role in ("supervisor", "director0")}
    at("2026-04-15 10:00")
    return busy, said


def test_a_figure_follows_the_month_where_its_definition_says_so(busy):
    now, scope = read_moment().at.astimezone(SHANGHAI), scope_of(busy.actor("supervisor"), "watch", {})
    here, there = Present.at(now), Present.at(now, date(2026, 1, 1))
    for group in GROUPS:
        for key, figure in group.figures.items():
            asked = [str(group.rows_of(scope, figure, present).query) for present in (here, there)]
            assert figure.follows_the_month == (asked[0] != asked[1]), key


def test_the_month_is_as_it_was_on_its_last_evening_and_every_figure_has_its_rows(later):
    county, said = later
    for role, told in said.items():
        client = visitor(county, role)
        found = figures_of(client, month="2026-03")
        assert list(found) == BY_MONTH
        assert {key: one["value"] for key, one in found.items()} == {key: told[key] for key in BY_MONTH}
        assert any(one["value"] for one in found.values())
        assert not any(values_of(client, month="2026-01").values())
        for key, one in found.items():
            assert "本月" not in one["label"] + one["definition"]
            assert "2026年3月" in one["definition"]
            assert len(pages_of(client, one["rows"])) == one["value"], key
    rates = visitor(county, "supervisor").get(reverse("api_rates"), {"month": "2026-03"}).json()
    for one in rates[:5]:
        assert len(pages_of(visitor(county, "supervisor"), one["numerator"]["rows"])) == one["numerator"]["value"]


def test_every_number_of_the_page_is_of_the_month_and_a_link_to_as_many_rows(later):
    county, said = later
    sweep()  # a dead one hides the cards
    client = visitor(county, "supervisor")
    page = client.get(reverse("supervision_statistics"), {"month": "2026-03"})
    numbers = numbers_of(page)
    assert len(numbers) > 30
    for url, value in numbers.items():
        query = dict(parse_qsl(urlsplit(url).query))
        assert query["month"] == "2026-03", url
        assert figure_of(query["figure"]).follows_the_month, url
        assert rows_behind(client, url) == value, url
        if set(query) <= {"figure", "month", "scope"}:
            assert value == said["supervisor"][query["figure"]], url
    text = page.content.decode()
    assert "2026年3月办结和到期的办件" in text
    assert not any("2026年3月" in tile["label"] + tile["definition"] for tile in page.context["month_tiles"])
    assert "本月" not in text.partition('id="board"')[2].replace("回到本月", "")
    assert "现在的灯" not in text
    assert len(page.context["flow"]["lines"]) == 31
    listed = client.get(next(url for url in numbers if "figure=received_month" in url))
    assert "2026年3月收件" in listed.content.decode()
    assert {one["value"] for one in listed.context["filter_fields"][0]["options"]} < set(BY_MONTH)
    assert {"name": "month", "value": "2026-03"} in listed.context["keep"]
    book = client.get(listed.context["exports"][1]["url"])
    assert "2026年3月收件" in b"".join(book.streaming_content).decode()


def test_the_month_is_chosen_by_a_form_and_by_links(later):
    county, _said = later
    client = visitor(county, "supervisor")
    page = client.get(reverse("supervision_statistics"), {"hall": county.townships[0].code})
    assert page.context["month"]["value"] == "2026-04"
    assert page.context["month"]["behind_url"] == ""
    assert "month" not in next(iter(numbers_of(page)))
    before = client.get(page.context["month"]["before_url"])
    assert before.context["month"]["name"] == "2026年3月"
    assert {"name": "hall", "value": county.townships[0].code} in before.context["month"]["keep"]
    assert client.get(before.context["month"]["behind_url"]).context["month"]["name"] == "本月"
    assert client.get(before.context["month"]["this_url"]).context["month"]["name"] == "本月"
    assert client.get(client.get(reverse("supervision")).context["earlier_url"]).context["is_earlier"]


@pytest.mark.parametrize("month", ["2026-05", "2026-13", "march", "1026-03", "2026-3"])
def test_what_is_no_month_or_has_not_begun_is_refused_in_words(later, month):
    client = visitor(later[0], "supervisor")
    for name in ("supervision_statistics", "supervision_cases", "supervision_cards_ranking", "ledger"):
        asked = {"month": month, "figure": "received_month"}
        answer = client.get(reverse(name), asked)
        assert answer.status_code == 422, name
        assert "月" in answer.content.decode()
    assert client.get(reverse("api_figures"), {"month": month}).status_code in (400, 422)


def test_what_is_of_now_has_no_earlier_month(later):
    client = visitor(later[0], "supervisor")
    for name, figure in (
        ("supervision_cases", "red"), ("supervision_warnings", "to_review"), ("supervision_rows", "orders_open"),
    ):  # fmt: skip
        assert client.get(reverse(name), {"figure": figure}).status_code == 200
        assert client.get(reverse(name), {"figure": figure, "month": "2026-04"}).status_code == 200
        assert client.get(reverse(name), {"figure": figure, "month": "2026-03"}).status_code == 422
    assert client.get(reverse("api_figure_rows", args=["red"]), {"month": "2026-03"}).status_code == 422
    assert "month" not in client.get(reverse("supervision_warnings"), {"month": "2026-03"}).context["filter_chips"]


def test_the_ranking_of_cards_is_of_the_month_asked_for(later):
    client = visitor(later[0], "supervisor")
    url = reverse("supervision_cards_ranking")
    assert client.get(url).context["lines"] == []
    page = client.get(url, {"month": "2026-03"})
    cells = [cell for line in page.context["lines"] for cell in line["cells"] if cell["value"]]
    assert cells
    for cell in cells:
        assert rows_behind(client, cell["url"]) == cell["value"]
