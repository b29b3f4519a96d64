"""What villagers say, and the matter that must stand first."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matters.domain.catalogue import LIFE_EVENTS, TOPICS
from matters.models import Matter
from matters.selectors.search import find_matters, nearest, on_shelf
from matters.selectors.shelves import shelves_of
from tests.factories.halls import DATA
from tests.factories.matters import RECORDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

PHRASES: dict[str, list[str]] = json.loads((DATA / "plain_words.json").read_text(encoding="utf-8"))["phrases"]
EVENTS: dict[str, list[str]] = json.loads((DATA / "life_events.json").read_text(encoding="utf-8"))["events"]
CODES = {record["id"] for record in RECORDS}


def first(words: str) -> str:
    matter = find_matters(words).first()
    return matter.code if matter else ""


def near(words: str) -> list[str]:
    assert not find_matters(words).exists()
    return [matter.code for matter in nearest(on_shelf(), words)]


@pytest.mark.parametrize(("words", "code"), [
    ("盖房子", "NY-003"), ("生娃", "WJ-001"), ("坐月子报销", "YB-008"), ("老人钱", "RS-003"), ("没钱看病", "YB-007"),
    ("办身份证", "GA-006"), ("身份证丢了", "GA-006"), ("上户口", "GA-001"), ("扯证", "MZ-014"), ("打疫苗本", "WJ-007"),
    ("埋葬费", "RS-005"), ("讨薪", "RS-017"), ("办营业执照", "SJ-001"), ("开餐馆", "SJ-006"), ("卖烟", "YC-001"),
    ("砍树", "LY-002"), ("养猪", "NY-014"), ("种地补贴", "NY-012"), ("包地", "NY-006"), ("危房改造", "ZJ-002"),
    ("办房产证", "ZR-003"), ("接自来水", "GS-001"), ("拉电", "GD-001"), ("吃低保", "MZ-001"), ("五保户", "MZ-002"),
    ("高龄补贴", "MZ-008"), ("残疾证丢了", "CL-002"), ("申请轮椅", "CL-004"), ("新农合", "YB-001"),
    ("慢性病", "YB-003"),
    ("社保卡丢了", "RS-008"), ("没工作了", "RS-009"), ("免费律师", "SF-001"), ("邻居吵架", "SF-002"),
    ("上访", "XF-001"),
    ("开证明", "MZ-017"), ("暂住证", "GA-008"), ("准生证", "WJ-001"), ("地界纠纷", "ZR-007"), ("烧荒", "LY-005"),
    ("低保", "MZ-001"), ("宅基地", "NY-003"), ("zjd", "NY-003"), ("dibao", "MZ-001"), ("林权证", "ZR-005"),
    ("结婚登记", "MZ-014"), ("sfz", "GA-006"), ("gaifangzi", "NY-003"), ("取水许可", "SL-001"), ("高龄津贴", "MZ-008"),
])  # fmt: skip
def test_the_matter_people_mean_stands_first(words: str, code: str) -> None:
    assert first(words) == code


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_that_ships_finds_what_it_stands_for_first(phrase: str) -> None:
    found = [matter.code for matter in find_matters(phrase)]
    assert set(PHRASES[phrase]) <= set(found)
    if not Matter.objects.filter(name=phrase).exists():
        assert found[0] == PHRASES[phrase][0]


@pytest.mark.parametrize(("words", "code"), [
    ("低宝申请", "MZ-001"),  # the same sound
    ("宅鸡地", "NY-003"),
    ("身份正丢了", "GA-006"),
    ("shenfenzeng", "GA-006"),  # a letter missing
    ("zhaijjidi", "NY-003"),  # one too many
    ("残疾人症", "CL-001"),
    ("盖房子要什么手续", "NY-003"),  # a whole sentence
    ("老人过世了怎么办", "GA-002"),
    ("怎么申请危房改造的钱", "ZJ-002"),
    ("我想开个小店卖烟", "SJ-001"),
])  # fmt: skip
def test_a_slip_or_a_sentence_still_comes_near(words: str, code: str) -> None:
    assert code in near(words)[:3]


@pytest.mark.parametrize("words", ["qqqq", "%%%", "___", "\\", "魑魅", "\x00", ""])
def test_what_is_like_nothing_comes_near_nothing(words: str) -> None:
    assert list(nearest(on_shelf(), words)) == []


def test_the_longest_words_are_still_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        list(nearest(on_shelf(), "我家老房子去年被大水冲坏了想重新修一栋两层楼的房子请问要找哪个部门批")[:40])
    assert len(queries) == 1


def test_enough_phrases_ship_and_all_of_them_fit_the_catalogue() -> None:
    assert len(PHRASES) >= 120
    assert {code for codes in PHRASES.values() for code in codes} <= CODES
    assert len({code for codes in PHRASES.values() for code in codes}) >= 125


def test_every_matter_is_found_by_a_life_event_or_by_a_subject() -> None:
    assert EVENTS.keys() == CODES
    assert {event for events in EVENTS.values() for event in events} == {*LIFE_EVENTS, *TOPICS}
    found: set[str] = set()
    for event in (*LIFE_EVENTS, *TOPICS):
        shelf = {matter.code for matter in on_shelf(life_event=event)}
        assert shelf == {code for code, events in EVENTS.items() if event in events}
        found |= shelf
    assert found == CODES
    shelves = shelves_of()
    assert len(shelves.life_events) == 12
    assert {shelf.value for shelf in shelves.topics} == set(TOPICS)
