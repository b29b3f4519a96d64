"""The guide page says everything that its record says, and is honest about what nobody stated."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from halls.actions.open_hall import open_hall
from halls.domain.openings import Opening, OpeningKind
from halls.models import Hall
from matters.actions.import_matters import import_matters
from matters.models import Matter
from tests.factories.halls import GAOQIAO, TAIHE
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

WHOLE: dict[str, Any] = {
    "task_code": "11500236MB0000000A4000125001001",
    "organ_kind": "法定机关",
    "power_source": "上级委托",
    "entrusted_by": "某市民政局",
    "channels": ["窗口", "移动端"],
    "reach": "全县",
    "booking": "打电话约，提前一天",
    "pays_online": True,
    "shipped": True,
    "place": "县政务服务中心二楼",
    "hours": "周一至周五 9:00-17:00",
    "consult": "023-00000001",
    "complaint": "12345",
    "remedies": "可在六十日内申请行政复议",
    "faq": [{"question": "要不要本人来", "answer": "要"}],
    "variants": [{"code": "11500236MB0000000A400012500100101", "name": "农村低保", "note": "户口在村里"}],
    "questions": [{"text": "有没有残疾人", "options": [{"text": "没有", "refusal": "换别的办"}, {"text": "有"}]}],
    "statutory_limit": {"days": 50, "unit": "工作日", "basis": "page"},
    "promised_limit": {"days": 25, "unit": "工作日", "basis": "source"},
}


def page(client: Client, code: str, **query: str) -> str:
    response = client.get(reverse("guide", args=[code]), query)
    assert response.status_code == 200
    return str(response.content.decode())


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def published(**changes: Any) -> None:
    whole = record("MZ-001", **WHOLE | changes)
    whole["materials"][0] |= {
        "standard": "字迹清楚", "legal_ground": "社会救助暂行办法第十一条", "grade": "A",
        "intermediary": "会计师事务所", "fill_note": "每栏都填", "blank": "申请书.docx", "sample": "申请书样表.pdf",
    }  # fmt: skip
    whole["steps"][0] |= {"standard": "材料齐全", "result": "受理通知书"}

    import_matters(as_file(whole))


def test_everything_that_is_stated_is_shown(client: Client) -> None:
    published()
    said = plain(page(client, "MZ-001"))
    for words in (
        "压缩 50%", "会计师事务所", "字迹清楚", "第十一条", "A 级", "每栏都填", "审查标准：材料齐全", "受理通知书",
        "上级委托",
        "某市民政局", "窗口、移动端", "通办范围 全县", "提前一天", "二楼", "9:00-17:00", "023-00000001", "12345",
        "行政复议", "要不要本人来", "农村低保", "换别的办", "11500236MB0000000A4000125001001",
    ):  # fmt: skip
        assert words in said, words
    assert "未公布" not in said.replace("开放时间未公布", "").replace("电话未公布", "")


def test_what_the_law_demands_and_nobody_stated_is_one_honest_line(client: Client) -> None:
    said = plain(page(client, "NY-003"))
    assert "未公布 审查标准、办理地点、办理时间、咨询方式、监督投诉方式" in said
    for absent in ("通办范围", "预约办理", "大家常问", "分情形办理", "None"):
        assert absent not in said


def test_a_promise_in_other_units_than_the_statute_claims_no_compression(client: Client) -> None:
    assert "压缩" not in plain(page(client, "ZR-007"))  # 38 working days of 6 months


def test_a_matter_that_was_abolished_says_so_and_leads_on(client: Client) -> None:
    other = Matter.objects.get(code="MZ-005")
    Matter.objects.filter(code="MZ-001").update(
        abolished_on=date(2026, 3, 2), merged_into=other, closing_reason="并入低保边缘家庭认定。"
    )
    html = page(client, "MZ-001")
    assert f"自 2026年3月2日 起并入“{other.name}”，不再单独办理。" in plain(html)
    assert 'href="/guides/MZ-005/"' in html
    assert "可以办" not in plain(html)
    assert 'href="/guides/MZ-001/"' not in client.get(reverse("guide_list"), {"q": "低保"}).content.decode()


def test_the_chart_tells_its_steps_to_whoever_cannot_see_it(client: Client) -> None:
    for one in RECORDS:
        html = page(client, one["id"])
        svg = html[html.index('<svg class="flow"') : html.index("</svg>")]
        assert svg.count("<polygon") == len(one["steps"])
        assert svg.count('class="flow-arrow"') == len(one["steps"]) - 1
        assert f'<title id="flow-title">{one["name"]}办理流程图</title>' in svg
        told = svg[svg.index("<desc") : svg.index("</desc>")]
        assert all(step["name"] in told for step in one["steps"])


# Where to go


def test_a_villager_picks_the_township_then_the_village(client: Client) -> None:
    hall = Hall.objects.get(code=GAOQIAO)
    Hall.objects.filter(pk=hall.pk).update(phone="023-56660000")
    week = [Opening(OpeningKind.REGULAR, time(9), time(17), weekday=day) for day in range(1, 8)]
    open_hall(
        hall, [*week, Opening(OpeningKind.MARKET, time(8), time(12), digits="0123456789")], since=date(2026, 1, 1)
    )
    before = page(client, "NY-003")
    assert 'name="township"' in before
    assert 'name="village"' not in before
    township = page(client, "NY-003", township=TAIHE)
    assert f'<option value="{TAIHE}" selected>' in township
    assert f'<option value="{GAOQIAO}">' in township
    assert "再选一下村" in township
    html = page(client, "NY-003", township=TAIHE, village=GAOQIAO)
    where = html[html.index('id="where"') : html.index('id="materials"')]
    assert where.index(hall.name) < where.index(Hall.objects.get(code=TAIHE).name)
    assert "逢十、一、二" in where
    assert "赶场日开放" in where
    assert 'href="tel:023-56660000"' in where
    assert "开门" in where or "现在开着" in where


def test_a_branch_station_that_serves_the_township_is_named(client: Client) -> None:
    html = page(client, "GA-001", township=TAIHE)
    where = html[html.index('id="where"') : html.index('id="materials"')]
    assert "派出所" in plain(where)


@pytest.mark.parametrize("query", [
    {"township": "x"}, {"township": "999999999"}, {"township": "\x00"}, {"village": GAOQIAO}, {"township": GAOQIAO},
    {"township": "\u0665\u0660\u0660"}, {"township": TAIHE, "village": "500236001001"},
])  # fmt: skip
def test_a_place_that_is_none_chooses_nothing(client: Client, query: dict[str, str]) -> None:
    assert " selected>" not in page(client, "NY-003", **query).replace(f'"{TAIHE}" selected>', "")


@pytest.mark.parametrize("query", [{}, {"township": TAIHE}, {"township": TAIHE, "village": GAOQIAO}])
def test_the_page_takes_at_most_nine_statements(client: Client, query: dict[str, str]) -> None:
    page(client, "GA-001", **query)
    with CaptureQueriesContext(connection) as queries:
        page(client, "GA-001", **query)
    assert len(queries) <= 9, [one["sql"][:80] for one in queries]


# Shelves


@pytest.mark.parametrize(("query", "codes"), [
    ({"event": "身后"}, {"GA-002", "RS-005"}), ({"event": "结婚"}, {"MZ-014"}), ({"for": "legal"}, {"SJ-005"}),
    ({"hall": GAOQIAO, "page": "2"}, {"NY-003"}), ({"event": "身后", "department": "500236-GA"}, {"GA-002"}),
])  # fmt: skip
def test_a_shelf_holds_what_belongs_there(client: Client, query: dict[str, str], codes: set[str]) -> None:
    html = client.get(reverse("guide_list"), query).content.decode()
    found = set(re.findall(r'<h3><a href="/guides/([\w-]+)/[^"]*"', html))
    assert found >= codes


def test_life_events_are_marked_as_ours(client: Client) -> None:
    html = client.get(reverse("guide_list")).content.decode()
    head = html[html.index("按人生事件找") :][:120]
    assert "示例数据" in head
    assert html.index("按人生事件找") < html.index("按主题找")


def test_nothing_that_answers_is_said_before_what_comes_near(client: Client) -> None:
    html = client.get(reverse("guide_list"), {"q": "盖房子要什么手续"}).content.decode()
    assert "没有完全相符的，列出相近的" in html
    assert 'href="/guides/NY-003/"' in html
    assert "没有完全相符的" not in client.get(reverse("guide_list"), {"q": "盖房子"}).content.decode()


@pytest.mark.parametrize(("query", "most"), [
    ({}, 2), ({"q": "zjd"}, 3), ({"q": "盖房子要什么手续"}, 4), ({"hall": GAOQIAO}, 5), ({"event": "身后"}, 3),
])  # fmt: skip
def test_a_list_takes_few_statements(client: Client, query: dict[str, str], most: int) -> None:
    client.get(reverse("guide_list"), query)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("guide_list"), query)
    assert len(queries) <= most + 1  # the banner about the watch reads one


def test_the_halls_are_listed_by_township(client: Client) -> None:
    html = client.get(reverse("guide_halls"), {"township": TAIHE}).content.decode()
    assert f'href="/guides/?hall={GAOQIAO}"' in html
    assert f'href="/guides/?hall={TAIHE}"' in html
    assert client.get(reverse("guide_halls"), {"township": "nowhere"}).status_code == 200
