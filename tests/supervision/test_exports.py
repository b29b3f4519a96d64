"""Every list as a file: the rows of its page for whoever reads it, no more of them, and at a constant cost."""

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from halls.models import User
from supervision.actions.draw_callbacks import draw_callbacks
from supervision.actions.open_accounts import open_accounts
from supervision.actions.record_call import Answers, record_call
from supervision.actions.release_summary import release_summary
from supervision.actions.sweep import sweep
from supervision.domain.voices import Kind
from supervision.models import Callback
from tests.supervision.bulletins import streamed
from tests.supervision.county import at
from tests.supervision.ordering import issue, reply
from tests.supervision.rating import bad, ended, ended_at_the_township, given_by, verified
from tests.supervision.voices import NAME, PHONE, WORDS, accepted, lodged

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Each list with what makes it longest, and the word that tells its lines apart.
LISTS = [
    ("supervision_cases", {"figure": "open"}, "办件编号"),
    ("supervision_warnings", {}, "办件编号"),
    ("supervision_warnings", {"figure": "issued_month"}, "办件编号"),
    ("supervision_cards_own", {}, "办件编号"),
    ("orders", {"box": "all"}, "文号"),
    ("orders", {"box": "reply"}, "文号"),
    ("voice_list", {"tab": "mine"}, "编号"),
    ("voice_list", {"tab": "all"}, "编号"),
    ("voice_list", {"tab": "asked"}, "编号"),
    ("ratings", {"tab": "all"}, "满意程度"),
    ("ratings", {"tab": "open"}, "满意程度"),
    ("callbacks", {}, "办件编号"),
    ("defaults_accountability", {}, "办件编号"),
]
READERS = ("supervisor", "director0", "director1", "approver0", "window0", "clerk0")


@pytest.fixture
def full(county):
    """A county in which every list has lines: cards, records, orders, complaints and inquiries, ratings, call-backs."""
    verified(county, bad(county))
    given_by(ended(county, 1), level=5, details=[])
    given_by(ended_at_the_township(county), level=2, details=["209"], text='=HYPERLINK("http://x")')
    for place in (0, 1):
        county.accepted(county.matter(promised=2), place)
    released = accepted(county, county.townships[0])
    release_summary(released.number, actor=county.actor("supervisor"), summary="有群众反映窗口上午没有人，请说明。")
    lodged(county.villages[0], name="=1+1")
    lodged(county.villages[1], Kind.INQUIRY)
    reply(county, issue(county))
    issue(county, county.townships[1], title="=cmd|' /C calc'!A0")
    at("2026-03-09 09:00")
    draw_callbacks()
    at("2026-03-20 09:00")
    sweep()
    open_accounts()
    one = Callback.objects.order_by("pk")[0]
    said = Answers(was_served=True, has_papers=True, has_paid=False, note="@收到了")
    record_call(one.pk, actor=county.actor("supervisor"), is_reached=True, answers=said)
    return county


def visitor(county, who):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[who].pk))
    return client


def as_csv(answer):
    """Title lines, headings and rows of the file."""
    assert answer.status_code == 200
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    return lines[:3], lines[3], lines[4:]


def as_excel(answer):
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(streamed(answer)))
    heads, *rows = ([cell or "" for cell in row] for row in book["清单"].values)
    return list(book["说明"].values), heads, rows


def every_row(client, name, query):
    """The rows of all pages of a list."""
    page = client.get(reverse(name), query)
    found = list(page.context["rows"])
    while page.context["next_url"]:
        page = client.get(page.context["next_url"])
        found += page.context["rows"]
    return found


def told_by(row, key):
    return str({"满意程度": row.get("level"), "文号": row.get("number")}.get(key, row.get("number")))


@pytest.mark.parametrize("who", READERS)
def test_a_file_has_the_rows_of_all_pages_in_their_order_and_nobody_elses(full, who, monkeypatch):
    monkeypatch.setattr("supervision.selectors.drill.PAGE", 2)
    monkeypatch.setattr("supervision.views.voice_lists.SHOWN", 1)
    monkeypatch.setattr("supervision.views.ratings.PAGE", 2)
    client, compared = visitor(full, who), 0
    for name, query, key in LISTS:
        page = client.get(reverse(name), query)
        files = {form: client.get(reverse(name), {**query, "format": form}) for form in ("csv", "xlsx")}
        assert {answer.status_code for answer in files.values()} == {page.status_code}, name
        if page.status_code != 200:
            assert page.status_code == 403
            continue
        rows = [told_by(row, key) for row in every_row(client, name, query)]
        about, heads, lines = as_csv(files["csv"])
        assert [line[heads.index(key)] for line in lines] == rows, name
        assert about[0][3] == page.context["page_lead"]
        _about, same_heads, same = as_excel(files["xlsx"])
        assert same_heads == heads
        assert [[cell.removeprefix("'") for cell in line] for line in lines] == same
        assert [one["url"] for one in page.context["exports"]] == (
            [f"{reverse(name)}?{asked}" for asked in _addresses(query)] if page.context["rows"] else []
        ) or name == "supervision_cases"
        compared += len(rows)
    assert compared > 1, "the test has teeth"


def _addresses(query):
    given = "".join(f"{key}={value}&" for key, value in query.items())
    return [f"{given}format={form}" for form in ("xlsx", "csv")]


@pytest.mark.parametrize("who", ["supervisor", "director0", "approver0", "clerk0"])
def test_the_rows_behind_a_figure_are_exported_as_they_are_listed(full, who):
    client, scope = visitor(full, who), "watch" if who in ("supervisor", "director0") else "post"
    compared = 0
    for figure in ("issued_month", "orders_open", "voices_open", "rated_month", "ratings_bad_open", "promised"):
        page = client.get(reverse("supervision_rows"), {"figure": figure, "scope": scope})
        if page.status_code != 200:
            assert page.status_code in (404, 422)
            continue
        answer = client.get(reverse("supervision_rows"), {"figure": figure, "scope": scope, "format": "csv"})
        _about, heads, lines = as_csv(answer)
        assert heads == [str(one) for one in page.context["columns"]]
        shown = [[str(cell.text) for _head, cell in line] for line in page.context["lines"]]
        assert [[cell.removeprefix("'") for cell in line] for line in lines] == shown
        compared += len(lines)
    assert compared


def test_what_a_hall_is_not_told_on_the_page_it_is_not_told_in_the_file(full):
    """Neither which case was rated, nor the hour and the way; of a complaint neither who, nor when, nor its number."""
    clerk, window = visitor(full, "clerk0"), visitor(full, "window0")
    for client, name, query in (
        (clerk, "ratings", {"tab": "all"}),
        (window, "voice_list", {"tab": "asked"}),
        (window, "voice_list", {"tab": "all"}),
        (visitor(full, "director0"), "ratings", {"tab": "all"}),
    ):
        page = unescape(re.sub(r"<[^>]+>", " ", client.get(reverse(name), query).content.decode()))
        _about, heads, lines = as_csv(client.get(reverse(name), {**query, "format": "csv"}))
        for line in lines:
            for head, cell in zip(heads, line, strict=True):
                for word in re.findall(r"\d{2}:\d{2}", cell):
                    assert word in page, (name, head)
        text = str(lines)
        for secret in (NAME, PHONE, WORDS, "王*", "TS-", "13800138000"):
            assert secret not in text
    _about, heads, lines = as_csv(clerk.get(reverse("ratings"), {"tab": "all", "format": "csv"}))
    assert lines
    for line in lines:
        told = dict(zip(heads, line, strict=True))
        assert re.fullmatch(r"2026-03-\d\d", told["评价时间"])
        assert (told["事项"], told["评价渠道"]) == ("", "")
    _about, heads, lines = as_csv(window.get(reverse("voice_list"), {"tab": "asked", "format": "csv"}))
    [told] = [dict(zip(heads, line, strict=True)) for line in lines]
    assert (told["编号"][:2], told["事项"], told["提出"]) == ("SM", "", "")
    above = as_csv(visitor(full, "supervisor").get(reverse("ratings"), {"tab": "all", "format": "csv"}))
    assert any(":" in line[above[1].index("评价时间")] for line in above[2])  # the test has teeth


def test_nothing_that_somebody_typed_becomes_a_formula(full):
    client = visitor(full, "supervisor")
    for name, query, _key in LISTS:
        answer = client.get(reverse(name), {**query, "format": "csv"})
        _about, _heads, lines = as_csv(answer)
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))], name
        book = load_workbook(io.BytesIO(streamed(client.get(reverse(name), {**query, "format": "xlsx"}))))
        cells = [cell for row in book["清单"].iter_rows() for cell in row if cell.value]
        assert {cell.data_type for cell in cells} <= {"s"}, name
    orders = str(as_csv(client.get(reverse("orders"), {"box": "all", "format": "csv"})))
    assert "'=cmd" in orders  # the test has teeth


def test_a_file_is_for_its_reader_alone_and_another_form_is_the_page(full):
    client = visitor(full, "supervisor")
    for form in ("csv", "xlsx"):
        answer = client.get(reverse("orders"), {"box": "all", "format": form})
        assert answer["Cache-Control"] == "private, no-store"
        name = quote(f"督办单-全部-20260320-0900.{form}")  # the list by its own name (RFC 6266)
        assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert client.get(reverse("orders"), {"format": "pdf"}).context["rows"]


def test_an_excel_file_is_read_without_dragging_its_columns(full):
    answer = visitor(full, "supervisor").get(reverse("orders"), {"box": "all", "format": "xlsx"})
    book = load_workbook(io.BytesIO(streamed(answer)))
    widths = [book["清单"].column_dimensions[chr(65 + place)].width for place in range(book["清单"].max_column)]
    assert min(widths) >= 8
    assert max(widths) <= 48
    assert len(set(widths)) > 2, "each by what stands in it"
    lines = list(book["说明"].values)
    assert lines[0] == ("项目", "内容")
    assert [line[0] for line in lines[1:]] == ["数字", "定义", "范围", "时间", "最多"]
    assert {len(line) for line in lines} == {2}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_many_rows_cost_no_more_statements_than_few(full, form):
    client = visitor(full, "supervisor")

    def statements(name, query):
        client.get(reverse(name), {**query, "format": form})
        with CaptureQueriesContext(connection) as caught:
            streamed(client.get(reverse(name), {**query, "format": form}))
        return len(caught)

    few = [statements(name, query) for name, query, _key in LISTS]
    at("2026-03-23 10:00")
    for place in (0, 1):
        given_by(ended(full, place), level=1)
        county_case = full.accepted(full.matter(promised=1), place)
        lodged(full.villages[place])
        lodged(full.villages[place], Kind.INQUIRY)
        issue(full, case=county_case.number)
    at("2026-04-07 09:00")
    sweep()
    open_accounts()
    draw_callbacks()
    assert [statements(name, query) for name, query, _key in LISTS] == few
