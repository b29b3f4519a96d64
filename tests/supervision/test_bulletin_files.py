"""A bulletin on the page, as PDF, Word and Excel."""

import io
import zipfile

import pytest
from django.test import Client
from openpyxl import load_workbook

from supervision.papers import bulletin_docx, bulletin_xlsx
from supervision.selectors.bulletins import paged
from tests.supervision.bulletins import signed, streamed

pytestmark = pytest.mark.django_db


def test_word_and_excel_say_what_the_page_says(march, second):
    row = signed(march, second)
    content = paged(row)
    with zipfile.ZipFile(io.BytesIO(bulletin_docx(content))) as book:
        text = book.read("word/document.xml").decode()
    for words in (
        content["number"],
        *content["summary"],
        "请各乡镇抓紧办理。",
        "乡镇（街道）到期按时率排名",
        "指标定义",
    ):
        assert words in text
    sheets = load_workbook(io.BytesIO(bulletin_xlsx(content)))
    compared = list(sheets["与上期比较"].values)
    assert isinstance(compared[1][1], int)
    rows = list(sheets["乡镇（街道）办件"].values)
    assert len(rows) == len(content["tables"][0]["rows"]) + 1
    assert rows[-1][1] == int(content["tables"][0]["rows"][-1]["cells"][0])
    nothing = next(table for table in content["tables"] if table["note"].startswith("本表"))
    assert nothing["note"] in text
    assert len(list(sheets[nothing["caption"]].values)) == len(nothing["rows"]) + 1
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.get(f"/supervision/bulletins/{row.pk}/").content.decode()
    assert "比率取一位小数，只舍不入" in content["change_rule"]
    for words in (nothing["note"], content["comparison_note"], content["change_rule"], content["ranking"]["why"]):
        assert words
        assert words in page
        assert words in text


def test_pages_and_files_open_for_whoever_watches_the_county(march, second):
    row = signed(march, second)
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.get(f"/supervision/bulletins/{row.pk}/")
    assert paged(row)["number"] in page.content.decode()
    pdf = client.get(f"/supervision/bulletins/{row.pk}/file.pdf")
    assert streamed(pdf).startswith(b"%PDF")
    assert pdf["Cache-Control"] == "private, no-store"
    for form in ("docx", "xlsx"):
        assert client.get(f"/supervision/bulletins/{row.pk}/file.{form}").status_code == 200
    bad = client.post("/supervision/bulletins/draft/", {"kind": "month", "first": "2026-03-02"})
    assert bad.status_code == 422
    assert client.get("/supervision/bulletins/").status_code == 200
