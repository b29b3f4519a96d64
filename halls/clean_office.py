"""A form as a Word or Excel file: a known package of XML and nothing that runs or fetches.

The package is not written anew; it is refused when it holds macros, embedded programs, external data or more than a
form needs. Every part of XML is read as Word reads it, so that no spelling (a character reference, another encoding,
a field cut into runs) says to Word what it does not say here. It is only ever served as a download.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from halls.domain.errors import Invalid

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_XML: Final = ("xml", "rels", "vml")  # vml: how Excel draws the notes of cells
_PICTURES: Final = ("png", "jpeg", "jpg", "gif", "emf", "wmf", "fntdata", "odttf")
_PRINTER: Final = re.compile(r"printersettings/printersettings\d*\.bin")  # what Excel notes of the last printer
_ACTIVE_PART: Final = re.compile(
    r"vba|activex|embeddings|oleobject|externallinks|connections\.xml|customui|macrosheets|webextension"
)
# What a relation may not lead to, be it in the package or outside.
_ACTIVE_RELATION: Final = frozenset({
    "afchunk", "oleobject", "attachedtemplate", "frame", "subdocument", "package", "control", "vbaproject",
    "externallink", "externallinkpath", "webextension", "webextensiontaskpanes", "connections", "attachedtoolbars",
})  # fmt: skip
_ACTIVE_ELEMENT: Final = frozenset({"altchunk", "subdoc", "oleobject", "control", "ddelink", "olelink"})
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:|//|\\\\", re.I)
_PRESSED: Final = re.compile(r"(?:https?|mailto):", re.I)  # where a link that one must press may lead
# QUOTE with figures spells a field's name in character codes.
_FIELD: Final = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDE\w*)\b|\bQUOTE\s+\d|^\s*(?:LINK|IMPORT|DATABASE|EMBED)\b", re.I | re.M
)
_FORMULA: Final = re.compile(r"\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?)\s*\(|\|[^!]*!", re.I)
_QUOTED: Final = re.compile(r'"[^"]*"')
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
            if len({name.lower() for name in names}) < len(parts):
                raise _refused("file_damaged", "文件里有同名的部分，打开的可能不是您看到的。", field)
            if any(part.flag_bits & 1 for part in parts):
                raise _refused("file_locked", "文件加了密码，窗口打不开。", field)
            if any(_is_active(package, part) for part in parts):
                raise _refused("file_active", "文件里含有宏、嵌入的程序或外部链接，不能上传。", field)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, EOFError, RuntimeError):
        raise _refused("file_damaged", "文件已损坏，打不开。", field) from None
    except expat.ExpatError:
        raise _refused("file_damaged", "文件已损坏，有读不通的内容。", field) from None
    return data, kind


def _is_active(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    name = part.filename.lower()
    if part.is_dir() or _PRINTER.search(name):
        return False
    extension = name.rpartition(".")[2]
    if _ACTIVE_PART.search(name) or extension not in (*_XML, *_PICTURES):
        return True
    if extension not in _XML:
        return False
    with package.open(part) as handle:
        return _Part().is_active(handle.read(MOST_BYTES))


class _Found(Exception):  # noqa: N818 - it ends the reading, nothing failed
    """Something that runs or fetches."""


class _Part:
    """One part of XML, read to its end or to the first thing that runs or fetches.

    The text of a field is what stands in its runs together, with the fields inside it; without its marks (w:fldChar),
    what stands in the paragraph.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("UTF-8")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._reading = ""
        self._field: list[str] = []
        self._formula: list[str] = []
        self._depth = 0

    def is_active(self, data: bytes) -> bool:
        """Raises ExpatError for what is no XML in UTF-8."""
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - the parser of C takes no names
            self._judge_field()
        except _Found:
            return True
        return False

    def _refuse(self, *_told: object) -> None:
        raise _Found

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ("UTF-8", "UTF8"):
            raise _Found

    def _begin(self, name: str, given: dict[str, str]) -> None:
        element = _local(name)
        told = {_local(key): value for key, value in given.items()}
        if element in _ACTIVE_ELEMENT:
            raise _Found
        if element == "relationship":
            _require_quiet(told.get("type", ""), told.get("target", ""), told.get("targetmode", ""))
        elif element in ("override", "default"):
            _require_plain(told)
        elif element in ("imagedata", "fill", "stroke") and _SCHEME.match(told.get("src", "").strip()):
            raise _Found
        elif element == "fldsimple":
            _require_field(told.get("instr", ""))
        elif element == "fldchar":
            self._mark(told.get("fldchartype", ""))
        elif element in ("instrtext", "delinstrtext", "f", "definedname"):
            self._reading = element

    def _end(self, name: str) -> None:
        element = _local(name)
        if element == self._reading:
            self._reading = ""
        if element in ("f", "definedname"):
            if _FORMULA.search(_QUOTED.sub("", "".join(self._formula))):
                raise _Found
            self._formula.clear()
        elif element == "p":
            self._judge_field(keep=self._depth > 0)

    def _say(self, text: str) -> None:
        if self._reading in ("instrtext", "delinstrtext"):
            self._field.append(text)
        elif self._reading:
            self._formula.append(text)

    def _mark(self, kind: str) -> None:
        self._depth = max(self._depth + {"begin": 1, "end": -1}.get(kind, 0), 0)
        if self._depth == 0:
            self._judge_field()

    def _judge_field(self, *, keep: bool = False) -> None:
        _require_field("".join(self._field))
        if not keep:
            self._field.clear()


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _require_field(text: str) -> None:
    if _FIELD.search(text):
        raise _Found


def _require_quiet(kind: str, target: str, mode: str) -> None:
    """A link that one must press may lead outside; nothing else may."""
    last = kind.rpartition("/")[2]
    if last.lower() in _ACTIVE_RELATION:
        raise _Found
    is_outside = mode.strip().lower() not in ("", "internal") or _SCHEME.match(target.strip()) is not None
    if is_outside and not (kind.endswith("/hyperlink") and _PRESSED.match(target.strip())):
        raise _Found


def _require_plain(told: dict[str, str]) -> None:
    """No macros; and what is XML is called so, else it would not be read here."""
    content = told.get("contenttype", "").strip().lower()
    name = told.get("partname", "") or f".{told.get('extension', '')}"
    if "macroenabled" in content or (
        content.endswith(("+xml", "/xml")) and not name.lower().endswith(tuple(f".{one}" for one in _XML))
    ):
        raise _Found


def _refused(code: str, message: str, field: str) -> Invalid:
    return Invalid(
        code, message, field=field, cure="请在 Word 或 Excel 里另存为普通的 docx、xlsx，或另存为 PDF 再上传。"
    )
