"""The flow chart as geometry: every step in its lane, nothing over another, arrows from box to box."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.domain.flow import BOX, LANE, MOST_LINES, FlowStep, flow_of, wrapped

KINDS = ("accept", "review", "special", "decide", "deliver", "instant")


def a_step(
    seq: int, level: str = "township", kind: str = "review", name: str = "审查", *, counts: bool = True
) -> FlowStep:
    return FlowStep(seq, name, level, "乡镇(街道)便民服务中心", kind, "5 个工作日", counts)


steps = st.lists(
    st.builds(
        FlowStep,
        seq=st.integers(1, 30),
        name=st.text(min_size=1, max_size=64),
        level=st.sampled_from(("village", "township", "county")),
        organ=st.text(min_size=1, max_size=96),
        kind=st.sampled_from(KINDS),
        time=st.just("5 个工作日"),
        counts=st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@given(steps)
def test_every_step_stands_in_its_lane_below_the_one_before(rows: list[FlowStep]) -> None:
    flow = flow_of(rows)
    lanes = {lane.level: lane for lane in flow.lanes}
    assert len(flow.boxes) == len(rows)
    assert len(flow.arrows) == len(rows) - 1
    for row, box in zip(rows, flow.boxes, strict=True):
        assert lanes[row.level].x < box.x < box.x + BOX < lanes[row.level].x + LANE
        assert all(box.y < line.y < box.y + box.height for line in box.words)
    for upper, lower in zip(flow.boxes, flow.boxes[1:], strict=False):
        assert upper.y + upper.height < lower.y
    assert flow.height > flow.boxes[-1].y + flow.boxes[-1].height
    assert flow.width == LANE * len({row.level for row in rows})


@given(st.text(max_size=200), st.integers(4, 40))
def test_text_is_cut_and_never_overflows(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert len(lines) <= MOST_LINES
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize(("kind", "counts", "decision", "dashed"), [
    ("accept", True, False, False), ("decide", True, True, False), ("instant", True, True, False),
    ("special", True, False, True), ("review", False, False, True),
])  # fmt: skip
def test_decisions_have_points_and_what_is_not_counted_is_dashed(
    kind: str, counts: bool, decision: bool, dashed: bool
) -> None:
    (box,) = flow_of([a_step(1, kind=kind, counts=counts)]).boxes
    assert (box.is_decision, box.is_dashed) == (decision, dashed)
    assert len(box.points.split()) == (6 if decision else 4)


def test_an_arrow_to_another_lane_goes_across_between_the_boxes() -> None:
    flow = flow_of([a_step(1, "village"), a_step(2, "county")])
    assert [lane.level for lane in flow.lanes] == ["village", "county"]
    assert re.fullmatch(r"M110 \d+V\d+H330V\d+", flow.arrows[0])
