"""The pages of supervision: who may see them, what they say when nobody watches, what they cost."""

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.worktime import SHANGHAI
from halls.models import User
from matters.models import Matter
from supervision.actions.sweep import sweep
from supervision.banners import banners_for
from supervision.figures import CARD_FIGURES, FIGURES, MONTH_TILES, TILES, Present
from supervision.models import SweepRun
from supervision.selectors import dashboard, drill, heartbeat, read_watch
from supervision.views.export import guarded
from tests.factories.calendar import publish_2027
from tests.supervision.county import at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = ("supervision", "supervision_board", "supervision_cases", "supervision_warnings", "supervision_runs")


@pytest.fixture
def watching(busy):
    """The busy county after a sweep, and a logged-in county supervisor."""
    sweep()
    return visitor(busy, "supervisor")


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def own(queries):
    """The statements of the page itself, without the five that read who asks."""
    login = ("django_session", "halls_user", "halls_post", "guardian_", "halls_delegation")
    return [query["sql"] for query in queries if not any(table in query["sql"].split("WHERE")[0] for table in login)]


def kill_the_watch():
    moment = datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI)
    SweepRun.objects.update(started_at=moment, finished_at=moment)


# --- who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_without_a_login_one_is_asked_to_log_in(busy, page):
    answer = Client().get(reverse(page))
    assert answer.status_code == 302
    assert reverse("login") in answer["Location"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["window0", "clerk1", "bureau_approver"])
def test_a_person_without_scope_gets_an_explanation(busy, page, role):
    answer = visitor(busy, role).get(reverse(page))
    assert answer.status_code == 403
    assert "没有监察职责" in text_of(answer)
    assert "系统管理员" in text_of(answer)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["supervisor", "director0", "bureau_director"])
def test_a_supervisor_sees_every_page(busy, page, role):
    sweep()
    assert visitor(busy, role).get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_pages_only_read(watching, page):
    assert watching.post(reverse(page)).status_code == 405


# --- the dashboard --------------------------------------------------------------------------------------------------


def test_every_figure_is_printed_with_its_definition_and_opens_its_rows(busy, watching):
    page = watching.get(reverse("supervision"))
    text = page.content.decode()
    actor = acting_user(User.objects.get(pk=busy.people["supervisor"].pk))
    present = Present.at(datetime(2026, 3, 12, 10, tzinfo=SHANGHAI))
    counts = dashboard.counts(actor, present) | dashboard.card_counts(actor, present)
    for key in (*TILES, *MONTH_TILES, *CARD_FIGURES):
        figure = (FIGURES | CARD_FIGURES)[key]
        name = "supervision_warnings" if key in CARD_FIGURES else "supervision_cases"
        url = f"{reverse(name)}?figure={key}"
        assert f'href="{url}"' in text, key
        assert str(figure.definition) in text, key
        rows = watching.get(url)
        assert f"共 {counts[key]} 条" in text_of(rows), key
        assert len(rows.context["rows"]) == counts[key], key


def test_every_cell_of_the_tables_is_a_link_to_as_many_rows(watching):
    page = watching.get(reverse("supervision"), {"all": "matter"})
    cells = [cell for table in page.context["tables"] for line in table["lines"] for cell in line["cells"]]
    assert len(cells) > 60
    for cell in cells:
        assert len(watching.get(cell["url"]).context["rows"]) == cell["value"]


@pytest.mark.parametrize("key", ["place", "organ", "matter"])
@pytest.mark.parametrize("column", ["name", "open", "red", "yellow", "green", "paused", "none"])
def test_tables_are_sorted_by_the_address(watching, key, column):
    def values(order):
        tables = watching.get(reverse("supervision"), {f"sort_{key}": order}).context["tables"]
        table = next(table for table in tables if table["key"] == key)
        heading = next(heading for heading in table["columns"] if heading["name"] == column)
        assert heading["sort"] == ("ascending" if order.endswith(".up") else "descending")
        place = ("open", "red", "yellow", "green", "paused", "none").index(column) if column != "name" else None
        return [line["name"] if place is None else line["cells"][place]["value"] for line in table["lines"]]

    assert values(column) == sorted(values(column), reverse=True)
    assert values(f"{column}.up") == sorted(values(f"{column}.up"))


def test_an_unknown_order_is_the_usual_one(watching):
    usual = watching.get(reverse("supervision")).context["tables"]
    assert (
        watching.get(reverse("supervision"), {"sort_place": "'; --"}).context["tables"][0]["lines"] == usual[0]["lines"]
    )


def test_the_late_list_begins_with_the_longest_delay(watching):
    rows = watching.get(reverse("supervision")).context["late_rows"]
    assert rows == sorted(rows, key=lambda row: row["due"])
    assert all(row["light_kind"] == "red" for row in rows)
    assert all("/clocks/" in row["due_url"] for row in rows)


def test_the_rate_is_rounded_down_and_says_of_what(watching):
    tile = watching.get(reverse("supervision")).context["month_tiles"][0]
    assert (tile["value"], tile["note"]) == ("50", "按时 2 ÷ 办结 4")


def test_a_month_without_conclusions_has_no_rate(county):
    sweep()
    tile = visitor(county, "supervisor").get(reverse("supervision")).context["month_tiles"][0]
    assert (tile["value"], tile["note"]) == ("—", "本月还没有办结的办件")


# --- live refresh ---------------------------------------------------------------------------------------------------


def test_the_board_answers_304_until_something_changes(busy, watching):
    first = watching.get(reverse("supervision_board"))
    assert first["Cache-Control"] == "private, no-cache"
    assert b"<html" not in first.content
    again = watching.get(reverse("supervision_board"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    at("2026-03-12 10:01")
    busy.accepted(busy.matter())
    changed = watching.get(reverse("supervision_board"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_page_polls_the_board_with_its_own_order(watching):
    text = watching.get(reverse("supervision"), {"sort_place": "open"}).content.decode()
    assert f'data-poll-url="{reverse("supervision_board")}?sort_place=open"' in text


# --- nobody watches -------------------------------------------------------------------------------------------------


def test_a_dead_sweep_is_shouted_and_no_green_number_is_shown(watching):
    kill_the_watch()
    page = watching.get(reverse("supervision"))
    assert "巡检已停 60 分钟" in text_of(page)
    assert text_of(page).count("巡检已停") == 1
    assert all(tile["value"] == "—" for tile in page.context["card_tiles"])
    for table in page.context["tables"]:
        for line in table["lines"]:
            assert [cell["value"] for cell in line["cells"] if cell["key"] == "green"] == [None]
    assert "巡检已停" in text_of(watching.get(reverse("supervision_cases")))
    assert "巡检已停" in text_of(watching.get(reverse("supervision_board")))


def test_nine_minutes_are_alive_eleven_are_dead(watching):
    for minutes, alive in ((9, True), (10, True), (11, False)):
        at("2026-03-12 10:00")
        now = heartbeat().at
        SweepRun.objects.update(finished_at=now - timedelta(minutes=minutes))
        assert heartbeat().is_alive is alive
        assert heartbeat().minutes == minutes
        answer = Client().get(reverse("healthz_sweep"))
        assert answer.status_code == (200 if alive else 503)
        assert answer.json()["status"] == ("ok" if alive else "dead")


def test_a_watch_that_never_ran_or_only_broke_off_is_dead(busy):
    assert not heartbeat().is_alive
    assert heartbeat().minutes is None
    SweepRun.objects.create(started_at=datetime(2026, 3, 12, 9, 59, tzinfo=SHANGHAI))
    assert Client().get(reverse("healthz_sweep")).status_code == 503
    assert "巡检从未运行过" in text_of(visitor(busy, "supervisor").get(reverse("supervision")))


def test_a_run_that_ended_in_the_future_proves_nothing(busy):
    SweepRun.objects.create(
        started_at=datetime(2026, 3, 13, 9, 0, tzinfo=SHANGHAI),
        finished_at=datetime(2026, 3, 13, 9, 0, tzinfo=SHANGHAI),
    )
    assert not heartbeat().is_alive


def test_cases_that_could_not_be_resumed_are_told(watching):
    SweepRun.objects.update(failed=3)
    assert "3 件未能办理" in text_of(watching.get(reverse("supervision")))


# --- banners --------------------------------------------------------------------------------------------------------


def banners(user):
    request = RequestFactory().get("/")
    request.user = user
    return {banner["kind"]: banner["text"] for banner in banners_for(request)}


def test_the_calendar_is_asked_for_from_november_on(busy):
    user = busy.people["clerk0"]
    sweep()
    assert "warning" not in banners(user)
    at("2026-10-31 23:59")
    assert read_watch().missing_years == ()
    at("2026-11-01 00:00")
    assert read_watch().missing_years == (2027,)
    assert banners(user)["warning"] == "2027 年放假安排未发布：跨年的到期日为暂算，春节、清明、端午、中秋还没有扣除。"
    publish_2027()
    assert read_watch().missing_years == ()
    at("2028-01-02 00:00")
    assert read_watch().missing_years == (2028,)
    assert "不能受理" in banners(user)["warning"]


def test_the_public_is_told_of_samples_only(busy, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert set(banners(AnonymousUser())) == {"demo"}


def test_people_at_work_pay_one_statement_for_the_banners(busy, django_assert_num_queries):
    supervisor = busy.people["supervisor"]
    acting_user(supervisor)
    with django_assert_num_queries(1):
        assert set(banners(supervisor)) == {"danger", "warning", "demo"}


def test_a_clerk_is_not_told_of_what_a_clerk_cannot_mend(busy):
    assert set(banners(busy.people["clerk0"])) == {"demo"}


def test_samples_are_marked_only_where_they_are(busy, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", False)
    assert "demo" not in banners(busy.people["clerk0"])


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("supervision_cases", {"figure": "nonsense"}),
        ("supervision_warnings", {"figure": "open"}),
        ("supervision_cases", {"hall": "nowhere"}),
        ("supervision_cases", {"matter": "x' OR 1=1 --"}),
        ("supervision_warnings", {"department": "\0"}),
    ],
)
def test_an_address_that_nobody_printed_is_refused_or_ignored(watching, page, query):
    answer = watching.get(reverse(page), query)
    assert answer.status_code == (200 if query == {"department": "\0"} else 422)


def test_a_director_who_names_another_township_sees_nothing_of_it(busy):
    sweep()
    client = visitor(busy, "director0")
    for page in ("supervision_cases", "supervision_warnings"):
        answer = client.get(reverse(page), {"hall": busy.townships[1].code})
        assert answer.context["rows"] == []


def test_warnings_link_case_and_statement_and_say_against_whom(busy, watching):
    rows = watching.get(reverse("supervision_warnings")).context["rows"]
    assert len(rows) > 6
    for row in rows:
        assert row["url"].startswith("/cases/")
        assert "/clocks/" in row["statement_url"]
        assert row["organ"]
    statement = watching.get(rows[0]["statement_url"])
    assert statement.status_code == 200
    assert "时限说明单" in text_of(statement)


def test_another_page_carries_the_narrowing(watching, monkeypatch):
    monkeypatch.setattr(drill, "PAGE", 2)
    page = watching.get(reverse("supervision_cases"), {"figure": "open"})
    following = watching.get(page.context["next_url"])
    assert {row["id"] for row in page.context["rows"]}.isdisjoint(row["id"] for row in following.context["rows"])
    assert "figure=open" in following.context["first_url"]


def test_the_file_has_the_rows_the_definition_and_no_formula(busy, watching):
    busy_cases = watching.get(reverse("supervision_cases"), {"figure": "open"})
    answer = watching.get(reverse("supervision_cases"), {"figure": "open", "format": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][3] == str(FIGURES["open"].definition)
    assert len(lines) - 4 == len(busy_cases.context["rows"])
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1"])
def test_a_cell_that_a_spreadsheet_would_execute_is_quoted(cell):
    assert guarded(cell) == f"'{cell}"


# --- cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "query", "statements"),
    [
        ("supervision", {}, 8),  # watch, moment, figures, cards, what waits, tables, places, late cases
        ("supervision_board", {}, 8),
        ("supervision_cases", {"figure": "red"}, 3),  # moment, rows, watch (for the banners)
        ("supervision_cases", {"figure": "red", "department": "none"}, 3),
        ("supervision_cases", {"figure": "open", "hall": True, "matter": True}, 4),  # and the names of the narrowings
        ("supervision_warnings", {}, 4),  # watch, rows, their reviews, organs
        ("supervision_warnings", {"figure": "red_cards_month", "hall": True}, 5),
    ],
)
def test_a_page_costs_exactly_so_many_statements(
    busy, watching, page, query, statements, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("config.context._rail", lambda *_asked: [])  # the main menu counts its own piles
    query = dict(query)
    if "hall" in query:
        query["hall"] = busy.townships[0].code
    if "matter" in query:
        query["matter"] = Matter.objects.all()[0].code
    watching.get(reverse(page), query)  # the calendar is in memory now
    with django_assert_max_num_queries(40) as counted:
        assert watching.get(reverse(page), query).status_code == 200
    spent = own(counted.captured_queries)
    assert len(spent) == statements, "\n".join(spent)
