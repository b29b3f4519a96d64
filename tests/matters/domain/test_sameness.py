"""八统一: one matter, one text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matters.domain.catalogue import Limit
from matters.domain.catalogue_file import parse_catalogue
from matters.domain.sameness import BASE_ELEMENTS, differences
from tests.factories.matters import RECORDS, as_file

(GUIDE,) = parse_catalogue(as_file(RECORDS[0]), departments={RECORDS[0]["department_full"]})
ONE = replace(GUIDE, basic_code="000114001000")


def test_the_same_twice_differs_in_nothing() -> None:
    assert differences([ONE, replace(ONE, code="X-1")]) == ()


@pytest.mark.parametrize(
    ("element", "change"),
    [
        ("kind", {"kind": "公共服务" if GUIDE.kind != "公共服务" else "行政许可"}),
        ("conditions", {"conditions": (*GUIDE.conditions, "另有要求")}),
        ("service_objects", {"service_objects": ("法人",)}),
        ("materials", {"materials": GUIDE.materials[1:]}),
        ("steps", {"steps": GUIDE.steps[:-1]}),
        ("legal_bases", {"legal_bases": ()}),
        ("statutory", {"statutory": Limit(99, "wd", "", "page")}),
        ("fee_basis", {"fee_charged": True, "fee_basis": "某文件"}),
        ("result", {"result_name": "别的结果"}),
        ("name", {"name": "换了名字"}),
    ],
)
def test_one_other_element_is_found(element: str, change: dict[str, Any]) -> None:
    found = differences([ONE, replace(ONE, code="X-1", **change)])
    assert [one.element for one in found] == [element]
    assert found[0].codes == tuple(sorted((ONE.code, "X-1")))


def test_a_name_alone_makes_it_the_same_matter() -> None:
    found = differences([ONE, replace(ONE, code="X-1", basic_code="000114001999")])
    assert [one.element for one in found] == ["basic_code"]


def test_there_are_eleven() -> None:
    assert len(BASE_ELEMENTS) == 11
