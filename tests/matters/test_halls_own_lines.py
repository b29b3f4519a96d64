"""What a hall says of a matter itself reaches everybody who reads, and so does a pause: of one hall, or of all."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.models import Hall
from matters.models import HallMatter, Matter
from matters.selectors import guide_paper
from matters.selectors.hall_shelf import guides_of_hall, hall_shelf
from tests.factories.halls import GAOQIAO, TAIHE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
CODE = "NY-003"
DAY = date(2026, 3, 11)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return plain(response.content.decode())


def says(hall: str, **elements: Any) -> HallMatter:
    return HallMatter.objects.create(hall=Hall.objects.get(code=hall), matter=Matter.objects.get(code=CODE), **elements)


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@pytest.fixture
def _village_says() -> HallMatter:
    return says(GAOQIAO, window="2 号综合窗口", place="村委会一楼", hours="逢二五八 09:00-12:00", phone="023-56551234")


@pytest.mark.usefixtures("_village_says")
@pytest.mark.parametrize(
    "url",
    [
        f"/guides/{CODE}/?township={TAIHE}&village={GAOQIAO}",
        f"/guides/{CODE}/?hall={GAOQIAO}",
        f"/guides/?hall={GAOQIAO}&q=zjd",
        f"/halls/{GAOQIAO}/board/",
    ],
)
def test_window_place_hours_and_phone_stand_on_every_public_page(client: Client, url: str) -> None:
    said = text(client, url)
    for words in ("2 号综合窗口", "村委会一楼", "逢二五八 09:00-12:00", "023-56551234"):
        assert words in said


@pytest.mark.usefixtures("_village_says")
def test_a_hall_that_was_not_chosen_says_nothing(client: Client) -> None:
    assert "2 号综合窗口" not in text(client, f"/guides/{CODE}/?township={TAIHE}")
    assert "2 号综合窗口" not in text(client, f"/guides/{CODE}/")


def test_an_element_that_the_hall_leaves_empty_is_the_base(client: Client) -> None:
    Hall.objects.filter(code=GAOQIAO).update(phone="023-11112222")
    says(GAOQIAO, window="9 号窗口")
    said = text(client, f"/guides/{CODE}/?hall={GAOQIAO}")
    assert "9 号窗口" in said
    assert "023-11112222" in said


@pytest.mark.usefixtures("_village_says")
def test_the_booklet_prints_them() -> None:
    shelf = hall_shelf(GAOQIAO)
    assert shelf is not None
    guide = next(one for one in guides_of_hall(shelf) if one.code == CODE)
    answers = dict(guide_paper.answers(guide))
    assert answers["去哪儿"].startswith("本厅：村委会一楼，2 号综合窗口")
    assert answers["办理时间"] == "逢二五八 09:00-12:00"
    assert answers["咨询方式"] == "023-56551234"


@pytest.mark.parametrize(
    "url", [f"/guides/{CODE}/?hall={GAOQIAO}", f"/guides/?hall={GAOQIAO}", f"/halls/{GAOQIAO}/board/"]
)
def test_what_many_matters_say_costs_no_further_query(client: Client, url: str) -> None:
    few = queries_of(client, url)
    hall = Hall.objects.get(code=GAOQIAO)
    HallMatter.objects.bulk_create(
        HallMatter(hall=hall, matter=matter, window="1 号", paused_on=DAY, paused_reason="停电")
        for matter in Matter.objects.open_to_public().accepted_at("village")
    )
    assert queries_of(client, url) == few


REASON = "窗口改造，4 月 1 日恢复"


@pytest.mark.parametrize(
    "url",
    [
        f"/guides/{CODE}/?hall={GAOQIAO}",
        f"/guides/?hall={GAOQIAO}&q=zjd",
        f"/halls/{GAOQIAO}/board/",
    ],
)
def test_a_pause_of_the_hall_is_told_with_its_reason_and_where_to_go(client: Client, url: str) -> None:
    says(GAOQIAO, paused_on=DAY, paused_reason=REASON)
    said = text(client, url)
    assert "暂停" in said
    assert REASON in said
    township = Hall.objects.get(code=TAIHE)
    assert f"可以到{township.name}办" in said


def test_nobody_is_sent_to_a_hall_that_pauses_as_well(client: Client) -> None:
    says(GAOQIAO, paused_on=DAY, paused_reason=REASON)
    says(TAIHE, paused_on=DAY, paused_reason="搬迁")
    assert f"可以到{Hall.objects.get(code=TAIHE).name}办" not in text(client, f"/halls/{GAOQIAO}/board/")
    assert f"可以到{Hall.objects.get(code=TAIHE).name}办" not in text(client, f"/guides/{CODE}/?hall={GAOQIAO}")


def test_the_guide_tells_which_halls_pause_before_one_chooses(client: Client) -> None:
    says(GAOQIAO, paused_on=DAY, paused_reason=REASON)
    said = text(client, f"/guides/{CODE}/")
    assert "暂停办理这个事项的大厅：1 个" in said
    assert Hall.objects.get(code=GAOQIAO).name in said


def test_the_booklet_marks_what_the_hall_pauses() -> None:
    says(GAOQIAO, paused_on=DAY, paused_reason=REASON)
    shelf = hall_shelf(GAOQIAO)
    assert shelf is not None
    guide = next(one for one in guides_of_hall(shelf) if one.code == CODE)
    assert f"暂停：本厅自 2026年3月11日 起暂停办理。{REASON}" in dict(guide_paper.answers(guide))["能不能办"]


def test_a_pause_of_the_county_is_told_with_its_reason_and_still_found(client: Client) -> None:
    Matter.objects.filter(code=CODE).update(paused_on=DAY, closing_reason="系统升级，4 月 8 日恢复")
    assert "系统升级，4 月 8 日恢复" in text(client, f"/guides/{CODE}/")
    listed = text(client, reverse("guide_list") + "?q=zjd")
    assert "暂停：全县自 2026年3月11日 起暂停办理。系统升级，4 月 8 日恢复" in listed
    api = client.get("/api/v1/matters?q=zjd")
    assert CODE not in [row["code"] for row in api.json().get("items", [])]
