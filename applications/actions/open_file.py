"""Opening a file that was brought along: only for those who work on the case, and always recorded."""

from __future__ import annotations

import uuid

from django.db import transaction

from applications.models import AccessRecord, Application, MaterialFile
from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment

_GONE = "没有找到这个文件，或者它不在您的办理范围内。"


@transaction.atomic
def open_file(file_id: uuid.UUID, *, actor: Actor) -> MaterialFile:
    """Return the file and write down who opened it.

    Raises NotFound, NotPermitted: see `file_at_work`.
    """
    kept = file_at_work(file_id, actor=actor)
    AccessRecord.objects.create(
        application_id=kept.line.application_id,
        user_id=actor.user_id,
        kind=AccessRecord.Kind.FILE,
        subject=str(kept.pk),
        at=read_moment().at,
    )
    return kept


def file_at_work(file_id: uuid.UUID, *, actor: Actor) -> MaterialFile:
    """Return the file without a record: for its small picture, on which nothing can be read.

    Raises NotFound (unknown, removed, or not visible), NotPermitted (watching is no reason to look).
    """
    kept = visible_file(file_id, actor=actor)
    if not Application.objects.visible_to(actor.at_work).filter(pk=kept.line.application_id).exists():
        raise NotPermitted("watching_only", "监察岗位不打开申请人的材料。", cure="确有需要请走调阅手续。")
    return kept


def visible_file(file_id: uuid.UUID, *, actor: Actor) -> MaterialFile:
    """Return the file of a case that the actor sees; nothing of it may be shown. Raises NotFound."""
    kept = (
        MaterialFile.objects.select_related("line")
        .filter(pk=file_id, removed_at__isnull=True, line__application__in=Application.objects.visible_to(actor))
        .first()
    )
    if kept is None:
        raise NotFound(_GONE)
    return kept
