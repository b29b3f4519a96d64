"""A guide in words: what a citizen reads, and what must carry the mark 示例数据."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matters.actions.import_matters import import_matters
from matters.models import MatterVersion
from matters.selectors import guide_of, published_guide
from matters.selectors.guide import Guide
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def guide(code: str) -> Guide:
    found = published_guide(code)
    assert found is not None
    return found


def test_the_guide_of_the_story_answers_the_five_questions() -> None:
    found = guide("NY-003")
    assert found.promise.text == "受理后 10 个工作日内办结"
    assert found.uncounted == (
        "另有村民小组讨论和村级公示、到场审查(选址)、到场丈量批放，共 7 个自然日和4 个工作日，不计入承诺时限"
    )
    assert found.statute.text == "20 个工作日"
    assert found.places == (
        "村（社区）便民服务点（代办员帮您送办）",
        "乡镇（街道）便民服务中心、乡镇农业农村办公室(联审自然资源所等)",
    )
    assert found.fee == "不收费"
    assert (len(found.materials), found.required) == (7, 5)
    assert found.materials[2].copies == "复印件 1 份（带原件核对）"
    assert found.legal_bases[0] == "《中华人民共和国土地管理法》第六十二条"
    assert [step.level for step in found.steps] == ["village"] * 3 + ["township"] * 5


@pytest.mark.parametrize(("code", "promise", "statute"), [
    ("NY-003", True, True),  # curated promise, statute from general knowledge of the law
    ("MZ-003", True, False),  # promise read in the guide of another county, no statute
    ("MZ-007", True, False),  # statute read in a page
])  # fmt: skip
def test_composed_figures_are_marked_and_read_ones_are_not(code: str, promise: bool, statute: bool) -> None:
    found = guide(code)
    assert (found.promise.is_sample, found.statute.is_sample) == (promise, statute)


@pytest.mark.parametrize(("code", "promise", "fee", "statute"), [
    ("MZ-014", "当场办结", "不收费", "法律没有规定具体天数"),
    ("ZR-007", "受理后 38 个工作日内办结", "不收费", "6 个月"),
    ("GA-006", "受理后 20 个工作日内办结", "首次申领免费;换领20元/证;遗失补领、损坏换领40元/证", "60 个自然日"),
    ("RS-008", "受理后 5 个工作日内办结", "补卡工本费按当地规定", "法律没有规定具体天数"),
])  # fmt: skip
def test_limits_and_fees_are_said_with_their_units(code: str, promise: str, fee: str, statute: str) -> None:
    found = guide(code)
    assert (found.promise.text, found.fee, found.statute.text) == (promise, fee, statute)


def test_every_guide_that_ships_can_be_read_and_holds_only_plain_values() -> None:
    plain = (str, int, bool, type(None))
    for one in RECORDS:
        found = guide(one["id"])
        assert len(found.steps) == len(one["steps"])
        assert found.places
        whole = dataclasses.asdict(found)
        parts = [*whole["materials"], *whole["steps"], whole["promise"], whole["statute"]]
        assert all(isinstance(value, plain) for part in parts for value in part.values())


def test_a_guide_takes_four_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        guide("MZ-001")
    assert len(queries) == 4


def test_an_older_version_can_still_be_read_as_it_was() -> None:
    old = MatterVersion.objects.get(matter__code="MZ-004")
    import_matters(as_file(record("MZ-004", conditions=["新的条件"])))
    assert guide("MZ-004").conditions == ("新的条件",)
    before = guide_of(MatterVersion.objects.select_related("matter__department").get(pk=old.pk))
    assert before.conditions == tuple(record("MZ-004")["conditions"])
    assert (before.is_current, before.version) == (False, 1)


def test_an_unknown_code_has_no_guide() -> None:
    assert published_guide("XX-999") is None
