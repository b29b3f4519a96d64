"""Opening a paper that an applicant brought: only for those who work on the case, always recorded."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from applications import files
from applications.models import AccessRecord, Application, MaterialFile
from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment

# What a browser may do with it: show it, and nothing else. Every view that serves a file sends these.
SERVING_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


class OpenedFile(NamedTuple):
    """Where the bytes lie, and what they are by their content."""

    path: Path
    name: str
    media_type: str
    size: int


@transaction.atomic
def open_file(file_id: uuid.UUID, *, actor: Actor, application_id: int | None = None) -> OpenedFile:
    """Return the file and write down who opened it.

    `application_id`: the case it must belong to. Raises NotFound (unseen, unknown, taken away, or not on
    disk), NotPermitted (watching is no reason to look).
    """
    kept = (
        MaterialFile.objects.filter(
            pk=file_id, removed_at__isnull=True, line__application__in=Application.objects.visible_to(actor)
        )
        .select_related("line")
        .first()
    )
    if kept is None or application_id not in (None, kept.line.application_id):
        raise NotFound("没有找到这个文件, 可能已被移除。")
    if not Application.objects.visible_to(actor.at_work).filter(pk=kept.line.application_id).exists():
        raise NotPermitted("watching_only", "监察岗位不打开申请人的材料。", cure="确有需要请走调阅手续。")
    path = files.path_of(kept.sha256)
    if not path.is_file():
        raise NotFound("文件在磁盘上丢失了, 请联系系统管理员从备份恢复。")
    AccessRecord.objects.create(
        application_id=kept.line.application_id,
        user_id=actor.user_id,
        kind=AccessRecord.Kind.FILE,
        subject=str(kept.pk),
        at=read_moment().at,
    )
    return OpenedFile(path, kept.name, kept.media_type, kept.size)
