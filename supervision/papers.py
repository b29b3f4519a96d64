"""The three files of a bulletin: PDF set by typst, DOCX for those who write on, XLSX for those who reckon."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from halls.domain.printable import all_printable
from matters.printing import paper
from matters.workbook import written
from supervision.domain.bulletin import brief, ranking_of

HOME: Final = Path(__file__).parent / "typesetting"
SERIF, SANS = "FangSong", "SimHei"  # what Chinese offices have; others fall back to their own
SMALL, BODY, HEAD, TITLE = Pt(7.5), Pt(14), Pt(15), Pt(22)


def bulletin_pdf(paged: dict[str, Any], key: str) -> Path:
    """Return the PDF; `key` changes with the content. Raises Refused while the machine is busy with other papers."""
    return paper("bulletin", key, lambda: brief(paged), home=HOME)


def bulletin_xlsx(paged: dict[str, Any]) -> bytes:
    """Return the workbook: summary, every row of every table, comparison, ranking, definitions."""
    paged = all_printable(paged)
    ranking = ranking_of(paged)
    sheets: dict[str, list[list[Any]]] = {
        "概况": [["项目", "内容"], *_facts(paged)],
        **{table["caption"]: [["单位", *table["heads"]], *_rows(table)] for table in paged["tables"]},
        "与上期比较": [
            ["指标", "本期", "上期", "变化"],
            *([label, _number(now), _number(before), change] for label, now, before, change in _compared(paged)),
        ],
        "排名": [
            ranking["heads"],
            *[[p["place"], p["name"], *(_number(cell) for cell in p["cells"])] for p in ranking["places"]],
            *[["不排名", names, why] for why, names in ranking["unranked"]],
        ],
        "指标定义": [["指标", "定义"], *[[c["label"], c["definition"]] for c in paged["columns"]], *_rules(paged)],
    }
    return written(sheets)


def _rules(paged: dict[str, Any]) -> list[list[str]]:
    rules = (("变化", paged.get("change_rule", "")), ("排名", paged["ranking"]["rule"]))
    return [[label, words] for label, words in rules if words]


def _facts(paged: dict[str, Any]) -> list[list[str]]:
    lines = [["标题", f"{paged['title']} {paged['label']}"], ["文号", paged["number"] or paged["draft"]]]
    lines += [["总体情况", line] for line in paged["summary"]]
    lines += [["更正", line] for line in paged["corrections"]]
    lines += [["情况说明和工作要求", line] for line in paged["remarks"]]
    return [*lines, ["统计口径", paged["counted"]], ["记录链", paged["anchor"]]]


def _rows(table: dict[str, Any]) -> list[list[Any]]:
    return [[row["name"], *(int(c) if c.isdecimal() else c for c in row["cells"])] for row in table["rows"]]


def _compared(paged: dict[str, Any]) -> list[list[Any]]:
    return [[row["label"], row["now"], row["before"], row["change"]] for row in paged["comparison"]]


def _number(text: str) -> int | str:
    """A count as a number, by which a sheet can reckon; shares stay as they are printed."""
    return int(text) if text.isascii() and text.isdecimal() else text


def bulletin_docx(paged: dict[str, Any]) -> bytes:
    """Return the paper as a Word file, laid out as official papers are, so that an office can go on with it."""
    paged, book = all_printable(brief(paged)), Document()
    _fonts(book)
    _line(book, paged["title"], TITLE, SANS, centred=True)
    _line(book, paged["label"], BODY, SERIF, centred=True)
    for words in (paged["number"], paged["draft"], paged["sample"]):
        if words:
            _line(book, words, BODY, SERIF, centred=True)
    _section(book, "一、总体情况", paged["summary"])
    _head(book, "二、与上期比较")
    if paged["comparison"]:
        _table(book, ["指标", "本期", "上期", "变化"], _compared(paged), Pt(11))
    _notes(book, paged["comparison_note"], paged["change_rule"])
    _ranking(book, paged["ranking"])
    _section(book, "四、更正", paged["corrections"] or ["本期没有对已月结数字的更正。"])
    if paged["remarks"]:
        _section(book, "五、情况说明和工作要求", paged["remarks"])
    for words in (paged["organ"], paged["issued"], paged["signed"]):
        if words:
            _line(book, words, BODY, SERIF).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _line(book, f"{paged['counted']} 记录链：{paged['anchor']}", Pt(10), SERIF)
    _appendix(book, paged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _appendix(book: Any, paged: dict[str, Any]) -> None:
    """The wide tables, on pages that lie, and what every column means."""
    part = book.add_section()
    part.orientation, part.page_width, part.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    part.left_margin = part.right_margin = Cm(1.2)
    for number, table in enumerate(paged["tables"], start=1):
        _head(book, f"附表 {number}　{table['caption']}")
        if table["rows"]:
            _table(book, ["单位", *table["heads"]], [[row["name"], *row["cells"]] for row in table["rows"]], SMALL)
        _notes(book, table["note"])
    _head(book, "指标定义")
    _table(book, ["指标", "定义"], [[c["label"], c["definition"]] for c in paged["columns"]], Pt(10))


def _notes(book: Any, *notes: str) -> None:
    for words in notes:
        if words:
            _line(book, words, Pt(10), SERIF)


def _ranking(book: Any, ranking: dict[str, Any]) -> None:
    _head(book, f"三、{ranking['title']}")
    rows = [[str(p["place"]), p["name"], *p["cells"]] for p in ranking["places"]]
    if rows:
        _table(book, ranking["heads"], rows, Pt(11))
    else:
        _line(book, ranking["why"], BODY, SERIF)
    _line(book, f"排名规则：{ranking['rule']}", Pt(10), SERIF)
    if ranking["unranked"]:
        for why, names in ranking["unranked"]:
            _line(book, f"{why}：{names}。", Pt(10), SERIF)


def _fonts(book: Any) -> None:
    style = book.styles["Normal"]
    style.font.name, style.font.size = SERIF, BODY
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SERIF)
    part = book.sections[0]
    part.page_width, part.page_height = Cm(21), Cm(29.7)
    part.left_margin = part.right_margin = Cm(2.6)


def _section(book: Any, title: str, paragraphs: Sequence[str]) -> None:
    _head(book, title)
    for words in paragraphs:
        _line(book, words, BODY, SERIF).paragraph_format.first_line_indent = BODY * 2


def _head(book: Any, words: str) -> None:
    _line(book, words, HEAD, SANS)


def _line(book: Any, words: str, size: int, font: str, *, centred: bool = False) -> Any:
    paragraph = book.add_paragraph()
    run = paragraph.add_run(words)
    run.font.size, run.font.name = size, font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _table(book: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], size: int) -> None:
    table = book.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, words, size, bold=True)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            _write(cell, words, size)


def _write(cell: Any, words: str, size: int, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(words)
    run.font.size, run.font.bold = size, bold
