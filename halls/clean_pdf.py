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
_GAP: Final = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*"
# Long enough not to turn up by chance in the bytes of a scan, as /JS and /AA do; a script needs /JavaScript. A file
# hangs at /EF whatever it is called, and what starts by itself (/AA) may lead to an address like a link does.
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|Rendition|SubmitForm|ImportData|GoToE|GoToR|XFA)"
    rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)"
    rb"|/(?:EF|AA)" + _GAP + rb"(?:<<|\d+" + _GAP + rb"\d+" + _GAP + rb"R(?![A-Za-z]))"
)
# What happens when it is opened: turning to a page, written in its place or as an object of its own.
_OPENS: Final = re.compile(
    rb"/OpenAction" + _GAP + rb"(?:(\d+)" + _GAP + rb"\d+" + _GAP + rb"R(?![A-Za-z])|(\[|<<.{0,2000}))", re.S
)
_PACKED: Final = re.compile(rb"\s*((?:\d+\s+\d+\s+)+)")  # number and offset of every object in a stream of objects
_TURNS: Final = re.compile(rb"/GoTo(?=[\x00\t\n\f\r ()<>\[\]{}/%])")
_LEADS: Final = re.compile(rb"/(?:URI|Next)(?=[\x00\t\n\f\r ()<>\[\]{}/%])")
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
_MOST_ACTIONS: Final = 20  # a paper is opened in one way; every edition of it may have its own


def clean_pdf(data: bytes, field: str) -> bytes:
    """Return the PDF without what hangs behind its end. Raises Invalid: incomplete, locked, active, a bomb."""
    end = data.rfind(_END)
    if end < max(len(data) - _TAIL, 0):
        raise Invalid("file_damaged", "PDF 文件不完整。", field=field, cure="请重新导出或扫描。")
    data = data[: end + len(_END)] + b"\n"
    plain = _plain_names(data)
    if _LOCKED.search(plain):
        raise Invalid("pdf_locked", "PDF 加了密码，窗口打不开。", field=field, cure="请去掉密码后另存，或打印后扫描。")
    streams = _Streams(data, field)
    if _ACTIVE.search(plain) or streams.are_active() or _opens_more([plain, *streams.objects]):
        raise _active(field)
    return data


def _opens_more(texts: list[bytes]) -> bool:
    """Whether opening it does anything but turn to a page; `texts`: the file, and what its streams of objects hold."""
    wanted: set[bytes] = set()
    for text in texts:
        for match in _OPENS.finditer(text):
            if match[1]:
                wanted.add(match[1])
            elif not _is_turning(match[2]):
                return True
    return len(wanted) > _MOST_ACTIONS or any(not _is_turning(_object(number, texts)) for number in wanted)


def _is_turning(action: bytes) -> bool:
    """A place in the paper, or an action that goes to one."""
    body = action.lstrip()
    if body.startswith(b"["):
        return True
    body = body[: _closed(body)]
    return _TURNS.search(body) is not None and _LEADS.search(body) is None


def _closed(body: bytes) -> int:
    """Return where the dictionary that begins here is closed."""
    depth = 0
    for match in re.finditer(rb"<<|>>", body):
        depth += 1 if match[0] == b"<<" else -1
        if depth == 0:
            return match.end()
    return len(body)


def _object(number: bytes, texts: list[bytes]) -> bytes:
    """Return the beginnings of every object of this number together with what hides it; b"" when none is found."""
    found = []
    for text in texts:
        found += [
            text[match.end() : match.end() + _DICTIONARY]
            for match in re.finditer(rb"(?<!\d)0*" + number.lstrip(b"0") + rb"\s+\d+\s+obj", text)
        ]
        packed = _PACKED.match(text)
        if packed is not None:
            words = packed[1].split()
            held = dict(zip(words[::2], words[1::2], strict=False))
            if number in held:
                found.append(text[packed.end() + int(held[number]) :][:_DICTIONARY])
    # An older edition of the object may be the one a reader shows: all of them must turn to a page.
    return next((one for one in found if not _is_turning(one)), found[0] if found else b"")


def _active(field: str) -> Invalid:
    return Invalid(
        "pdf_active", "PDF 里含有脚本或附件，不能上传。", field=field, cure="请打印成纸质后扫描，或另存为普通 PDF。"
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
        self.objects: list[bytes] = []  # what the streams of objects hold, once are_active() has looked

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
            if holds_objects:
                self.objects.append(_plain_names(inside))
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
            "PDF 解开后过大，无法检查。",
            field=self._field,
            cure="请打印成纸质后扫描，或分成几个文件。",
        )
