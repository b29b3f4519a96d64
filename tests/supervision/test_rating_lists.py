"""Numbers of ratings, of cases that nobody rated and of call-backs: each opens as many rows as it says."""

import pytest
from django.test import Client
from django.urls import reverse

from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.record_call import Answers, record_call
from supervision.figures import Present
from supervision.models import Callback
from supervision.selectors import statistics
from supervision.selectors.scope import scope_of
from tests.supervision.county import at
from tests.supervision.rating import bad, ended, ended_at_the_township, given_by, verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(county):
    """Two weeks of delivered cases, some rated, call-backs of both weeks, some made, one of them about money."""
    for place in (0, 1, 1):
        ended(county, place)
    given_by(ended(county), level=5, details=[])
    verified(county, bad(county))
    at("2026-03-09 09:00")
    draw_callbacks()
    ended(county, 1)
    at("2026-03-16 09:00")
    draw_callbacks()
    for number, one in enumerate(Callback.objects.order_by("pk")[:2]):
        said = Answers(was_served=True, has_papers=True, has_paid=number == 0, note="收了 20 元")
        record_call(one.pk, actor=county.actor("supervisor"), is_reached=True, answers=said)
    return county


def visitor(county, who):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


def rows_of(client, url):
    page = client.get(url)
    assert page.status_code == 200, url
    return page.context["rows"] if "rows" in page.context else page.context["lines"]


@pytest.mark.parametrize("who", ["supervisor", "director0", "director1"])
def test_every_number_of_a_week_opens_its_call_backs(called, who):
    client = visitor(called, who)
    page = client.get(reverse("callbacks"))
    cells = [cell for week in page.context["weeks"] for cell in week["cells"]]
    assert {cell["label"] for cell in cells} == {"抽中", "已回访", "反映收费"}
    assert any(cell["value"] for cell in cells) or who == "director1"
    for cell in cells:
        assert len(rows_of(client, cell["url"])) == cell["value"], cell
    assert len(rows_of(client, reverse("callbacks"))) == sum(c["value"] for c in cells if c["label"] == "抽中")


def test_a_week_or_figure_that_is_none_is_told(called):
    client = visitor(called, "supervisor")
    for query in ({"figure": "nothing"}, {"week": "yesterday"}, {"week": "2026-13-01"}):
        answer = client.get(reverse("callbacks"), query)
        assert answer.status_code == 422
        assert "请" in answer.content.decode()
    assert not rows_of(client, reverse("callbacks") + "?week=2001-01-01")


def test_whoever_watches_opens_the_cases_that_nobody_rated(called):
    for who, count in (("supervisor", 3), ("director0", 1), ("director1", 2)):
        client = visitor(called, who)
        link = client.get(reverse("ratings")).context["unrated_url"]
        assert len(rows_of(client, link)) == count, who
        figures = statistics.counts(scope_of(called.actor(who), "watch"), Present.at(read_moment().at))
        assert figures["ratings_unrated"] == count


def test_a_hall_learns_neither_by_silence_nor_by_matter_which_case_was_rated(called):
    client = visitor(called, "clerk0")
    assert client.get(reverse("ratings")).context["unrated_url"] == ""
    assert rows_of(client, reverse("supervision_rows") + "?figure=ratings_unrated&scope=post") == []
    rated = rows_of(client, reverse("supervision_rows") + "?figure=ratings_rated_month&scope=post")
    assert len(rated) == 2
    case = bad(called).application
    narrowed = reverse("supervision_rows") + f"?figure=ratings_rated_month&scope=post&matter={case.matter.code}"
    assert rows_of(client, narrowed) == []
    watched = narrowed.replace("scope=post", "scope=watch")
    assert len(rows_of(visitor(called, "director0"), watched)) == 1


@pytest.mark.parametrize("who", ["supervisor", "director0", "clerk0", "bureau_examiner"])
def test_every_rate_opens_its_numerator_and_denominator(called, who):
    client = visitor(called, who)
    rates = client.get(reverse("ratings")).context["rates"]
    assert rates[0]["label"] == "满意率"
    for rate in rates:
        for part in ("part", "whole"):
            assert len(rows_of(client, rate[part]["url"])) == rate[part]["value"], (rate["label"], part)
    if who == "supervisor":
        assert (rates[0]["part"]["value"], rates[0]["whole"]["value"], rates[0]["value"]) == (1, 2, "50%")


def test_the_page_of_ratings_costs_one_statement_more_for_all_rates(called, django_assert_max_num_queries):
    client = visitor(called, "supervisor")
    client.get(reverse("ratings"))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse("ratings"), {"tab": "all"})
    given_by(ended(called, 1), level=4, details=[])
    with django_assert_max_num_queries(40) as more:
        client.get(reverse("ratings"), {"tab": "all"})
    assert len(few) == len(more)
    own = [query["sql"] for query in more.captured_queries if '"supervision_rating"' in query["sql"].split("WHERE")[0]]
    assert len(own) == 2  # the page, and the rates


def test_a_director_does_not_narrow_to_the_one_case_that_was_rated_at_their_own_hall(county):
    case = ended_at_the_township(county)
    silent = ended_at_the_township(county)
    village = ended(county)
    given_by(case)
    given_by(village)
    at("2026-03-16 09:00")

    def seen(who, figure, **more):
        asked = {"scope": "watch", **more}
        number = statistics.counts(scope_of(county.actor(who), "watch", asked), Present.at(read_moment().at))[figure]
        client, rows = visitor(county, who), reverse("supervision_rows")
        page = client.get(rows, {"figure": figure, **asked})
        assert page.status_code == 200
        assert len(page.context["lines"]) == number
        return number

    for figure in ("ratings_bad_month", "ratings_bad_open"):
        assert seen("director0", figure) == 2
        assert seen("director0", figure, matter=case.matter.code) == 0
        assert seen("supervisor", figure, matter=case.matter.code) == 1
        assert seen("director0", figure, matter=village.matter.code) == 1
    assert seen("director0", "ratings_unrated") == 0  # the other of their own hall would be whoever rated
    assert seen("supervisor", "ratings_unrated") == 1
    assert (
        silent.matter.name
        not in visitor(county, "director0")
        .get(reverse("supervision_rows"), {"figure": "ratings_unrated", "scope": "watch"})
        .content.decode()
    )


def test_a_hall_does_not_read_which_of_its_ratings_came_from_one_device(county):
    """Its pages hide it, so no tab, figure, file or answer of the API tells it; whoever watches from above reads it."""
    for case in (ended, ended, ended, ended_at_the_township):
        given_by(case(county), level=5, details=[], device="same-device")

    def told(who):
        client, found = visitor(county, who), set()
        for asked in ({"tab": "suspicious"}, {"figure": "suspicious"}):
            found.add(len(client.get(reverse("ratings"), asked).context["rows"]))
            sheet = client.get(reverse("ratings"), {**asked, "format": "csv"}).getvalue().decode()
            found.add(sheet.count("非常满意"))
        [figure] = [one for one in client.get(reverse("api_figures")).json() if one["key"] == "ratings_suspicious"]
        found |= {figure["value"], len(client.get(figure["rows"]).json()["results"])}
        [number] = found
        return number

    assert told("clerk0") == told("window0") == 0
    assert told("director0") == 1  # of the village; of the township's own hall they are the hall
    assert told("supervisor") == 2
    tabs = {who: visitor(county, who).get(reverse("ratings")).context["tabs"] for who in ("clerk0", "director0")}
    assert [["可疑" in [str(tab["label"]) for tab in found]] for found in tabs.values()] == [[False], [True]]
