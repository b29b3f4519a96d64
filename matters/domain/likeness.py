"""Which matters of one department may be one and the same: by code, by name, by what people call them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

NAMES_ALIKE: Final = 0.6  # share of common pairs of letters: 生育登记 and 生育服务登记
ALIASES_ALIKE: Final = 2  # so many common names that people use
# Words that say what kind of act it is, not of what: 申领, 给付 … alone make no two matters alike.
_ACTS = re.compile(r"[\s、，,（）()·]|申领|申请|给付|办理|核发|审批|登记|认定|许可|备案|服务|的|与|和|及")
# What is done with the thing: names that differ in it are of sister matters.
_STAGES = re.compile(
    "设立|开业|变更|注销|延续|补领|补办|换领|换发|撤销|终止|恢复|迁移|参保|停保|待遇|丧葬|调解|仲裁|首次|转移|年检|年报"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A matter as far as it is compared."""

    code: str
    name: str
    department: str
    aliases: tuple[str, ...] = ()
    basic_code: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two matters that may be one, the first by code; `likeness` from 0 to 100, `reasons` in words."""

    one: Named
    other: Named
    likeness: int
    reasons: tuple[str, ...]


def similar(matters: Iterable[Named]) -> tuple[Pair, ...]:
    """Return the pairs within each department, the most alike first."""
    by_department: dict[str, list[Named]] = defaultdict(list)
    for matter in matters:
        by_department[matter.department].append(matter)
    found = [pair for group in by_department.values() for pair in _within(sorted(group, key=lambda m: m.code))]
    return tuple(sorted(found, key=lambda pair: (-pair.likeness, pair.one.code, pair.other.code)))


def _within(group: list[Named]) -> Iterable[Pair]:
    """Compare those only that share a pair of letters or a code, so that a large department stays quick."""
    letters = [_pairs(matter.name) for matter in group]
    called = [frozenset(filter(None, (matter.name, *matter.aliases))) for matter in group]
    holders: Mapping[str, list[int]] = _holders(group, letters, called)
    candidates = {
        (first, second) for places in holders.values() for at, first in enumerate(places) for second in places[at + 1 :]
    }
    for first, second in candidates:
        pair = _pair(group[first], group[second], letters[first], letters[second], called[first] & called[second])
        if pair is not None:
            yield pair


def _holders(group: list[Named], letters: list[frozenset[str]], called: list[frozenset[str]]) -> dict[str, list[int]]:
    """Return who holds each mark, in order; a pair of letters that is in every other name is no mark."""
    found: dict[str, list[int]] = defaultdict(list)
    common = max(20, len(group) // 4)
    for place, matter in enumerate(group):
        marks = {f"2{pair}" for pair in letters[place]} | {f"name{word}" for word in called[place]}
        for mark in marks | ({f"code{matter.basic_code}"} if matter.basic_code else set()):
            found[mark].append(place)
    return {mark: places for mark, places in found.items() if not mark.startswith("2") or len(places) <= common}


def _pair(one: Named, other: Named, left: frozenset[str], right: frozenset[str], shared: frozenset[str]) -> Pair | None:
    reasons, likeness = [], 0
    if one.basic_code and one.basic_code == other.basic_code:
        reasons.append(f"基本编码都是 {one.basic_code}")
        likeness = 100
    # Setting up, changing and giving up the same thing are three matters, however alike their names.
    siblings = set(_STAGES.findall(one.name)) != set(_STAGES.findall(other.name))
    if one.name == other.name:
        reasons.append("名称相同")
        likeness = 100
    else:
        share = 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
        if share >= NAMES_ALIKE and not siblings:
            reasons.append(f"名称有 {share:.0%} 相同")
            likeness = max(likeness, round(share * 100))
    crossed = [matter.name for matter in (one, other) if matter.name in shared and one.name != other.name]
    if crossed:
        reasons.append(f"一个的别名是另一个的名称：{'、'.join(crossed)}")
        likeness = max(likeness, 90)
    elif len(shared - {one.name}) >= ALIASES_ALIKE:
        reasons.append(f"群众叫法相同：{'、'.join(sorted(shared))}")
        likeness = max(likeness, 70)
    return Pair(one, other, likeness, tuple(reasons)) if reasons else None


def _pairs(name: str) -> frozenset[str]:
    """Return the pairs of letters that say of what a matter is; the whole name where nothing else is left."""
    core = _ACTS.sub("", name) or name
    return frozenset(core[at : at + 2] for at in range(len(core) - 1)) or frozenset({core})
