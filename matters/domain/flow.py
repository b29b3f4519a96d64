"""The flow chart of a guide: a lane for each level, a box for each step from top to bottom. Pure geometry.

A template draws it as SVG. Lengths are in the units of its viewBox, which are about a pixel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LANES: Final = ("village", "township", "county")
LANE, BOX, GAP, HEAD = 220, 188, 30, 34
LINE, PAD, SLANT = 18, 9, 16
NAME_WIDTH, ORGAN_WIDTH = 24, 28  # of a line of text, a Chinese character counting two
MOST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step as the chart needs it; `time` in words."""

    seq: int
    name: str
    level: str
    organ: str
    kind: str
    time: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text and the height of its baseline."""

    y: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Box:
    """A step: its outline as points, dashed when it stands outside the promise, and its lines of text."""

    seq: int
    x: int
    y: int
    width: int
    height: int
    middle: int
    points: str
    is_dashed: bool
    is_decision: bool
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    level: str
    x: int
    middle: int


@dataclass(frozen=True, slots=True)
class Flow:
    width: int
    height: int
    lane_width: int
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


def flow_of(steps: Sequence[FlowStep]) -> Flow:
    """Return the chart; lanes without a step are left out."""
    used = [level for level in LANES if any(step.level == level for step in steps)]
    lanes = {level: Lane(level, at * LANE, at * LANE + LANE // 2) for at, level in enumerate(used)}
    boxes: list[Box] = []
    top = HEAD + GAP // 2
    for step in steps:
        box = _box(step, lanes[step.level].middle, top)
        boxes.append(box)
        top += box.height + GAP
    arrows = tuple(_arrow(upper, lower) for upper, lower in pairwise(boxes))
    return Flow(len(used) * LANE, max(top - GAP // 2, HEAD), LANE, tuple(lanes.values()), tuple(boxes), arrows)


def _box(step: FlowStep, middle: int, top: int) -> Box:
    is_decision = step.kind in ("decide", "instant")
    texts = [(line, "name") for line in wrapped(f"{step.seq}. {step.name}", NAME_WIDTH)]
    texts += [(line, "organ") for line in wrapped(step.organ, ORGAN_WIDTH)]
    texts.append((step.time if step.counts else f"{step.time}，不计时", "time"))
    height = 2 * PAD + len(texts) * LINE
    words = tuple(Words(top + PAD + at * LINE + 14, text, role) for at, (text, role) in enumerate(texts))
    x = middle - BOX // 2
    points = _hexagon(x, top, height) if is_decision else _rectangle(x, top, height)
    return Box(
        step.seq, x, top, BOX, height, middle, points, step.kind == "special" or not step.counts, is_decision, words
    )


def _rectangle(x: int, y: int, height: int) -> str:
    return f"{x},{y} {x + BOX},{y} {x + BOX},{y + height} {x},{y + height}"


def _hexagon(x: int, y: int, height: int) -> str:
    """A decision: a box whose sides are points."""
    half = y + height // 2
    left, right = x - SLANT + 4, x + BOX + SLANT - 4
    return f"{x},{y} {x + BOX},{y} {right},{half} {x + BOX},{y + height} {x},{y + height} {left},{half}"


def _arrow(upper: Box, lower: Box) -> str:
    """Down, across in the middle of the gap, and down again to the next box."""
    start, end = upper.y + upper.height, lower.y - 1
    if upper.middle == lower.middle:
        return f"M{upper.middle} {start}V{end}"
    return f"M{upper.middle} {start}V{start + GAP // 2}H{lower.middle}V{end}"


def wrapped(text: str, width: int) -> list[str]:
    """Cut the text into lines of so many half-width characters; dots stand for what is too much."""
    lines, line, used = [], "", 0
    for character in text:
        wide = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        if used + wide > width:
            lines.append(line)
            line, used = "", 0
        line += character
        used += wide
    lines.append(line)
    if len(lines) > MOST_LINES:
        return [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    return lines
