"""A PDF that is paper and nothing more: no script, no program to start, no file inside, no lock.

Not a parser of PDF: every place where a name can stand is searched for the names of active content,
also when it is written with #xx escapes or packed into a compressed object stream. A PDF is only ever
served as a download, so that what slips through still meets no browser.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from halls.domain.errors import Invalid

_END: Final = b"%%EOF"
_TAIL: Final = 2048
# Long enough not to turn up by chance in the bytes of a scan, as /JS and /AA do; a script needs /JavaScript,
# an action of /AA or /OpenAction needs one of these.
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoToE|GoToR|XFA)"
    rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)"
)
_LOCKED: Final = re.compile(rb"/Encrypt(?=[\x00\t\n\f\r ()<>\[\]{}/%])")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_DICTIONARY: Final = 4096  # how far before a stream its dictionary is looked for
_OBJECTS: Final = re.compile(rb"/ObjStm|/First[\s\d]")

_CHUNK: Final = 65_536
_GLANCE: Final = 262_144  # of a page's drawing or a picture
_WHOLE: Final = 32 * 1024 * 1024  # of a stream that holds objects
_BUDGET: Final = 256 * 1024 * 1024
_MOST_STREAMS: Final = 20_000


def clean_pdf(data: bytes, field: str) -> bytes:
    """Return the PDF without what hangs behind its end. Raises Invalid: incomplete, locked, active, a bomb."""
    end = data.rfind(_END)
    if end < max(len(data) - _TAIL, 0):
        raise Invalid("file_damaged", "PDF 文件不完整。", field=field, cure="请重新导出或扫描。")
    data = data[: end + len(_END)] + b"\n"
    plain = _plain_names(data)
    if _LOCKED.search(plain):
        raise Invalid("pdf_locked", "PDF 加了密码, 窗口打不开。", field=field, cure="请去掉密码后另存, 或打印后扫描。")
    if _ACTIVE.search(plain) or _Streams(data, field).are_active():
        raise _active(field)
    return data


def _active(field: str) -> Invalid:
    return Invalid(
        "pdf_active", "PDF 里含有脚本或附件, 不能上传。", field=field, cure="请打印成纸质后扫描, 或另存为普通 PDF。"
    )


def _plain_names(data: bytes) -> bytes:
    """Undo #xx escapes, with which names like /J#61vaScript hide."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)


class _Streams:
    """The compressed parts of a PDF, inflated within a budget."""

    def __init__(self, data: bytes, field: str) -> None:
        self._data = data
        self._view = memoryview(data)
        self._field = field
        self._left = _BUDGET

    def are_active(self) -> bool:
        for count, match in enumerate(_STREAM.finditer(self._data)):
            if count > _MOST_STREAMS:
                raise self._too_much()
            head = _plain_names(self._data[max(match.start() - _DICTIONARY, 0) : match.start()])
            head = head[head.rfind(b" obj") + 1 :]
            holds_objects = _OBJECTS.search(head) is not None
            inside = self._inflate(match.end(), _WHOLE if holds_objects else _GLANCE)
            if _ACTIVE.search(_plain_names(inside)):
                return True
            # Packed in a way that is not looked into: nothing that makes papers does this.
            if holds_objects and b"/Filter" in head and (not inside or b"/Predictor" in head):
                return True
            if holds_objects and len(inside) >= _WHOLE:
                raise self._too_much()
        return False

    def _inflate(self, start: int, most: int) -> bytes:
        """Return what the bytes from `start` inflate to, up to `most`; b"" when they are not compressed."""
        machine, parts, size = zlib.decompressobj(), [], 0
        for place in range(start, len(self._data), _CHUNK):
            try:
                part = machine.decompress(self._view[place : place + _CHUNK], most - size)
            except zlib.error:
                break
            parts.append(part)
            size += len(part)
            if machine.eof or size >= most:
                break
        self._left -= size
        if self._left < 0:
            raise self._too_much()
        return b"".join(parts)

    def _too_much(self) -> Invalid:
        return Invalid(
            "pdf_too_complex",
            "PDF 解开后过大, 无法检查。",
            field=self._field,
            cure="请打印成纸质后扫描, 或分成几个文件。",
        )
