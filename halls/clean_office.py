"""A form as a Word or Excel file: a known package of XML and nothing that runs or fetches.

The package is not written anew; it is refused when it holds macros, embedded programs, external data or more than a
form needs. It is only ever served as a download.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from halls.domain.errors import Invalid

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_ACTIVE_PART: Final = re.compile(
    r"vba|activex|embeddings|oleobject|externallinks|connections\.xml|customui|macrosheets|\.(?:bin|exe|js|vbs|html?)$",
    re.I,
)
# A template, an object, data or a picture from elsewhere; a link that one must press is left.
_OUTSIDE: Final = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[^<>]*>", re.I)
_LINK: Final = re.compile(rb"/relationships/hyperlink[\"']")
_SPEAKS: Final = re.compile(rb"macroEnabled|<!DOCTYPE|<!ENTITY|\bDDE(?:AUTO)?\b", re.I)
_PRINTER: Final = re.compile(r"printersettings\d*\.bin$", re.I)  # what Excel notes of the last printer
MOST_PARTS, MOST_BYTES = 500, 40 * 1024 * 1024


def clean_office(data: bytes, field: str) -> tuple[bytes, str]:
    """Return the file and its media type. Raises Invalid: damaged, not DOCX or XLSX, active, a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise _refused("file_too_complex", "文件解开后过大，无法检查。", field)
            names = {part.filename for part in parts}
            kind = next((media for main, media in _MAIN.items() if main in names), None)
            if kind is None or "[Content_Types].xml" not in names:
                raise _refused("file_type", "这不是 Word(docx) 或 Excel(xlsx) 文件。", field)
            if any(part.flag_bits & 1 for part in parts):
                raise _refused("file_locked", "文件加了密码，窗口打不开。", field)
            if any(_is_active(package, part) for part in parts):
                raise _refused("file_active", "文件里含有宏、嵌入的程序或外部链接，不能上传。", field)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, EOFError, RuntimeError):
        raise _refused("file_damaged", "文件已损坏，打不开。", field) from None
    return data, kind


def _is_active(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if _PRINTER.search(part.filename):
        return False
    if _ACTIVE_PART.search(part.filename):
        return True
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with package.open(part) as handle:
        text = handle.read(MOST_BYTES)
    if _SPEAKS.search(text):
        return True
    return part.filename.endswith(".rels") and any(not _LINK.search(one) for one in _OUTSIDE.findall(text))


def _refused(code: str, message: str, field: str) -> Invalid:
    return Invalid(
        code, message, field=field, cure="请在 Word 或 Excel 里另存为普通的 docx、xlsx，或另存为 PDF 再上传。"
    )
