"""The statistics: every tile, for every role and scope, equals the rows behind its link, on the page and in the API."""

import re
from collections import Counter
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db.models import CharField, Value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from halls.models import User
from halls.selectors.work_calendar import read_moment
from matters.models import Matter
from supervision.actions._put_rating import Opinion
from supervision.actions.issue_order import Wanted, issue_order
from supervision.actions.rate import rate
from supervision.actions.sweep import sweep
from supervision.actions.urge import urge
from supervision.domain.voices import Kind
from supervision.figures import Present
from supervision.figures_flow import FLOW, RATES
from supervision.figures_time import MEANS
from supervision.selectors import drill, group_cases
from supervision.selectors.figure_groups import GROUPS
from supervision.selectors.scope import scope_of
from supervision.selectors.statistics import counts
from tests.factories.halls import person_in_post
from tests.factories.ratings import rating_token
from tests.supervision.county import at
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db

WATCHING = ("supervisor", "director0", "director1", "bureau_director")
WORKING = (
    "clerk0", "window0", "examiner1", "approver0", "bureau_examiner", "bureau_approver", "county_window",
)  # fmt: skip
EVERYBODY = [(role, "watch") for role in WATCHING] + [(role, scope) for role in WORKING for scope in ("post", "own")]
# One of each scope, whose links are followed: all others get the same links with their own scope.
FOLLOWED = [("supervisor", "watch"), ("window0", "post"), ("bureau_examiner", "own")]
COSTS = {
    "promised": 5,
    "township": 5,
    "open": 5,
    "red_cards_month": 5,
    "orders_open": 5,
    "urges_month": 5,
    "voices_open": 6,
    "ratings_bad_open": 5,
    "ratings_unrated": 5,
    "callbacks_waiting": 5,
}
PARTS = ("numerator", "denominator")
NARROWINGS = ("hall", "desk", "part", "department", "matter")
FIGURES = {key: figure for group in GROUPS for key, figure in group.figures.items()}


@pytest.fixture
def swept(busy):
    sweep()
    act_on(busy)
    return busy


def act_on(county):
    """An order, an urge, three voices and two ratings, so that their figures count something."""
    cases = Application.objects.order_by("pk")
    late = cases.filter(status="in_progress", path=county.villages[0].path)[0]
    urge(str(late.number), actor=county.actor("supervisor"), reason="已近到期")
    order = Wanted("办件超期", "说明原因", "县政府文件", organ=county.townships[0].code, title="超期")
    issue_order(order, actor=county.actor("supervisor"))
    lodged(county.townships[0], Kind.COMPLAINT)
    lodged(county.townships[1], Kind.INQUIRY)
    lodged(county.townships[0], Kind.REPEAT, matter=late.matter.code)
    for said, case in zip(
        (Opinion(1, "qr", ("115",), ""), Opinion(5, "qr")), cases.filter(status="delivered"), strict=False
    ):
        rate(str(case.number), rating_token(str(case.number)), said, actor=None)


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def figures_of(client, **query):
    answer = client.get(reverse("api_figures"), query)
    assert answer.status_code == 200, answer.content
    return {one["key"]: one for one in answer.json()}


def pages_of(client, address):
    """Every row behind an address of the API, through all its pages."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        address = answer.json()["next"]
    return found


def rows_counted(actor, asked, **narrowed):
    """The rows behind every figure, by the selector that the API and the lists page through: one statement a group."""
    scope, present = scope_of(actor, asked, narrowed), Present.at(read_moment().at)
    found: Counter[str] = Counter()
    for group in GROUPS:
        first, *others = [
            group.rows_of(scope, figure, present)
            .order_by()
            .annotate(of=Value(key, CharField()))
            .values_list("of", "pk")
            for key, figure in group.figures.items()
        ]
        rows = list(first.union(*others, all=True))
        assert len(rows) == len(set(rows))
        found.update(key for key, _pk in rows)
    return {key: found[key] for key in FIGURES}


def values_of(client, **query):
    return {key: one["value"] for key, one in figures_of(client, **query).items()}


def test_no_two_groups_give_one_key_to_two_figures():
    assert len(FIGURES) == sum(len(group.figures) for group in GROUPS)


def test_every_figure_is_named_defined_and_sourced(swept):
    found = figures_of(visitor(swept, "supervisor"))
    assert list(found) == list(FIGURES)
    for one in found.values():
        assert set(one) == {"key", "label", "definition", "source", "unit", "value", "rows"}
        assert one["label"]
        assert len(one["definition"]) > 8
        assert one["source"]


def test_the_pages_of_the_api_together_are_those_rows(swept, monkeypatch):
    monkeypatch.setattr("supervision.api.figures.PAGE", 3)
    client = visitor(swept, "supervisor")
    found = figures_of(client)
    assert any(one["value"] > 6 for one in found.values())
    for key, one in found.items():
        rows = pages_of(client, one["rows"])
        assert len(rows) == len({row["id"] for row in rows}) == one["value"], key


@pytest.mark.parametrize("role", ["supervisor", "director0"])
def test_a_narrowed_figure_has_as_many_rows_as_it_says(swept, role):
    codes = {
        "hall": swept.townships[0].code,
        "desk": swept.villages[0].code,
        "part": swept.bureau.code,
        "department": swept.bureau.code,
        "matter": Matter.objects.all()[1].code,
    }
    client = visitor(swept, role)
    whole = values_of(client)
    for narrowed, code in codes.items():
        found = values_of(client, **{narrowed: code})
        assert any(found.values()), narrowed
        assert all(value <= whole[key] for key, value in found.items()), narrowed
        assert found == rows_counted(swept.actor(role), "watch", **{narrowed: code}), narrowed
    matter = figures_of(client, matter=codes["matter"])  # the narrowing goes with the address of the rows
    for key, one in matter.items():
        if one["value"]:
            assert len(pages_of(client, one["rows"])) == one["value"], key


def test_every_number_of_the_page_is_the_figure_of_the_api_and_counts_its_rows(swept):
    for role, scope in EVERYBODY:
        client, actor = visitor(swept, role), swept.actor(role)
        found: dict[tuple[tuple[str, str], ...], dict[str, int]] = {(): values_of(client, scope=scope)}
        assert found[()] == rows_counted(actor, scope), (role, scope)
        page = client.get(reverse("supervision_statistics"), {"scope": scope})
        assert page.status_code == 200
        numbers = numbers_of(page)
        assert len(numbers) > 45
        days: Counter[tuple[str, date]] = Counter()
        for url, value in numbers.items():
            query = dict(parse_qsl(urlsplit(url).query))
            key, day = query.pop("figure"), query.pop("day", "")
            assert query.pop("scope", scope) == scope, url
            assert set(query) <= set(NARROWINGS), url
            if day:
                days[key, date.fromisoformat(day)] = value
                continue
            narrowed = tuple(sorted(query.items()))
            if narrowed not in found:  # what the API counts under the same narrowing
                found[narrowed] = counts(scope_of(actor, scope, query), Present.at(read_moment().at))
            assert found[narrowed][key] == value, (role, url)
        assert days == days_counted(actor, scope), (role, scope)


def days_counted(actor, asked):
    """The rows of each day of the flow, by the selector of the lists."""
    scope, present = scope_of(actor, asked, {}), Present.at(read_moment().at)
    moments = {
        (one.key, timezone.localdate(at))
        for one in FLOW
        for at in group_cases.GROUP.rows_of(scope, one, present).values_list(one.moment, flat=True)
    }
    return Counter(
        {(key, day): group_cases.GROUP.rows_of(scope, FIGURES[key], present, day).count() for key, day in moments}
    )


@pytest.mark.parametrize(("role", "scope"), FOLLOWED)
def test_every_number_of_the_page_is_a_link_to_as_many_rows(swept, role, scope):
    client = visitor(swept, role)
    page = client.get(reverse("supervision_statistics"), {"scope": scope})
    assert page.status_code == 200
    numbers = numbers_of(page)
    assert len(numbers) > 45
    for url, value in numbers.items():
        assert rows_behind(client, url) == value, url


def numbers_of(page):
    """Every link of the board with the number it shows (a cell, or a tile)."""
    context = page.context
    cells = [cell for line in context["flow"]["lines"] for cell in line["cells"] if cell["value"]]
    cells += context["flow"]["totals"] + [line["cell"] for line in context["ages"]]
    cells += [line[name] for line in context["segments"] for name in ("visits", "over")]
    cells += [line[name] for line in context["matters"] for name in ("red", "late") if line[name]]
    cells += [rate[name] for rate in context["rates"] for name in ("part", "whole")]
    cells += [mean["rows"] for mean in context["means"]]
    cells += context["now_tiles"] + context["month_tiles"]
    cells += [tile for part in (*context["card_parts"], *context["act_parts"]) for tile in part["tiles"]]
    text = unescape(page.content.decode())
    assert all(f'href="{cell["url"]}"' in text for cell in cells)
    return {cell["url"]: cell["value"] for cell in cells}


def rows_behind(client, url):
    page = client.get(url)
    assert page.status_code == 200, url
    told = re.search(r"共 (\d+) 条", unescape(page.content.decode()))
    rows = page.context.get("lines") if "lines" in page.context else page.context["rows"]
    assert told is not None
    assert len(rows) == int(told.group(1))
    return len(rows)


def test_the_busy_county_gives_nearly_every_figure_something_to_count(swept):
    """Otherwise the equalities would be those of nought with nought."""
    empty = {key for key, one in figures_of(visitor(swept, "supervisor")).items() if not one["value"]}
    assert empty <= {
        "none", "outslept", "age_16", "age_31", "age_61", "voices_due_month", "voices_due_kept_month",
        "statutory_month", "statutory_kept_month", "corrected_month", "to_review",
        "revoked_month", "supplement", "supplement_over", "promised_and_lawful", "village", "village_over", "special",
        "special_over", "county", "county_over", "pre_review_over", "acceptance_over", "delivery_over", "on_day_month",
        "to_confirm", "appealed", "cancelled_month", "orders_overdue", "orders_replied_in_time_month",
        "orders_closed_month", "orders_unrectified_month", "voices_overdue", "voices_answered_in_time_month",
        "voices_answered_late_month", "voices_refused_month", "voices_extended_month", "ratings_contact_late",
        "ratings_rectify_late", "ratings_appeals", "ratings_suspicious", "ratings_excluded", "ratings_unrated",
        "callbacks_waiting", "callbacks_month", "callbacks_paid_month", "orders_due_month", "orders_due_kept_month",
    }, empty  # fmt: skip


def test_rates_name_their_numerator_and_denominator(swept):
    client = visitor(swept, "supervisor")
    found = {one["key"]: one for one in client.get(reverse("api_rates")).json()}
    assert list(found) == [one.key for one in (*RATES, *MEANS)]
    for one in RATES:
        for part in PARTS:
            assert len(pages_of(client, found[one.key][part]["rows"])) == found[one.key][part]["value"]
    used = found["used_mean"]
    rows = pages_of(client, used["numerator"]["rows"])
    assert sum(int(row["used"]) for row in rows) == used["numerator"]["value"]
    assert len(rows) == used["denominator"]["value"]
    speed = found["promise_speed"]
    assert sum(int(row["given"]) - int(row["used"]) for row in rows) == speed["numerator"]["value"]
    assert sum(int(row["given"]) for row in rows) == speed["denominator"]["value"]


def test_the_days_of_a_level_are_the_sum_of_the_column_of_its_rows(swept):
    client = visitor(swept, "supervisor")
    figures = figures_of(client)
    for line in client.get(reverse("supervision_statistics")).context["segments"]:
        key = line["visits"]["key"]
        rows = pages_of(client, figures[key]["rows"])
        assert sum(int(row["used"]) for row in rows) == line["used"]
        assert sum(int(row["lost"]) for row in rows) == line["lost"]


def test_a_day_of_the_flow_opens_the_cases_of_that_day(swept):
    client = visitor(swept, "supervisor")
    rows = pages_of(client, reverse("api_figure_rows", args=["received_30"]) + "?day=2026-03-02")
    assert len(rows) > 5
    assert client.get(reverse("api_figure_rows", args=["open"]), {"day": "2026-03-02"}).status_code == 422
    assert client.get(reverse("supervision_cases"), {"figure": "received_30", "day": "yesterday"}).status_code == 422


def test_a_scope_is_one_s_own(swept):
    for role in (*WATCHING, *WORKING):
        client = visitor(swept, role)
        may = {"watch"} if role in WATCHING else {"post", "own"}
        for name in ("api_figures", "supervision_statistics"):
            answers = {
                scope: client.get(reverse(name), {"scope": scope}).status_code for scope in ("watch", "post", "own")
            }
            assert answers == {scope: 200 if scope in may else 403 for scope in answers}, (role, name)
        assert client.get(reverse("api_figures"), {"scope": "county"}).status_code == 400
        assert client.get(reverse("supervision_statistics"), {"scope": "county"}).status_code == 422


def test_own_work_is_what_one_did_and_a_hall_is_what_it_took_in(swept):
    clerk0, clerk1 = visitor(swept, "clerk0"), visitor(swept, "clerk1")
    ids = {
        client: {row["id"] for row in pages_of(client, reverse("api_figure_rows", args=["open"]) + "?scope=post")}
        for client in (clerk0, clerk1)
    }
    assert ids[clerk0]
    assert not ids[clerk0] & ids[clerk1]
    bureau = visitor(swept, "bureau_examiner")
    own = pages_of(bureau, reverse("api_figure_rows", args=["open"]) + "?scope=own")
    post = pages_of(bureau, reverse("api_figure_rows", args=["open"]) + "?scope=post")
    assert 1 == len(own) < len(post)


@pytest.mark.parametrize("kind", ["catalogue_editor", "administrator"])
def test_a_person_without_scope_is_told_why_and_whom_to_ask(busy, kind):
    client = Client()
    client.force_login(person_in_post(kind, busy.hall))
    for page in ("supervision_statistics", "supervision_rows", "api_figures", "api_rates"):
        answer = client.get(reverse(page))
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "没有可以统计的范围" in text
        assert "系统管理员" in text


def test_the_page_costs_five_statements_beside_the_watch_and_a_narrowed_one_six(
    swept, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("config.context._rail", lambda *_asked: [])
    client = visitor(swept, "supervisor")
    login = ("django_session", "halls_user", "halls_post", "guardian_", "halls_delegation")
    for query, statements in (({}, 6), ({"hall": swept.townships[0].code}, 7)):
        client.get(reverse("supervision_statistics"), query)
        with django_assert_max_num_queries(40) as counted:
            client.get(reverse("supervision_statistics"), query)
        own = [q["sql"] for q in counted.captured_queries]
        own = [sql for sql in own if not any(table in sql.split("WHERE")[0] for table in login)]
        assert len(own) == statements, "\n".join(own)  # one of them is the watch


def test_a_list_of_rows_costs_at_most_four_statements_beside_the_watch(
    swept, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("config.context._rail", lambda *_asked: [])
    client = visitor(swept, "supervisor")
    login = ("django_session", "halls_user", "halls_post", "guardian_", "halls_delegation")
    for figure, statements in COSTS.items():
        client.get(reverse("supervision_rows"), {"figure": figure})
        with django_assert_max_num_queries(40) as counted:
            assert client.get(reverse("supervision_rows"), {"figure": figure}).status_code == 200
        own = [q["sql"] for q in counted.captured_queries]
        own = [sql for sql in own if not any(table in sql.split("WHERE")[0] for table in login)]
        assert len(own) <= statements, "\n".join((figure, *own))


def test_the_board_answers_304_until_something_changes(swept):
    client = visitor(swept, "supervisor")
    first = client.get(reverse("supervision_statistics"), headers={"X-Background": "1"})
    assert b"<html" not in first.content
    tag = first["ETag"]
    again = client.get(reverse("supervision_statistics"), headers={"X-Background": "1", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    at("2026-03-12 10:01")
    swept.accepted(swept.matter())
    changed = client.get(reverse("supervision_statistics"), headers={"X-Background": "1", "If-None-Match": tag})
    assert changed.status_code == 200


def test_a_dead_sweep_hides_what_sleeps_too_long(busy):
    page = visitor(busy, "supervisor").get(reverse("supervision_statistics"))
    tiles = {tile["label"]: tile["value"] for tile in page.context["now_tiles"]}
    assert tiles["绿灯"] == tiles["挂起"] == "—"
    assert all(tile["value"] == "—" for part in page.context["card_parts"] for tile in part["tiles"])
    assert "巡检从未运行过" in page.content.decode()


def test_another_page_of_rows_carries_scope_figure_and_narrowing(swept, monkeypatch):
    monkeypatch.setattr("supervision.views.figure_rows.PAGE", 2)
    client = visitor(swept, "supervisor")
    query = {"figure": "township", "scope": "watch", "hall": swept.hall.code}
    page = client.get(reverse("supervision_rows"), query)
    following = dict(parse_qsl(urlsplit(page.context["next_url"]).query))
    assert query.items() <= following.items()
    assert client.get(page.context["next_url"]).context["lines"] != page.context["lines"]
    assert drill.PAGE == 50
