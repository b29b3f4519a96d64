"""A bad file is told with row, field and cure, and changes nothing."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook

from matters import workbook
from matters.domain.guide_table import MATTERS, SHEETS
from matters.models import GuideDraft
from matters.workbook import written
from tests.factories.matters import as_file, record
from tests.matters.exchanging import cell, changed, counts, editor, exported, told, upload

__all__ = ["editor"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NAMES = (MATTERS, *SHEETS.values())


# --- bad files -------------------------------------------------------------------------------------------------------


def _steps(*seqs: int) -> list[dict[str, Any]]:
    steps = record("MZ-001")["steps"]
    return [step | {"seq": seq} for step, seq in zip(steps, seqs, strict=False)]


BAD_JSON = {
    "twice the same code": (as_file(record("MZ-001"), record("MZ-001")), "编码 MZ-001 与第 1 条重复"),
    "an unknown level": (as_file(record(decision_level="city")), "不认识的层级“city”"),
    "steps out of order": (as_file(record("MZ-001", steps=_steps(2, 1, 3, 4, 5, 6, 7, 8))), "环节序号应为 1"),
    "a promise over the statute": (
        as_file(record("MZ-001", promised_limit={"days": 99, "unit": "工作日", "basis": "curated"})),
        "承诺 99 个工作日，超过法定的 30 个工作日",
    ),
    "a material twice": (
        as_file(record("MZ-001", materials=[record("MZ-001")["materials"][0]] * 2)),
        "与第 1 项重复",
    ),
    "ten megabytes of text": (as_file(record("MZ-001", notes="长" * 3_500_000)), "指南内容超过 512 KB"),
    "an unknown bureau": (as_file(record(department_full="县没有局")), "本县没有部门"),
    "no object": (as_file(3), "这一条不是对象"),
    "no code": (as_file(record("MZ-001", id="")), "没有写编码"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_JSON)
def test_a_bad_record_is_told_with_its_place_and_cure(editor: Client, name: str) -> None:
    data, words = BAD_JSON[name]
    response = upload(editor, data)
    assert response.status_code == 422
    assert words in "".join(message for _where, _field, message in told(response))
    assert all(fault.where and fault.cure for fault in response.context["plan"]["faults"])
    assert response.context["confirm"] is None
    assert GuideDraft.objects.count() == 0


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b" " * (60 * 1024 * 1024))
    return out.getvalue()


def _zip_of(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, "<x/>")
    return out.getvalue()


def _entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')
    return out.getvalue()


BAD_FILES = {
    "half a JSON": (as_file(record())[:-1], "a.json", "不是完整的 JSON"),
    "wrong encoding": ('[{"id": "县"}]'.encode("gb18030"), "a.json", "不是 UTF-8 编码"),
    "an object": (b"{}", "a.json", "最外层应为列表"),
    "nothing": (b"  ", "a.json", "文件是空的"),
    "too deep": (b"[" * 100_000, "a.json", "不是完整的 JSON|嵌套太深"),
    "a zip bomb": (_bomb(), "a.xlsx", "解开后过大"),
    "not an Excel file": (b"just text", "a.xlsx", "不是 xlsx 格式"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "不是 xlsx 格式"),
    "a Word file": (_zip_of("word/document.xml"), "a.docx", "这不是 Excel 文件"),
    "another zip": (_zip_of("readme.txt"), "a.xlsx", "不是 Word(docx) 或 Excel(xlsx) 文件"),
    "a broken Excel file": (_zip_of("xl/workbook.xml"), "a.xlsx", "已损坏"),
    "half an Excel file": (_zip_of("xl/workbook.xml")[:60], "a.xlsx", "已损坏"),
    "XML entities": (_entities(), "a.xlsx", "不能上传"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_with_a_cure(editor: Client, name: str) -> None:
    data, called, words = BAD_FILES[name]
    response = upload(editor, data, called)
    assert response.status_code == 422
    html = response.content.decode()
    assert any(word in html for word in words.split("|")), html[html.find("error-summary") :][:600]
    assert "请" in html[html.find("error-summary") :][:900]
    assert GuideDraft.objects.count() == 0


def _set(sheet: str, label: str, value: Any, nth: int = 0) -> Any:
    def change(book: Any) -> None:
        cell(book, sheet, "MZ-001", label, nth).value = value

    return change


def _double(book: Any) -> None:
    book[MATTERS].cell(row=3, column=1).value = book[MATTERS].cell(row=2, column=1).value


def _orphan(book: Any) -> None:
    book["材料"].cell(row=2, column=1).value = "XX-999"


def _rename(book: Any) -> None:
    book["材料"].cell(row=1, column=2).value = "材料的名字"


def _no_matters(book: Any) -> None:
    book[MATTERS].title = "Sheet1"


BAD_CELLS = {
    "a formula": (_set("材料", "材料名称", "=1+1"), "材料 第", "材料名称", "这一格是公式"),
    "an unknown level": (_set("环节", "层级", "镇里"), "环节 第", "层级", "不认识的层级“镇里”"),
    "a step out of order": (_set("环节", "序号", 9), "环节 第", "序号", "环节序号应为 1"),
    "words for a number": (_set("环节", "天数", "三天"), "环节 第", "天数", "应为整数"),
    "a promise over the statute": (_set(MATTERS, "承诺时限", 99), "事项 第", "承诺时限", "超过法定的"),
    "a material twice": (_set("材料", "材料名称", "最低生活保障申请书(表)", 1), "材料 第", "材料名称", "重复"),
    "neither yes nor no": (_set("材料", "核验原件", "也许"), "材料 第", "核验原件", "true 或 false"),
    "a code twice": (_double, "事项 第 3 行", "事项编码", "重复"),
    "a material of no matter": (_orphan, "材料 第 2 行", "事项编码", "没有编码 XX-999"),
    "an unknown column": (_rename, "材料 第 1 行", "材料的名字", "不认识的列"),
    "no sheet of matters": (_no_matters, "文件", "事项", "没有“事项”这张表"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_bad_cell_is_told_with_sheet_row_column_and_cure(editor: Client, name: str) -> None:
    change, where, label, words = BAD_CELLS[name]
    response = upload(editor, changed(exported(editor, "xlsx", "?department=500236-MZ"), change), "改.xlsx")
    assert response.status_code == 422
    found = [one for one in told(response) if one[0].startswith(where) and one[1] == label and words in one[2]]
    assert found, told(response)[:6]
    assert all(fault.cure for fault in response.context["plan"]["faults"])
    assert GuideDraft.objects.count() == 0


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_it_says_something(editor: Client) -> None:
    book = Workbook()
    book.active.title = MATTERS
    book.active.cell(row=1, column=1).value = "事项编码"
    book.active.cell(row=1_000_000, column=16_000).value = "远"
    out = io.BytesIO()
    book.save(out)
    response = upload(editor, out.getvalue(), "a.xlsx")
    assert response.status_code == 422
    assert "超过 60000 行" in response.content.decode()


# --- too much, too deep, and codes that are none ---------------------------------------------------------------------


def test_more_entries_than_anybody_looks_at_are_refused_before_they_are_read(editor: Client) -> None:
    many = json.dumps([{"id": f"MZ-{number}x"} for number in range(2001)]).encode()
    response = upload(editor, many)
    assert response.status_code == 422
    assert "文件里有 2001 条，一次最多核对 2000 条" in response.content.decode()
    table = written({MATTERS: [["事项编码"], *([f"MZ-{number}x"] for number in range(2001))]})
    assert "一次最多核对 2000 条" in upload(editor, table, "a.xlsx").content.decode()


def test_a_table_of_more_cells_than_a_catalogue_has_is_refused(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 100)
    rows = [["事项编码", *["1"] * 10], *(["MZ-001", *["1"] * 10] for _ in range(10))]
    assert "文件超过 100 格" in upload(editor, written({MATTERS: rows}), "a.xlsx").content.decode()
    assert workbook.MOST_CELLS < 300_000  # what is patched is what is read


@pytest.mark.parametrize("depth", [52, 400, 900])
def test_what_is_nested_too_deep_is_told_and_not_walked(editor: Client, depth: int) -> None:
    deep = f'[{{"id": "MZ-010", "x": {"[" * depth}{"]" * depth}}}]'.encode()
    response = upload(editor, deep)
    assert response.status_code == 422
    assert "嵌套" in response.content.decode()


@pytest.mark.parametrize("code", ["halls", "Drafts", "LINT", "import", "similar", "sameness", "export.json"])
def test_a_word_of_our_own_addresses_is_no_code(editor: Client, code: str) -> None:
    (fault,) = upload(editor, json.dumps([{"id": code}]).encode()).context["plan"]["faults"]
    assert "编码" in fault.message
    assert "网址" in fault.cure


def test_codes_that_differ_in_case_alone_are_one(editor: Client) -> None:
    lower = record("NY-003") | {"id": "ny-003", "name": "另一个事项"}
    assert any("只差大小写" in message for _where, _field, message in told(upload(editor, as_file(lower))))
    new = record("NY-003") | {"id": "ny-999"}
    response = upload(editor, as_file(new, new | {"id": "NY-999"}))
    assert any("重复" in message for _where, _field, message in told(response))


def test_a_message_that_repeats_stands_once_with_every_place_and_the_count_is_of_all(editor: Client) -> None:
    items = [record(code) | {"confidence": "很高"} for code in ("MZ-001", "MZ-002", "MZ-003")]
    response = upload(editor, as_file(*items))
    assert response.status_code == 422
    assert (counts(response)["有错误"], counts(response)["错误共几处"]) == (3, 3)
    ((where, _field, message),) = told(response)
    assert message == "不认识的可信度“很高”。"
    assert all(f"第 {n} 条" in where for n in (1, 2, 3))


@pytest.mark.parametrize("days", ["-3", "9" * 12])
def test_a_number_out_of_range_is_told_the_range(editor: Client, days: str) -> None:
    item = record("MZ-001")
    item = item | {"promised_limit": item["promised_limit"] | {"days": days}}
    messages = [fault.cure for fault in upload(editor, as_file(item)).context["plan"]["faults"]]
    assert "请填 0 到 3650 的整数。" in messages
