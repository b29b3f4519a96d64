"""The file of one calendar year: what it must hold, and every fault of it at once.

    {"year": 2026, "title": "...", "document_no": "..." or null, "published_on": "2025-11-04" or null,
     "source": "...", "days": [{"date": "2026-01-01", "kind": "holiday" or "makeup", "name": "元旦"}, ...]}

`days` lists each day off of the yearly notice and each weekend day worked instead. A notice may reach into
the December before its year, never further.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR, WEEKDAYS, DayKind, fixed_holidays
from halls.domain.errors import Invalid, Problem

DECEMBER: Final = 12
NAME_LENGTH: Final = 40
DOCUMENT_LENGTH: Final = 120
SOURCE_LENGTH: Final = 200
_KEYS: Final = frozenset({"year", "title", "document_no", "published_on", "source", "days"})
_DAY_KEYS: Final = frozenset({"date", "kind", "name"})


@dataclass(frozen=True, slots=True)
class ArrangedDay:
    date: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The yearly notice as data; `days` ascend."""

    year: int
    document_no: str
    published_on: date | None
    source: str
    days: tuple[ArrangedDay, ...]

    @property
    def sha256(self) -> str:
        """The digest of everything it says, as the database computes it (halls_calendar_digest)."""
        head = (str(self.year), self.document_no, str(self.published_on or ""), self.source)
        days = (part for day in self.days for part in (day.date.isoformat(), day.kind.value, day.name))
        return hashlib.sha256(b"".join(_framed(part) for part in (*head, *days))).hexdigest()

    def as_dict(self) -> dict[str, object]:
        """Return what a file of this year would hold, as JSON knows it."""
        return {
            "year": self.year,
            "document_no": self.document_no or None,
            "published_on": self.published_on and self.published_on.isoformat(),
            "source": self.source,
            "days": [{"date": day.date.isoformat(), "kind": day.kind.value, "name": day.name} for day in self.days],
        }


def _framed(part: str) -> bytes:
    """A field with its length in bytes in front: two different years never give the same text."""
    raw = part.encode()
    return b"%d:%s;" % (len(raw), raw)


def read_arrangement(content: bytes) -> Arrangement:
    """Return what the file says. Raises Invalid, whose problems name every faulty line or field."""
    return arrangement_of(_parse(content))


def arrangement_of(content: object) -> Arrangement:
    """Return the arrangement that `as_dict` wrote, or a parsed file. Raises Invalid."""
    reader = _Reader()
    arrangement = reader.arrangement(content)
    if reader.problems or arrangement is None:
        raise Invalid(
            "calendar_file_faulty",
            f"日历文件有 {len(reader.problems)} 处错误，没有导入任何内容。",
            cure="请按提示逐项改正后重新导入。",
            problems=tuple(reader.problems),
        )
    return arrangement


def _parse(content: bytes) -> object:
    try:
        parsed: object = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_no_twins)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise _unreadable(f"第 {line} 行", "不是 UTF-8 编码。") from fault
    except json.JSONDecodeError as fault:
        raise _unreadable(f"第 {fault.lineno} 行第 {fault.colno} 列", f"不是正确的 JSON（{fault.msg}）。") from fault
    except RecursionError as fault:
        raise _unreadable("文件", "嵌套过深。") from fault
    except ValueError as fault:  # a number of thousands of digits
        raise _unreadable("文件", "含有过长的数字。") from fault
    return parsed


def _is_plain(text: str) -> bool:
    """Whether every character stands for itself: no controls, no half characters, nothing that turns text around."""
    return not any(unicodedata.category(letter).startswith("C") for letter in text)


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that is given twice: JSON would silently keep the last."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _unreadable(name, "同一处出现了两次。")
        found[name] = value
    return found


def _unreadable(field: str, message: str) -> Invalid:
    return Invalid(
        "calendar_file_unreadable",
        "日历文件无法读取，没有导入任何内容。",
        cure="请改正后重新导入。",
        problems=(Problem(field, message),),
    )


class _Reader:
    """Reads field by field and goes on after a fault, so that one run lists all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, field: str, message: str) -> None:
        self.problems.append(Problem(field, message))

    def arrangement(self, content: object) -> Arrangement | None:
        if not isinstance(content, dict):
            self.fault("文件", "最外层应是一个对象 {…}。")
            return None
        self._keys("", content, _KEYS)
        year = self._year(content.get("year"))
        found = Arrangement(
            year=year,
            document_no=self._text("document_no", content.get("document_no"), DOCUMENT_LENGTH, optional=True),
            published_on=None if content.get("published_on") is None else self._date("published_on", content),
            source=self._text("source", content.get("source"), SOURCE_LENGTH),
            days=tuple(sorted(self._days(content.get("days"), year), key=lambda day: day.date)),
        )
        if not self.problems:
            self._statutory_days_are_there(found)
        return found

    def _keys(self, prefix: str, content: dict[str, object], known: frozenset[str]) -> None:
        for key in content.keys() - known:
            self.fault(prefix + key, "不认识的字段。")

    def _year(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and FIRST_YEAR <= value <= LAST_YEAR:
            return value
        self.fault("year", f"应是 {FIRST_YEAR} 到 {LAST_YEAR} 之间的整数。")
        return 0

    def _text(self, field: str, value: object, longest: int, *, optional: bool = False) -> str:
        if value is None and optional:
            return ""
        if isinstance(value, str) and value.strip() and len(value.strip()) <= longest and _is_plain(value):
            return value.strip()
        self.fault(field, f"应是不超过 {longest} 个字的文字，不能有控制字符。")
        return ""

    def _date(self, field: str, content: dict[str, object]) -> date | None:
        value = content.get(field.rpartition(".")[2])
        if isinstance(value, str):
            with suppress(ValueError):
                day = date.fromisoformat(value)
                if day.isoformat() == value:  # 20260101 and 2026-W01-1 are dates too, but not for a reader
                    return day
        self.fault(field, "应是真实存在的日期，写作 2026-01-01。")
        return None

    def _days(self, value: object, year: int) -> list[ArrangedDay]:
        if not isinstance(value, list) or not value:
            self.fault("days", "应是放假和调休日的列表，不能为空。")
            return []
        found: dict[date, ArrangedDay] = {}
        for place, item in enumerate(value):
            day = self._day(f"days[{place}]", item, year)
            if day is not None and day.date in found:
                self.fault(f"days[{place}].date", f"{day.date} 出现了两次。")
            elif day is not None:
                found[day.date] = day
        return list(found.values())

    def _day(self, prefix: str, item: object, year: int) -> ArrangedDay | None:
        if not isinstance(item, dict):
            self.fault(prefix, "应是一个对象 {date, kind, name}。")
            return None
        self._keys(f"{prefix}.", item, _DAY_KEYS)
        day = self._date(f"{prefix}.date", item)
        name = self._text(f"{prefix}.name", item.get("name"), NAME_LENGTH)
        kind = item.get("kind")
        if kind not in tuple(DayKind):
            self.fault(f"{prefix}.kind", "应是 holiday（放假）或 makeup（调休上班）。")
            return None
        if day is None:
            return None
        if year and day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
            self.fault(f"{prefix}.date", f"{day} 不属于 {year} 年（只允许上一年的 12 月）。")
        if kind == DayKind.MAKEUP and day.weekday() < WEEKDAYS:
            self.fault(f"{prefix}.date", f"{day} 不是周六、周日，不能调休上班。")
        return ArrangedDay(day, DayKind(kind), name)

    def _statutory_days_are_there(self, arrangement: Arrangement) -> None:
        """Find them: a file that forgets 国庆节 is cut off or of another year, whatever else it says."""
        off = {day.date for day in arrangement.days if day.kind is DayKind.HOLIDAY}
        for day, special in fixed_holidays(arrangement.year).items():
            if day not in off:
                self.fault("days", f"缺少法定节假日 {day}（{special.name}）。")
