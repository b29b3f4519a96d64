"""Bundles: one list of materials, an order that can be walked, and a limit that follows from both."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.bundle import (
    BundleRecord,
    Dependency,
    Member,
    chosen_members,
    cycle_of,
    limit_of,
    merged_materials,
    plain,
)
from matters.domain.bundle_file import as_dict, parse_bundles, read_bundle
from matters.domain.catalogue_file import CatalogueFileError, parse_catalogue
from matters.domain.record_reader import Faults, Reader
from tests.factories.halls import DATA
from tests.factories.matters import RECORDS, as_file

RAW = json.loads((DATA / "bundles.json").read_text(encoding="utf-8"))
GUIDES = {
    record.code: record
    for record in parse_catalogue(as_file(*RECORDS), departments={record["department_full"] for record in RECORDS})
}
LEADS = {record["department"] for record in RECORDS}
DAYS = {code: guide.promised.amount or 0 for code, guide in GUIDES.items()}


def parsed(*records: dict[str, Any]) -> tuple[BundleRecord, ...]:
    return parse_bundles(as_file(*records), matters=GUIDES.keys(), leads=LEADS)


def bundle(code: str) -> BundleRecord:
    return next(record for record in parsed(*RAW) if record.code == code)


def faults(**changes: object) -> list[str]:
    with pytest.raises(CatalogueFileError) as refused:
        parsed(RAW[0] | changes)
    assert all(fault.cure for fault in refused.value.faults)
    return [f"{fault.record} {fault.field} {fault.message}" for fault in refused.value.faults]


def test_the_limit_that_each_shipped_bundle_declares_is_the_one_its_members_make() -> None:
    for record in parsed(*RAW):
        members = chosen_members(record, {member.code for member in record.members if member.stage})
        assert limit_of(members, DAYS) == record.promised_days, record.code


def test_what_is_written_is_read_again() -> None:
    for record in parsed(*RAW):
        assert read_bundle(Reader(as_dict(record), Faults("x")), None, None) == record


def test_a_material_is_handed_in_once_for_all_members() -> None:
    record = bundle("YJS-01")
    members = chosen_members(record, {member.code for member in record.members if member.stage})
    merged = merged_materials(record, members, GUIDES)
    names = [plain(one.material.name) for one in merged if not one.made_by]
    assert len(names) == len(set(names)), "each name once"
    assert len(merged) < sum(len(GUIDES[member.code].materials) for member in members)
    identity = next(one for one in merged if one.material.name == "居民身份证")
    assert len(identity.needed_by) == 3


def test_what_one_member_makes_is_not_asked_for() -> None:
    record = bundle("YJS-01")
    members = chosen_members(record, set())
    made = {one.material.name: one.made_by for one in merged_materials(record, members, GUIDES) if one.made_by}
    assert made["出生医学证明"] == "出生医学证明首次签发"
    alone = [member for member in members if member.code == "GA-001"]
    asked = merged_materials(record, alone, GUIDES)
    assert not any(one.made_by for one in asked), "without the member that makes it, people bring it"


def test_a_licence_that_goes_by_another_name_is_known() -> None:
    record = bundle("YJS-06")
    members = chosen_members(record, {"SJ-006"})
    made = {one.material.name: one.made_by for one in merged_materials(record, members, GUIDES)}
    assert made["营业执照或法人登记证书"] == "个体工商户设立登记"


def test_fewer_members_take_no_longer_and_ask_for_no_more() -> None:
    for record in parsed(*RAW):
        everything = {member.code for member in record.members}
        most = chosen_members(record, everything)
        for code in everything:
            fewer = chosen_members(record, everything - {code})
            assert limit_of(fewer, DAYS) <= limit_of(most, DAYS)
            brought = [one for one in merged_materials(record, most, GUIDES) if not one.made_by]
            assert len(merged_materials(record, fewer, GUIDES)) <= len(brought) + len(record.dependencies) + 2


def test_a_circle_is_found_and_told() -> None:
    members = RAW[0]["stages"]
    circle = [
        {"result_of_id": "WJ-006", "material": "甲", "used_by_id": "GA-001"},
        {"result_of_id": "GA-001", "material": "乙", "used_by_id": "WJ-006"},
    ]
    (told,) = faults(stages=members, dependencies=circle)
    assert "互为前置" in told
    assert "WJ-006 → GA-001 → WJ-006" in told or "GA-001 → WJ-006 → GA-001" in told


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dependencies": [{"result_of_id": "YB-001", "material": "x", "used_by_id": "GA-001"}]}, "不在它后面的阶段"),
        ({"dependencies": [{"result_of_id": "NY-001", "material": "x", "used_by_id": "GA-001"}]}, "不是这件事的成员"),
        ({"lead_department": "天文"}, "没有部门“天文”"),
        ({"stages": []}, "没有成员事项"),
        ({"stages": [{"stage": 2, "members": [{"matter_id": "GA-001"}]}], "dependencies": []}, "从"),
        ({"stages": [{"stage": 1, "members": [{"matter_id": "QQ-9"}]}], "dependencies": []}, "目录里没有在用的 QQ-9"),
        (
            {
                "stages": [{"stage": 1, "members": [{"matter_id": "GA-001"}, {"matter_id": "GA-001"}]}],
                "dependencies": [],
            },
            "成员 GA-001 重复",
        ),
        ({"accept_levels": ["moon"]}, "不认识的层级"),
    ],
)
def test_what_cannot_be_is_told_with_its_cure(changes: dict[str, Any], message: str) -> None:
    told = faults(**changes)
    assert any(message in one for one in told) or message == "从", told


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")).filter(lambda edge: edge[0] != edge[1]),
        max_size=12,
    )
)
def test_a_circle_is_found_exactly_where_no_order_exists(edges: list[tuple[str, str]]) -> None:
    dependencies = [Dependency(first, "x", second) for first, second in edges]
    left, todo = set(edges), set("ABCDEF")
    while free := {node for node in todo if not any(second == node for _, second in left)}:
        todo -= free
        left = {(first, second) for first, second in left if first not in free}
    circle = cycle_of(dependencies)
    assert bool(circle) is bool(todo)
    for first, second in zip(circle, (*circle[1:], *circle[:1]), strict=True):
        assert (first, second) in edges


def test_related_members_begin_with_the_first_stage() -> None:
    members = (Member("A", 1, False, ""), Member("B", 2, False, ""), Member("C", 0, True, ""))
    assert limit_of(members, {"A": 3, "B": 4, "C": 9}) == 13
    assert limit_of(members[:2], {"A": 3, "B": 4}) == 7


def test_the_stricter_of_two_materials_serves_both() -> None:
    record = bundle("YJS-01")
    guide = GUIDES["GA-001"]
    twice = replace(guide.materials[0], copies=5, necessity="required")
    guides = GUIDES | {"GA-001": replace(guide, materials=(twice, *guide.materials[1:]))}
    merged = merged_materials(record, chosen_members(record, set()), guides)
    found = next(one for one in merged if plain(one.material.name) == plain(twice.name))
    assert (found.material.copies, found.material.necessity) == (5, "required")
