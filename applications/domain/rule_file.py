"""A file of card rules: what it must hold, and every fault of it at once.

    {"code": "hunan", "name": "...", "source": "...", "note": "...", "effective_on": "2018-01-01" or absent,
     "inherits": "default" or absent, "rules": [{"clock": "promised", "level": "warning", "side": "left",
     "value": 2, "unit": "wd", "basis": "..."}, ...]}

A file that inherits says something about some clocks; all others keep the rules of the file it names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any, Final

from applications.domain.card_rules import Level, Measure, Rule, Side
from applications.domain.transitions import ClockKind
from halls.domain.errors import Invalid, Problem

KEPT: Final = "沿用默认规则。"
LENGTHS: Final = {"code": 32, "name": 64, "source": 300, "note": 500, "inherits": 32}
BASIS_LENGTH: Final = 200
MOST_RULES: Final = 200
_SWITCHES: Final = ("only_alone", "only_immediate", "is_automatic")
_RULE_KEYS: Final = frozenset(
    {"clock", "level", "side", "value", "unit", "min_amount", "max_amount", "basis", *_SWITCHES}
)
_KEYS: Final = frozenset({*LENGTHS, "effective_on", "rules"})


@dataclass(frozen=True)
class Entry:
    """A rule with its citation. Not `is_automatic`: its cards wait for a supervisor to confirm them, warnings never."""

    rule: Rule
    basis: str
    is_automatic: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """What may stand in a set only once."""
        return self.rule.clock, self.rule.level, self.rule.min_amount, self.rule.only_immediate


@dataclass(frozen=True)
class RuleSheet:
    """A whole set of rules as published somewhere."""

    code: str
    name: str
    source: str
    entries: tuple[Entry, ...]
    note: str = ""
    inherits: str = ""
    effective_on: date | None = None

    def completed_by(self, base: RuleSheet) -> RuleSheet:
        """Return the sheet with the base's rules for every clock about which it says nothing, marked so."""
        said = {entry.rule.clock for entry in self.entries}
        kept = [
            replace(entry, basis=f"{KEPT}{entry.basis}"[:BASIS_LENGTH])
            for entry in base.entries
            if entry.rule.clock not in said
        ]
        return replace(self, entries=(*self.entries, *kept))

    @property
    def digest(self) -> str:
        return digest_of(self.entries)


def digest_of(entries: tuple[Entry, ...]) -> str:
    """The digest of everything the rules say, in whatever order they stand."""
    lines = sorted(json.dumps([*map(_plain, astuple(e.rule)), e.basis, e.is_automatic]) for e in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def read_sheet(content: Any) -> RuleSheet:
    """Return what the file says. Raises Invalid, whose problems name every faulty rule."""
    head = _head(content)
    problems: list[Problem] = []
    entries: dict[tuple[object, ...], Entry] = {}
    for number, line in enumerate(content["rules"], start=1):
        entry, faults = _entry(line)
        if entry is not None and entries.setdefault(entry.key, entry) is not entry:
            faults = ["与前面的规则重复（同一时限、级别和范围）。"]
        problems += [
            Problem(f"rules.{number}", fault, "请对照 data/card_rules/default.json 改正。") for fault in faults
        ]
    if problems:
        raise Invalid("card_rules_faulty", "规则没有载入，内容有错误：", problems=tuple(problems))
    return replace(head, entries=tuple(entries.values()))


def _head(content: Any) -> RuleSheet:
    rules = content.get("rules") if isinstance(content, Mapping) else None
    if not isinstance(rules, list) or not 0 < len(rules) <= MOST_RULES or content.keys() - _KEYS:
        raise _shape()
    texts = {key: content.get(key, "") for key in LENGTHS}
    if any(not isinstance(text, str) or len(text) > LENGTHS[key] for key, text in texts.items()):
        raise _shape()
    if not all(texts[key].strip() for key in ("code", "name", "source")):
        raise _shape()
    day = content.get("effective_on")
    try:
        effective_on = None if day is None else date.fromisoformat(day)
    except (TypeError, ValueError):
        raise _shape() from None
    return RuleSheet(entries=(), effective_on=effective_on, **texts)


def _shape() -> Invalid:
    cure = '文件应为 {"code": "…", "name": "…", "source": "…", "effective_on": "2018-01-01", "rules": [...]}。'
    return Invalid("card_rules_shape", "规则文件的格式不对。", field="rules", cure=cure)


def _entry(line: Any) -> tuple[Entry | None, list[str]]:
    if not isinstance(line, Mapping):
        return None, [f"应是一条规则，收到 {str(line)[:40]}。"]
    if unknown := line.keys() - _RULE_KEYS:
        return None, [f"不认识的内容：{'、'.join(sorted(map(str, unknown)))[:80]}。"]
    faults = []
    basis = line.get("basis")
    if not isinstance(basis, str) or not basis.strip() or len(basis) > BASIS_LENGTH:
        faults.append(f"basis 应写明依据，不超过 {BASIS_LENGTH} 字。")
    switches, wrong = _switches(line)
    faults += wrong
    words: dict[str, Any] = {}
    for key, kind in (("clock", ClockKind), ("level", Level), ("side", Side), ("unit", Measure)):
        given = line.get(key, "wd" if key == "unit" else None)
        if given in tuple(kind):
            words[key] = kind(given)
        else:
            faults.append(f"{key} 不认识 {str(given)[:40]}。")
    if faults:
        return None, faults
    is_automatic = switches.pop("is_automatic")
    numbers: dict[str, Any] = {key: line.get(key) for key in ("value", "min_amount", "max_amount")}
    try:
        rule = Rule(**words, **numbers, **switches)
    except Invalid as fault:
        return None, [f"value、min_amount、max_amount：{fault.message}"]
    return Entry(rule, str(basis), is_automatic), []


def _switches(line: Mapping[Any, Any]) -> tuple[dict[str, Any], list[str]]:
    switches = {key: line.get(key, key == "is_automatic") for key in _SWITCHES}
    faults = [f"{key} 应是 true 或 false。" for key, value in switches.items() if not isinstance(value, bool)]
    if switches["is_automatic"] is False and line.get("level") == Level.WARNING:
        faults.append("is_automatic：预警不是牌，不需要先由监察员确认，请删去这一项或改为 true。")
    return switches, faults
