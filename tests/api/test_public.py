"""Halls and matters, open to everybody."""

import pytest

from halls.models import Hall
from matters.models import Matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def _all(anybody, address):
    rows = []
    while address:
        answer = anybody.get(address)
        assert answer.status_code == 200, answer.content.decode()
        rows += answer.json()["results"]
        address = (answer.json()["next"] or "").removeprefix("http://testserver")
    return rows


def test_the_whole_network_in_pages(anybody):
    rows = _all(anybody, "halls/?page_size=100")
    assert len(rows) == Hall.objects.count() == 426
    assert [row["code"] for row in rows[:3]] == ["500236", "500236001", "500236001001"]


def test_halls_by_tier_parent_and_code(anybody):
    assert len(_all(anybody, "halls/?tier=township&page_size=100")) == 33
    villages = _all(anybody, "halls/?parent=500236272")
    assert {row["parent"] for row in villages} == {"500236272"}
    assert {row["tier"] for row in villages} == {"village"}
    (row,) = _all(anybody, "halls/?code=500236272202")
    assert row["name"] == "高桥村便民服务点"


def test_a_hall_tells_its_windows_and_departments(anybody, problem):
    told = anybody.get("halls/500236272/").json()
    assert told["tier_label"]
    assert told["windows"]
    assert any(one["name"].endswith("农业农村办公室") for one in told["departments"])
    problem(anybody.get("halls/999999/"), 404, "not_found")
    problem(anybody.get("halls/abc/"), 404, "not_found")


def test_the_catalogue_in_pages_and_by_words(anybody):
    assert len(_all(anybody, "matters/?page_size=50")) == Matter.objects.count() == 133
    for words in ("宅基地", "zjd", "zhaijidi", "建房"):
        found = anybody.get("matters/", q=words).json()["results"]
        assert "NY-003" in [row["code"] for row in found], words
    assert anybody.get("matters/", q="没有这样的事").json()["results"] == []
    village = _all(anybody, "matters/?tier=village&page_size=100")
    assert all("village" in row["accept_levels"] for row in village)


def test_a_guide_says_what_where_how_long(anybody, problem):
    told = anybody.get("matters/NY-003/").json()
    assert told["name"] == "农村村民宅基地审批"
    assert told["promise"] == {"text": "10 个工作日", "basis": "示例数据", "is_sample": True, "note": ""} | {
        key: told["promise"][key] for key in ("text", "basis")
    }
    assert len(told["materials"]) == 7
    assert len(told["steps"]) == 8
    assert told["legal_bases"]
    problem(anybody.get("matters/XX-999/"), 404, "not_found")
