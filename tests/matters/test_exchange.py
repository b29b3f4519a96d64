"""The catalogue as a file: out and back unchanged; a bad file is told row by row and changes nothing."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from halls.domain.duties import PostKind
from halls.models import Department, Hall
from matters import workbook
from matters.domain.draft_reader import read_draft
from matters.domain.guide_table import MATTERS, SHEETS, entries_of, tables_of
from matters.models import GuideDraft, Matter
from matters.selectors.exchange import contents_to_export
from matters.workbook import read, written
from tests.factories.halls import FENGJIE, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMES = (MATTERS, *SHEETS.values())


def logged_in(client: Client, node: Any) -> Client:
    client.force_login(person_in_post(PostKind.CATALOGUE_EDITOR, node), backend=BACKEND)
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    return logged_in(client, Hall.objects.get(code=FENGJIE))


@pytest.fixture
def bureau(client: Client) -> Client:
    return logged_in(client, Department.objects.get(code=f"{FENGJIE}-MZ"))


def exported(client: Client, kind: str, query: str = "") -> bytes:
    response = client.get(f"/matters/export.{kind}{query}")
    assert response.status_code == 200
    return response.getvalue()


def upload(client: Client, data: bytes, name: str = "事项.json") -> Any:
    return client.post("/matters/import/", {"file": SimpleUploadedFile(name, data)})


def counts(response: Any) -> dict[str, int]:
    return {one["label"]: one["count"] for one in response.context["plan"]["counts"]}


def told(response: Any) -> list[tuple[str, str, str]]:
    return [(fault.where, fault.field, fault.message) for fault in response.context["plan"]["faults"]]


def changed(data: bytes, change: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(book: Any, sheet: str, code: str, label: str, nth: int = 0) -> Any:
    found = book[sheet]
    column = next(one.column for one in found[1] if one.value == label)
    rows = [row[0].row for row in found.iter_rows(min_row=2) if row[0].value == code]
    return found.cell(row=rows[nth], column=column)


# --- out and back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_what_was_exported_is_unchanged_when_it_comes_back(editor: Client, kind: str) -> None:
    response = upload(editor, exported(editor, kind), f"matters.{kind}")
    assert response.status_code == 200, told(response)[:5]
    assert counts(response) == {"新增": 0, "有改动": 0, "没有改动": 133, "有错误": 0}
    assert "没有要导入的" in response.content.decode()


def test_an_excel_file_that_excel_saved_again_is_unchanged_too(editor: Client) -> None:
    again = changed(exported(editor, "xlsx"), lambda book: None)  # shared strings instead of inline ones
    assert counts(upload(editor, again, "matters.xlsx"))["没有改动"] == 133


def test_every_record_comes_back_from_its_tables_as_it_was() -> None:
    contents = list(contents_to_export(Matter.objects.all()))
    entries, lost = entries_of(read(written(tables_of(contents)), NAMES))
    assert lost == []
    for content, entry in zip(contents, entries, strict=True):
        assert read_draft(entry.over({})) == read_draft(content)


def test_an_export_follows_the_filter_of_the_list(editor: Client) -> None:
    codes = {one["id"] for one in json.loads(exported(editor, "json", "?department=500236-MZ"))}
    assert len(codes) == 17
    assert len(json.loads(exported(editor, "json", "?q=zjd"))) == 4
    assert all(Matter.objects.get(code=code).department.code == "500236-MZ" for code in codes)


ODD = ["=1+1", "+86 23", "-5", "@SUM(A1)", "a\rb", "两行\n两行", "_x000D_", "_x005F_", "、，", "\uff11\uff12", "\uffff"]


@pytest.mark.parametrize("text", ODD)
def test_no_text_becomes_a_formula_and_every_text_comes_back(text: str) -> None:
    content = next(contents_to_export(Matter.objects.filter(code="MZ-001")))
    content = content | {"notes": text, "conditions": [text], "aliases": [text]}
    content["materials"] = [content["materials"][0] | {"name": text}]
    data = written(tables_of([content]))
    book = load_workbook(io.BytesIO(data))
    for sheet, label in ((MATTERS, "整理说明"), ("材料", "材料名称"), ("条件", "受理条件")):
        found = cell(book, sheet, "MZ-001", label)
        assert found.data_type == "s"
        assert found.quotePrefix == text.startswith(("=", "+", "-", "@"))
    (entry,), _lost = entries_of(read(data, NAMES))
    back = read_draft(entry.over({}))[0]
    assert (back.notes, back.conditions, back.aliases, back.materials[0].name) == (text, (text,), (text,), text)


def test_a_leading_tab_is_text_as_well() -> None:
    lines = read(written({"材料": [["名称"], ["\t=1+1"]]}), ["材料"])["材料"]
    assert lines[1].cells == ("\t=1+1",)


# --- in, as drafts ---------------------------------------------------------------------------------------------------


def confirm(client: Client, response: Any, **more: str) -> Any:
    plan = response.context["confirm"].initial["plan"]
    return client.post("/matters/import/", {"plan": plan, "reason": "渝民发〔2026〕3号", "ordered_on": "", **more})


def test_a_changed_file_is_shown_in_words_and_becomes_drafts(editor: Client) -> None:
    def change(book: Any) -> None:
        cell(book, "材料", "MZ-001", "材料名称", 1).value = "居民身份证或电子证照"
        cell(book, MATTERS, "MZ-002", "咨询方式").value = 56785566

    response = upload(editor, changed(exported(editor, "xlsx"), change), "改.xlsx")
    assert counts(response)["有改动"] == 2
    html = response.content.decode()
    assert "居民身份证或电子证照" in html
    assert "咨询方式填写为“56785566”" in html
    assert GuideDraft.objects.count() == 0
    assert confirm(editor, response).status_code == 302
    assert {draft.code: draft.state for draft in GuideDraft.objects.all()} == {"MZ-001": "editing", "MZ-002": "editing"}
    assert GuideDraft.objects.get(code="MZ-002").reason == "渝民发〔2026〕3号"
    assert Matter.objects.filter(code="MZ-002", current__number=1).exists()
    again = upload(editor, changed(exported(editor, "xlsx"), change), "改.xlsx")
    assert (again.status_code, counts(again)["有错误"]) == (422, 2)
    assert "有一份没有施行的草稿" in again.content.decode()


def test_a_new_matter_comes_in_as_a_draft(editor: Client) -> None:
    response = upload(editor, as_file(record("MZ-001", id="MZ-901", name="示例新事项")))
    assert counts(response)["新增"] == 1
    assert confirm(editor, response).status_code == 302
    assert not Matter.objects.filter(code="MZ-901").exists()
    assert GuideDraft.objects.get().name == "示例新事项"


def test_a_sheet_that_is_not_there_leaves_what_the_guide_says(editor: Client) -> None:
    def change(book: Any) -> None:
        for name in NAMES[1:]:
            del book[name]
        book[MATTERS].delete_cols(4, 30)

    response = upload(editor, changed(exported(editor, "xlsx"), change), "只有名称.xlsx")
    assert counts(response)["没有改动"] == 133


def test_a_bureau_imports_only_its_own(bureau: Client) -> None:
    others = record("NY-003", conditions=["改了"])
    response = upload(bureau, as_file(record("MZ-004", conditions=["改了"]), others))
    assert (response.status_code, counts(response)["有错误"]) == (422, 1)
    assert "不在您的管理范围内" in response.content.decode()
    assert response.context["confirm"] is None


def test_all_or_nothing_when_a_draft_was_begun_between_look_and_confirmation(editor: Client) -> None:
    response = upload(editor, as_file(record("MZ-001", conditions=["改了"]), record("MZ-002", conditions=["改了"])))
    assert editor.post("/matters/MZ-002/draft/").status_code == 302
    refused = confirm(editor, response)
    assert (refused.status_code, GuideDraft.objects.count()) == (409, 1)
    assert "MZ-002 已有一份没有施行的草稿" in refused.content.decode()


def test_a_confirmation_that_was_not_shown_is_not_taken(editor: Client) -> None:
    response = editor.post("/matters/import/", {"plan": "eyJhIjoxfQ:x:y", "reason": "x"})
    assert (response.status_code, GuideDraft.objects.count()) == (422, 0)
    assert "核对页已过时" in response.content.decode()


def test_a_reason_is_demanded_and_the_plan_is_kept(editor: Client) -> None:
    response = upload(editor, as_file(record("MZ-001", conditions=["改了"])))
    refused = confirm(editor, response, reason=" ")
    assert (refused.status_code, GuideDraft.objects.count()) == (422, 0)
    assert 'name="plan"' in refused.content.decode()


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
