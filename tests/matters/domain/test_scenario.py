"""Scenarios: what an editor writes is what is played, and what is not understood is told with its line and cure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.errors import Invalid
from matters.domain.catalogue_file import parse_catalogue
from matters.domain.default_scenarios import default_scenarios
from matters.domain.scenario import ACTS, EXPECTATIONS, read_scenario
from tests.factories.matters import RECORDS, as_file

GOOD = "从 2026-02-13 16:00 起，在乡镇提交\n收件\n等 1 个工作日，受理，应为：在办、到期按承诺\n看，应为：绿灯"


def test_a_scenario_says_the_same_again() -> None:
    scenario = read_scenario("春节前", GOOD)
    assert str(scenario) == GOOD
    assert [(line.wait, line.act, line.expects) for line in scenario.lines] == [
        (0, "receive", ()),
        (1, "accept", ("在办", "到期按承诺")),
        (0, "look", ("绿灯",)),
    ]
    assert (scenario.level, scenario.start.isoformat()) == ("township", "2026-02-13T16:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "第 1 行没有写明"),
        ("从 2026-02-30 10:00 起，在村提交\n看，应为：绿灯", "没有 2026-02-30 10:00 这个时间"),
        ("从 1999-02-03 10:00 起，在村提交\n看，应为：绿灯", "1999 年不在工作日历里"),
        ("从 2026-03-02 10:00 起，在村提交\n批准，应为：准予", "第 2 行不认识“批准”"),
        ("从 2026-03-02 10:00 起，在村提交\n收件，应为：蓝灯", "第 2 行不认识期望“蓝灯”"),
        ("从 2026-03-02 10:00 起，在村提交\n等 9999 个工作日，看，应为：红灯", "等得太久"),
        ("从 2026-03-02 10:00 起，在村提交\n收件", "不可能不通过"),
        ("从 2026-03-02 10:00 起，在村提交\n" + "收件\n" * 70 + "看，应为：绿灯", "超过 60 行"),
    ],
)
def test_what_is_not_understood_is_told(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_scenario("场景", text)
    told = [problem.message for problem in refused.value.problems]
    assert any(message in one for one in told), told
    assert all(problem.cure for problem in refused.value.problems)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        scenario = read_scenario("场景", text)
    except Invalid:
        return
    assert read_scenario("场景", str(scenario)) == scenario


def test_every_word_can_be_written_and_read() -> None:
    for act in ACTS:
        for word in EXPECTATIONS:
            text = f"从 2026-03-02 10:00 起，在县提交\n{act}，应为：{word}"
            assert str(read_scenario("词", text)) == text


def test_every_shipped_guide_has_scenarios_that_can_be_written_down() -> None:
    departments = {record["department_full"] for record in RECORDS}
    for record in parse_catalogue(as_file(*RECORDS), departments=departments):
        plays = default_scenarios(record)
        branches = [play.branch for play in plays]
        assert {"usual", "holiday", "correction", "refusal", "withdrawal", "absence"} <= set(branches)
        kinds = [step.kind for step in record.steps]
        decided = min((kinds.index(kind) for kind in ("decide", "instant") if kind in kinds), default=len(kinds))
        assert ("pause" in branches) is ("special" in kinds[:decided]), record.code
        assert ("silence" in branches) is (record.handling != "immediate")
        for play in plays:
            assert read_scenario(play.name, str(play)).lines == play.lines
