"""The page of a hall's address, telephone and opening times, and everybody who reads what it publishes."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.models import Hall, HallOpening
from matters.forms.hall import MOST_ROWS
from matters.selectors.hall_shelf import hall_shelf
from tests.factories.halls import GAOQIAO, TAIHE
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = f"/halls/{TAIHE}/facts/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
WEEK = {"kind": "regular", "weekdays": ["1", "2", "3", "4", "5"], "opens": "09:00", "closes": "17:00"}
MARKET = {"kind": "market", "digits": "逢二、五、八", "opens": "08:00", "closes": "12:00"}
WEEK_TOLD = "周一、周二、周三、周四、周五 09:00-17:00 对外办公"
MARKET_TOLD = "逢二、五、八 08:00-12:00 赶场日开放"


@pytest.fixture(autouse=True)
def _today(travel: Any) -> None:
    travel("2026-03-02 10:00")


@pytest.fixture
def editor(seeded: Seed) -> Client:
    client = Client()
    client.force_login(seeded.user("township_catalogue"), backend=BACKEND)
    return client


def body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "address": "太和乡正街 12 号",
        "phone": "023-56560001",
        "since": "2026-03-02",
        "reason": "新大厅启用",
    }
    sent |= {"version": Hall.objects.get(code=TAIHE).version, "row_count": len(rows)}
    sent |= {f"row-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return sent | more


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_is_found_from_the_list_of_the_hall_by_whoever_keeps_it(seeded: Seed, editor: Client) -> None:
    for code in (TAIHE, GAOQIAO):
        assert reverse("hall_facts", args=[code]) in editor.get(f"/halls/{code}/matters/").content.decode()
    clerk = Client()
    clerk.force_login(seeded.user("village_clerk"), backend=BACKEND)
    assert "/facts/" not in clerk.get(f"/halls/{GAOQIAO}/matters/").content.decode()


def test_what_is_saved_stands_at_once_wherever_the_public_reads(editor: Client) -> None:
    guide = f"/guides/NY-003/?township={TAIHE}"
    assert "开放时间和电话未公布" in text(editor, guide)
    answer = editor.post(PAGE, body(WEEK, MARKET, {}), follow=True)
    assert "已公布" in answer.content.decode()
    anybody = Client()
    for url in (guide, f"/guides/?hall={TAIHE}", f"/halls/{TAIHE}/board/"):
        said = text(anybody, url)
        for words in (WEEK_TOLD, MARKET_TOLD, "023-56560001", "太和乡正街 12 号"):
            assert words in said, (url, words)
    assert "现在开着，到 12:00" in text(anybody, guide)
    assert 'href="tel:023-56560001"' in anybody.get(guide).content.decode()
    told = anybody.get(f"/api/v1/halls/{TAIHE}/").json()
    assert (told["address"], told["phone"], told["openings"]) == (
        "太和乡正街 12 号", "023-56560001", [WEEK_TOLD, MARKET_TOLD],
    )  # fmt: skip


def test_the_booklet_is_set_again(editor: Client) -> None:
    old = Client().get(f"/halls/{GAOQIAO}/booklet.pdf")
    sent = body(WEEK) | {"version": 1}
    assert editor.post(f"/halls/{GAOQIAO}/facts/", sent).status_code == 302
    new = Client().get(f"/halls/{GAOQIAO}/booklet.pdf")
    assert b"".join(old) != b"".join(new)
    shelf = hall_shelf(GAOQIAO)
    assert shelf is not None
    assert (shelf.openings, shelf.phone) == ((WEEK_TOLD,), "023-56560001")


def test_a_later_day_is_announced_to_the_editor_and_not_yet_to_the_public(editor: Client, travel: Any) -> None:
    editor.post(PAGE, body(WEEK))
    later = WEEK | {"opens": "08:30"}
    answer = editor.post(PAGE, body(later, since="2026-03-09"), follow=True)
    assert "开放时间自 2026年3月9日 起改" in answer.content.decode()
    page = text(editor, PAGE)
    assert page.index(WEEK_TOLD) < page.index("自 2026年3月9日 起") < page.index("08:30-17:00 对外办公")
    assert 'value="09:00"' in editor.get(PAGE).content.decode()
    assert 'value="08:30"' in editor.get(f"{PAGE}?since=2026-03-09").content.decode()
    guide = f"/guides/NY-003/?township={TAIHE}"
    assert (WEEK_TOLD in text(editor, guide), "08:30" in text(editor, guide)) == (True, False)
    travel("2026-03-09 08:45")
    assert (WEEK_TOLD in text(editor, guide), "08:30-17:00" in text(editor, guide)) == (False, True)
    assert "现在开着，到 17:00" in text(editor, guide)


def test_what_is_overtaken_is_told(editor: Client) -> None:
    editor.post(PAGE, body(WEEK))
    editor.post(PAGE, body(MARKET, since="2026-03-09"))
    answer = editor.post(PAGE, body(WEEK | {"closes": "16:00"}), follow=True)
    assert "先前公布的自 2026年3月9日 起的开放时间不再施行" in answer.content.decode()


def test_a_row_is_struck_out_or_emptied_and_the_record_tells_who_and_why(seeded: Seed, editor: Client) -> None:
    editor.post(PAGE, body(WEEK, MARKET))
    struck = WEEK | {"drop": "on", "opens": "x", "digits": "22"}  # whatever else stands in it
    assert editor.post(PAGE, body(struck, MARKET, reason="只在赶场日开")).status_code == 302
    assert text(editor, PAGE).count("周一、周二") == 0
    assert [line.digits for line in HallOpening.objects.all()] == ["258"]
    page = text(editor, PAGE)
    assert f"{seeded.user('township_catalogue').full_name} ： 只在赶场日开" in page or (
        f"{seeded.user('township_catalogue').full_name}：只在赶场日开" in page
    )
    assert editor.post(PAGE, body({}, {}, reason="停用")).status_code == 302
    assert not HallOpening.objects.exists()


@pytest.mark.parametrize(
    ("rows", "more", "where", "words"),
    [
        ([WEEK | {"opens": "17:00", "closes": "09:00"}], {}, "id_row-0-closes", "关门不晚于开门"),
        ([WEEK | {"opens": ""}], {}, "id_row-0-opens", "请填几点开门"),
        ([WEEK | {"opens": "25:00"}], {}, "id_row-0-opens", "请写成 09:00"),
        ([{"opens": "09:00", "closes": "12:00"}], {}, "id_row-0-weekdays_0", "请选星期几，或填逢几"),
        ([WEEK, WEEK | {"opens": "16:00", "closes": "18:00"}], {}, "id_row-1-opens", "09:00-17:00 和 16:00-18:00 重叠"),
        ([MARKET | {"digits": "2、2"}], {}, "id_row-0-digits", "2 写了两遍"),
        ([MARKET | {"digits": "a"}], {}, "id_row-0-digits", "0 到 9"),
        ([MARKET | {"digits": "10"}], {}, "id_row-0-digits", "看不出是哪几天"),
        ([MARKET | {"digits": "2\x00"}], {}, "id_row-0-digits", "看不见的控制字符"),
        ([WEEK | {"weekdays": ["9"]}], {}, "id_row-0-weekdays_0", "没有“9”这个选项"),
        ([WEEK | {"kind": "x"}], {}, "id_row-0-kind", "没有“x”这个选项"),
        ([WEEK], {"phone": "找小王"}, "id_phone", "请填一个号码"),
        ([WEEK], {"address": "正街\x07"}, "id_address", "看不见的字符"),
        ([WEEK], {"since": "2026-03-01"}, "id_since", "请填 2026-03-02 或以后的日期"),
        ([WEEK], {"since": "昨天"}, "id_since", "2026-03-02 这样的日期"),
        ([WEEK], {"since": ""}, "id_since", "起用日期最早是今天"),
        ([WEEK], {"since": "2026-03-09"}, "id_since", "到那天再改地址和电话"),
        ([WEEK], {"reason": ""}, "id_reason", "请写明理由"),
        ([WEEK], {"row_count": "1000"}, "", "不完整或已经过期"),
        ([WEEK], {"row_count": "x"}, "", "不完整或已经过期"),
        ([WEEK], {"version": ""}, "", "不完整或已经过期"),
    ],
)
def test_a_fault_is_told_on_top_with_a_link_and_what_was_typed_stays(
    editor: Client, rows: list[dict[str, Any]], more: dict[str, Any], where: str, words: str
) -> None:
    answer = editor.post(PAGE, body(*rows, **more))
    html = answer.content.decode()
    assert answer.status_code == 422
    summary = html[html.index("error-summary") : html.index('id="now"')]
    assert words in summary
    assert summary.count("<li>") == 1
    if where:
        assert f'href="#{where}"' in summary
        assert f'id="{where}"' in html
    assert html.startswith("<!doctype html>")
    assert "<title>错误：" in html
    if more.get("reason", True) and not {"row_count", "version"} & {*more}:
        assert 'value="新大厅启用"' in html
    assert not HallOpening.objects.exists()


def test_everything_that_is_wrong_is_told_at_once(editor: Client) -> None:
    rows = (WEEK, WEEK | {"opens": "16:00", "closes": "18:00"}, MARKET | {"digits": "22"}, WEEK | {"opens": "x"})
    answer = editor.post(PAGE, body(*rows, phone="x", since="2026-02-30", reason="", address="\x07"))
    html = answer.content.decode()
    places = re.findall(r'href="#([\w-]+)"', html[html.index("error-summary") : html.index('id="now"')])
    assert sorted(places) == [
        "id_address", "id_phone", "id_reason", "id_row-1-opens", "id_row-2-digits", "id_row-3-opens", "id_since",
    ]  # fmt: skip


def test_too_many_lines_are_told(editor: Client) -> None:
    rows = [
        WEEK | {"opens": f"{n // 60:02d}:{n % 60:02d}", "closes": f"{n // 60:02d}:{n % 60 + 1:02d}"} for n in range(13)
    ]
    answer = editor.post(PAGE, body(*rows))
    assert answer.status_code == 422
    assert "最多 60 条，现在有 65 条" in answer.content.decode()
    assert editor.post(PAGE, body(*rows[:12])).status_code == 302
    assert len(rows) < MOST_ROWS


def test_an_older_page_is_told(editor: Client) -> None:
    old = body(WEEK)
    assert editor.post(PAGE, body(MARKET)).status_code == 302
    assert editor.post(PAGE, old).status_code == 409
    assert [line.digits for line in HallOpening.objects.all()] == ["258"]


@pytest.mark.parametrize("since", ["x", "2026-13-40", "0001-01-01", "9999-12-31", "\x00", "2026-02-30"])
def test_a_day_that_is_none_in_the_address_is_today_or_as_far_as_it_goes(editor: Client, since: str) -> None:
    answer = editor.get(PAGE, {"since": since})
    assert answer.status_code == 200
    assert re.search(r'name="since" value="(2026-03-02|9999-12-31)"', answer.content.decode())


@pytest.mark.parametrize("code", ["999999", "%00", "x" * 60])
def test_what_is_not_there(editor: Client, code: str) -> None:
    assert editor.get(f"/halls/{code}/facts/").status_code == 404


def test_the_page_costs_the_same_however_many_lines(editor: Client) -> None:
    def cost() -> int:
        editor.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            editor.get(PAGE)
        return len(queries)

    before = cost()
    editor.post(PAGE, body(WEEK, MARKET))
    assert cost() == before <= 10


def test_the_rows_show_what_is_stored_and_room_for_more(editor: Client) -> None:
    editor.post(PAGE, body(MARKET, WEEK))
    html = editor.get(PAGE).content.decode()
    rows = html.split('class="edit-row hours-row"')[1:]
    assert len(rows) == 5
    assert rows[0].count(" checked") == 5
    assert 'value="2、5、8"' in rows[1]
    assert all("checked" not in row for row in rows[1:])
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'for="([^"]+)"', html))
    assert {name for name in ids if re.fullmatch(r"id_row-\d-\w+", name) and "weekdays" not in name} <= labelled


def test_saving_the_page_as_it_is_changes_nothing(editor: Client) -> None:
    editor.post(PAGE, body(WEEK, MARKET))
    before = list(HallOpening.objects.order_by("pk").values())
    answer = editor.post(PAGE, body(MARKET | {"digits": "2、5、8"}, WEEK))
    assert answer.status_code == 422
    assert "没有什么要改" in answer.content.decode()
    assert list(HallOpening.objects.order_by("pk").values()) == before


def test_the_day_before_stays_published_as_it_was(editor: Client, travel: Any) -> None:
    editor.post(PAGE, body(WEEK))
    travel("2026-03-04 10:00")
    editor.post(PAGE, body(WEEK | {"closes": "15:00"}, since="2026-03-04"))
    spans = set(HallOpening.objects.values_list("closes", "starts_on", "ends_on"))
    assert spans == {
        (time(17), date(2026, 3, 2), date(2026, 3, 3)),
        (time(15), date(2026, 3, 4), None),
    }
