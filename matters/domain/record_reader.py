"""Read the fields of a foreign record one by one; what does not fit is noted, never raised half-way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from halls.domain.plain_text import CURE, hidden_sign

Value = TypeVar("Value")
MAX_NUMBER = 3650
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[-+－]?[0-9]+")
_KIND_NAMES = {str: "文字", bool: "true 或 false", int: "整数", list: "列表", dict: "对象"}


@dataclass(frozen=True, slots=True)
class RecordFault:
    """One thing that is wrong: the record (its id, or 第n条), the path of the field, and the cure."""

    record: str
    field: str
    message: str
    cure: str


@dataclass
class Faults:
    """`of_today`: also by the rules about signs and codes that a guide of yesterday was not held against."""

    record: str
    found: list[RecordFault] = field(default_factory=list)
    of_today: bool = True

    def add(self, place: str, message: str, cure: str) -> None:
        self.found.append(RecordFault(self.record, place, message, cure))


class Reader:
    """One object of the file; `prefix` is its place within the record, such as "steps[2]."."""

    def __init__(self, data: Mapping[str, Any], faults: Faults, prefix: str = "") -> None:
        self.data = data
        self.faults = faults
        self.prefix = prefix
        self._known: set[str] = set()  # the names that the format has, as far as they were asked for
        self._inner: list[Reader] = []

    def has(self, name: str) -> Any:
        """Return what stands under a name of the format, read or not."""
        self._known.add(name)
        return self.data.get(name)

    def strangers(self) -> Iterator[tuple[str, str]]:
        """Yield the place of every name that the format does not have, and the name that was perhaps meant."""
        for name in self.data:
            if name not in self._known:
                near = get_close_matches(str(name), self._known, 1)
                yield f"{self.prefix}{name}", near[0] if near else ""
        for inner in self._inner:
            yield from inner.strangers()

    def wrong(self, name: str, message: str, cure: str) -> None:
        self.faults.add(self.prefix + name, message, cure)

    def _get(self, name: str, kind: type[Value]) -> Value | None:
        """Return the value if it is there and of this kind."""
        value = self.has(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(name, f"应为{_KIND_NAMES[kind]}，现在是 {_shown(value)}。", f"请改为{_KIND_NAMES[kind]}。")
            return None
        return value

    def text(self, name: str, limit: int) -> str:
        """Return a text that may be missing, stripped."""
        return self._clean(name, self._get(name, str) or "", limit)

    def required_text(self, name: str, limit: int) -> str:
        before = len(self.faults.found)
        value = self.text(name, limit)
        if not value and len(self.faults.found) == before:
            self.wrong(name, "没有填写。", "请补上这一项。")
        return value

    def _clean(self, place: str, value: str, limit: int) -> str:
        value = unicodedata.normalize("NFC", value.strip())  # what looks the same is the same
        if len(value) > limit:
            self.wrong(place, f"有 {len(value)} 个字，超过 {limit} 字。", f"请缩短到 {limit} 字以内。")
            return ""
        if _UNPRINTABLE.search(value):
            self.wrong(place, "含有不可见的控制字符。", "请删去控制字符。")
            return ""
        hidden = hidden_sign(value) if self.faults.of_today else ""
        if hidden:
            self.wrong(place, f"含有看不见或字库里没有的字符（{hidden}）。", CURE)
            return ""
        return value

    def texts(self, name: str, limit: int) -> tuple[str, ...]:
        """Return a list of texts; none of them may be empty."""
        found = []
        for index, value in enumerate(self._get(name, list) or ()):
            place = f"{name}[{index}]"
            if not isinstance(value, str) or not value.strip():
                self.wrong(place, f"应为文字，现在是 {_shown(value)}。", "请填写文字，或删去这一项。")
            else:
                found.append(self._clean(place, value, limit))
        return tuple(found)

    def number(self, name: str, *, required: bool = True) -> int | None:
        """Return a whole number from 0 to MAX_NUMBER."""
        before = len(self.faults.found)
        raw = self.has(name)
        if isinstance(raw, str) and _WHOLE.fullmatch(raw.strip()):  # typed: -3, or more digits than any limit has
            self.wrong(name, f"{_shown(raw)} 不在 0 到 {MAX_NUMBER} 之间。", f"请填 0 到 {MAX_NUMBER} 的整数。")
            return None
        value = self._get(name, int)
        if value is None:
            if required and len(self.faults.found) == before:
                self.wrong(name, "没有填写。", "请填写整数。")
            return None
        if not 0 <= value <= MAX_NUMBER:
            self.wrong(name, f"{_shown(value)} 不在 0 到 {MAX_NUMBER} 之间。", f"请填 0 到 {MAX_NUMBER} 的整数。")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        return self._get(name, bool)

    def required_flag(self, name: str) -> bool:
        before = len(self.faults.found)
        value = self.flag(name)
        if value is None and len(self.faults.found) == before:
            self.wrong(name, "没有填写。", "请填写 true 或 false。")
        return bool(value)

    def word(self, name: str, known: Mapping[str, str] | Iterable[str], what: str) -> str:
        """Return a word of a vocabulary, translated if the vocabulary is a mapping."""
        words = known if isinstance(known, Mapping) else {word: word for word in known}
        before = len(self.faults.found)
        value = self._get(name, str)
        if value is not None and value in words:
            return words[value]
        if len(self.faults.found) == before:
            said = f"不认识的{what}“{_shown(value)}”。" if value else "没有填写。"
            self.wrong(name, said, f"请用其中之一：{'、'.join(words)}。")
        return ""

    def words(self, name: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        """Return a non-empty list of different words of a vocabulary."""
        known = tuple(known)
        values = self._get(name, list)
        if not values:
            if values is not None or self.has(name) is None:
                self.wrong(name, "没有填写。", f"请至少写一个：{'、'.join(known)}。")
            return ()
        for index, value in enumerate(values):
            if value not in known:
                self.wrong(
                    f"{name}[{index}]", f"不认识的{what}“{_shown(value)}”。", f"请用其中之一：{'、'.join(known)}。"
                )
            elif value in values[:index]:
                self.wrong(f"{name}[{index}]", f"{value} 重复。", "请删去重复的一个。")
        return tuple(value for value in values if value in known)

    def child(self, name: str) -> Reader | None:
        """Return a reader of the object in this field, None when the field is empty."""
        value = self._get(name, dict)
        return None if value is None else self._inside(value, name)

    def _inside(self, data: Mapping[str, Any], place: str) -> Reader:
        inner = Reader(data, self.faults, f"{self.prefix}{place}.")
        self._inner.append(inner)
        return inner

    def children(self, name: str, read: Callable[[Reader], Value]) -> tuple[Value, ...]:
        """Read a list of objects."""
        found = []
        for index, value in enumerate(self._get(name, list) or ()):
            place = f"{name}[{index}]"
            if isinstance(value, dict):
                found.append(read(self._inside(value, place)))
            else:
                self.wrong(place, f"应为对象，现在是 {_shown(value)}。", "请用花括号写这一项。")
        return tuple(found)


def _shown(value: object) -> str:
    text = "（空）" if value is None else str(value).encode(errors="replace").decode()
    return text[:30] + ("…" if len(text) > 30 else "")
