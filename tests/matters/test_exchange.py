"""The catalogue as a file: out and back unchanged; a bad file is told row by row and changes nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from halls.models import Department
from matters.domain.draft_reader import read_draft
from matters.domain.guide_table import MATTERS, SHEETS, entries_of, tables_of
from matters.models import GuideDraft, Matter
from matters.selectors.exchange import contents_to_export
from matters.workbook import read, written
from tests.factories.halls import FENGJIE
from tests.factories.matters import as_file, record
from tests.matters.exchanging import cell, changed, counts, editor, exported, logged_in, told, upload

__all__ = ["editor"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NAMES = (MATTERS, *SHEETS.values())


@pytest.fixture
def bureau(client: Client) -> Client:
    return logged_in(client, Department.objects.get(code=f"{FENGJIE}-MZ"))


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
