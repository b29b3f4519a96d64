"""锚定: seal what the ledger says today in a line of a file that the database cannot reach."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import Max

from applications.models import Event
from halls.domain.errors import Refused
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment
from supervision.domain.anchors import Anchor as Line
from supervision.domain.anchors import Sealed, digest_of, read_lines
from supervision.models import Anchor
from supervision.selectors.anchors import COVERED, cover, read_cuts
from supervision.selectors.seals import read_seals

logger = logging.getLogger(__name__)


def anchor_ledger(*, anew: bool = False) -> Anchor:
    """Append one anchor to the file and leave its mark in the database.

    `anew` begins a new row of anchors that covers everything there is, where the old row cannot be continued: a lost
    file, a restored backup. What broke stays visible to verify_ledger.
    Raises Refused when the file or the database is not what the last anchor left.
    """
    try:
        with _file() as stream:
            return _append(stream, anew=anew)
    except OSError as error:
        raise Refused(
            "anchor_file",
            f"锚点文件 {settings.ANCHOR_FILE} 写不进去：{error.strerror}。",
            cure="请检查 ANCHOR_FILE 所在的磁盘是否挂载、可写、有空间。",
        ) from error


def _append(stream: BinaryIO, *, anew: bool) -> Anchor:
    lines = list(read_lines(stream, settings.ANCHOR_KEY))
    last = None if anew else _continued(lines)
    known = Anchor.objects.aggregate(last=Max("serial"))["last"] or 0
    serial = max(known, *(line.anchor.serial for line in lines if line is not None), 0) + 1
    cuts = {table: cut.cut for table, cut in read_cuts().items()}
    before = last.anchor.cuts() if last else {}
    if any(cuts[table] < before.get(table, 0) for table in COVERED):
        raise Refused(
            "behind",
            "数据库比最新的锚点旧：末尾的记录被截掉，或恢复了较早的备份。",
            cure="请先运行 manage.py verify_ledger --anchors 查清；确认是恢复备份的，用 --anew 重新起头。",
        )
    made_at = read_moment().at.astimezone(SHANGHAI)
    covers = tuple(cover(table, before.get(table, 0), cuts[table]) for table in COVERED)
    seals = tuple(sorted(read_seals().items()))
    line = Line(serial, made_at.isoformat(), covers, last.digest if last else "", seals).line(settings.ANCHOR_KEY)
    _write(stream, line)
    events = sum(one.count for one in covers if one.table == Event._meta.db_table)
    mark = Anchor.objects.create(serial=serial, made_at=made_at, digest=digest_of(line), events=events)
    logger.info("anchored serial=%d events=%d code=%s", serial, events, mark.code)
    return mark


def _continued(lines: list[Sealed | None]) -> Sealed | None:
    """Return the line to go on from. Raises Refused when the file is not the one that was left."""
    mark = Anchor.objects.order_by("-serial").first()
    last = lines[-1] if lines else None
    cure = "请先运行 manage.py verify_ledger --anchors 查清，找回原来的文件；找不回的，用 --anew 重新起头。"
    if last is None and lines:
        raise Refused("anchor_broken", "锚点文件的最后一行不完整。", cure=cure)
    if last is not None and not last.is_true:
        raise Refused("anchor_broken", "锚点文件的最后一行不是用现在的密钥写的，或被改动过。", cure=cure)
    if mark is not None and (last is None or last.anchor.serial < mark.serial):
        raise Refused("anchor_gone", "锚点文件不见了，或末尾的锚点被删除过。", cure=cure)
    return last


@contextmanager
def _file() -> Iterator[BinaryIO]:
    """Open the file for this process alone, from its start; only its owner reads it."""
    path: Path = settings.ANCHOR_FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream


def _write(stream: BinaryIO, line: bytes) -> None:
    """Append the line and have it on the disk, with its name in the directory, before anybody hears of it."""
    stream.seek(0, os.SEEK_END)
    if stream.tell():
        stream.seek(-1, os.SEEK_END)
        torn = stream.read(1) != b"\n"
        line = b"\n" + line if torn else line
    stream.write(line + b"\n")
    stream.flush()
    os.fsync(stream.fileno())
    folder = os.open(settings.ANCHOR_FILE.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
