"""The catalogue going out as a file, and a file held against the catalogue before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid
from halls.models import Department
from matters.domain.catalogue_file import load_list
from matters.domain.draft_reader import blank_content, read_draft, why_unstorable
from matters.domain.elements import CHOICE, CHOICES, SECTIONS, words_of
from matters.domain.guide_diff import Change, difference
from matters.domain.guide_table import MATTERS, SHEETS, Entry, TableFault, entries_of
from matters.domain.matter_reader import CODE, CODE_CURE, read_matter, refuse_strangers
from matters.domain.record_reader import Faults, Reader, RecordFault
from matters.models import GuideDraft, Matter
from matters.querysets import MatterQuerySet
from matters.workbook import read

MOST_ENTRIES = 2000
NEW, CHANGED, UNCHANGED, FAULTY = "new", "changed", "unchanged", "faulty"


@dataclass(frozen=True, slots=True)
class Planned:
    """What the file would do to one matter. `base` is the version it was held against, 0 for a new matter."""

    code: str
    name: str
    where: str
    state: str
    changes: tuple[Change, ...]
    faults: tuple[TableFault, ...]
    content: dict[str, Any]
    department_code: str = ""
    base: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """`lost`: faults of the file that belong to no matter."""

    rows: tuple[Planned, ...]
    lost: tuple[TableFault, ...]

    def of(self, state: str) -> list[Planned]:
        return [row for row in self.rows if row.state == state]

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.of(FAULTY)

    @property
    def to_write(self) -> list[Planned]:
        return [row for row in self.rows if row.state in (NEW, CHANGED)]


def contents_to_export(matters: MatterQuerySet) -> Iterator[dict[str, Any]]:
    """Return the guides of these matters in the words of a file (1 query)."""
    rows = matters.filter(current__isnull=False).values_list("current__content", "is_core")
    for content, is_core in rows.iterator(chunk_size=200):
        if content:
            yield content | {"core": is_core}


def read_file(data: bytes, name: str) -> tuple[list[Entry], list[TableFault]]:
    """Return the matters of a JSON or Excel file.

    Raises Invalid when it is neither, cannot be read at all, or holds too much to be looked at.
    """
    if data.startswith(b"PK\x03\x04"):
        tables = read(data, (MATTERS, *SHEETS.values()))
        _require_few(len(tables.get(MATTERS, ())) - 1)
        return entries_of(tables)
    if name.lower().endswith((".xlsx", ".xls", ".xlsm", ".csv")) or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            "bad_catalogue_file",
            "这不是 xlsx 格式的 Excel 文件。",
            field="file",
            cure="请在 Excel 里另存为 xlsx（不带宏）。",
        )
    listed = load_list(data)
    _require_few(len(listed))
    return _json_entries(listed)


def _require_few(count: int) -> None:
    if count > MOST_ENTRIES:
        raise Invalid(
            "too_many",
            f"文件里有 {count} 条，一次最多核对 {MOST_ENTRIES} 条。",
            field="file",
            cure="请分部门导出，分几次导入。",
        )


def _json_entries(data: Sequence[Any]) -> tuple[list[Entry], list[TableFault]]:
    entries: dict[str, Entry] = {}
    lost: list[TableFault] = []
    seen: dict[str, str] = {}
    for position, item in enumerate(data, start=1):
        where = f"第 {position} 条"
        code = item.get("id") if isinstance(item, dict) else None
        if not isinstance(item, dict):
            lost.append(TableFault(where, "", "这一条不是对象。", "请用花括号写一条事项。"))
        elif not isinstance(code, str) or not CODE.fullmatch(code):
            lost.append(TableFault(where, "id", "没有写编码，或编码不对。", CODE_CURE))
        elif code.lower() in seen:
            lost.append(
                TableFault(where, "id", f"编码 {code} 与{seen[code.lower()]}重复。", "请删去其中一条或改正编码。")
            )
        elif why := why_unstorable(item):
            lost.append(TableFault(where, _longest(item), why, "请核对这一条；这一项最长。"))
        else:
            seen[code.lower()] = where
            entries[code] = Entry(code, where, item, is_whole=True, faults=_strangers(where, item))
    return list(entries.values()), lost


def _longest(item: Mapping[str, Any]) -> str:
    """Return in words which part of it is the longest; of something too deep to be written out, nothing."""
    try:
        return words_of(max(item, key=lambda name: len(str(item[name]))))
    except RecursionError:
        return ""


def _strangers(where: str, item: dict[str, Any]) -> list[TableFault]:
    """Return what the format does not know in this record; the rest is judged with the guide in force beside it."""
    reader = Reader(item, Faults(where))
    read_matter(reader, None)
    already = len(reader.faults.found)
    refuse_strangers(reader)
    return [TableFault(where, one.field, one.message, one.cure) for one in reader.faults.found[already:]]


def plan(entries: Sequence[Entry], lost: Sequence[TableFault], actor: Actor) -> Plan:
    """Hold the file against the catalogue (4 queries); nothing is written."""
    codes = [entry.code for entry in entries]
    matters = {
        matter.code: matter for matter in Matter.objects.filter(code__in=codes).select_related("current", "department")
    }
    busy = dict(
        GuideDraft.objects.visible_to(actor).open().filter(code__in=codes).values_list("code", "edited_by__full_name")
    )
    bureaus = {
        bureau.organ: bureau
        for bureau in Department.objects.filter(kind=Department.Kind.BUREAU, retired_on__isnull=True)
    }
    rows = [_planned(entry, matters.get(entry.code), busy.get(entry.code), bureaus, actor) for entry in entries]
    return Plan(tuple(rows), (*lost, *_only_in_case(entries, set(matters))))


def _only_in_case(entries: Sequence[Entry], known: Set[str]) -> Iterator[TableFault]:
    """Yield the new codes that differ from one in the catalogue in case alone (1 query)."""
    new = [entry for entry in entries if entry.code not in known]
    taken = {code.lower(): code for code in Matter.objects.values_list("code", flat=True)} if new else {}
    for entry in new:
        if entry.code.lower() in taken:
            said = f"编码 {entry.code} 与已有的 {taken[entry.code.lower()]} 只差大小写。"
            yield TableFault(entry.where, "事项编码", said, "请改为已有的编码，或换一个。")


def _planned(
    entry: Entry, matter: Matter | None, busy: str | None, bureaus: Mapping[str, Department], actor: Actor
) -> Planned:
    current = matter.current if matter is not None else None
    base = (current.content | {"core": matter.is_core}) if matter is not None and current is not None else None
    content = entry.over(base if base is not None else blank_content(entry.code, ""))
    record, found = read_draft(content, bureaus)
    faults = [*entry.faults, *(_placed(entry, fault) for fault in found)]
    if not CODE.fullmatch(entry.code):
        faults = faults or [TableFault(entry.where, "事项编码", "编码不对。", "请改为如 NY-003 的编码。")]
    changes = () if faults else difference(read_draft(base)[0] if base is not None else None, record)
    bureau = bureaus.get(record.department)
    if changes:
        faults = [
            TableFault(entry.where, field, message, cure)
            for field, message, cure in _refusals(matter, busy, bureau, actor)
        ]
    state = FAULTY if faults else UNCHANGED if not changes else NEW if base is None else CHANGED
    return Planned(
        code=entry.code,
        name=record.name or entry.code,
        where=entry.where,
        state=state,
        changes=changes,
        faults=tuple(faults),
        content=content,
        department_code=bureau.code if bureau is not None else "",
        base=current.number if current is not None else 0,
    )


def _refusals(
    matter: Matter | None, busy: str | None, bureau: Department | None, actor: Actor
) -> Iterator[tuple[str, str, str]]:
    """Yield why this person cannot write this change now; of a matter that is not theirs nothing more is said."""
    for department in filter(None, (matter.department if matter is not None else None, bureau)):
        if not actor.holds(Duty.EDIT_MATTERS, department.path):
            yield (
                "主管部门",
                f"这是{department.name}的事项，不在您的管理范围内。",
                "请删去这一条，或请县级事项管理员导入。",
            )
            return
    if matter is not None and matter.abolished_on is not None:
        yield "事项编码", "这个事项已经取消，不能再改。", "请删去这一条，或用新的编码另建事项。"
    if busy is not None:
        yield "事项编码", f"这个事项有一份没有施行的草稿（{busy}）。", "请先办完或放弃那份草稿。"


def _placed(entry: Entry, fault: RecordFault) -> TableFault:
    """Say where the fault stands in the file, and the cure in the words of the file."""
    where, label = _place(entry, fault.field)
    cure = fault.cure
    if not entry.is_whole and fault.message.startswith("不认识的"):
        words = _choices(label)
        cure = f"请用其中之一：{'、'.join(words)}。" if words else cure
    return TableFault(where, label, fault.message, cure)


def _place(entry: Entry, path: str) -> tuple[str, str]:
    at = path
    while at:
        if at in entry.places:
            return entry.places[at]
        near = next((place for name, place in entry.places.items() if name.startswith(f"{at}.")), None)
        if near is not None:
            return near
        at = at.rpartition("[" if at.endswith("]") else ".")[0]
    return entry.where, words_of(path)


def _choices(label: str) -> list[str]:
    parts = [one for section in SECTIONS for one in section.elements]
    parts += [one for section in SECTIONS for rows in section.rows for one in rows.elements]
    return next(
        (
            [word for _value, word in one.choices]
            for one in parts
            if one.label == label and one.kind in (CHOICE, CHOICES)
        ),
        [],
    )
