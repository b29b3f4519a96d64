"""Adding and taking away files of a checklist line."""

from __future__ import annotations

import uuid

from django.db import transaction

from applications.actions._move import lock, require_fresh, touch
from applications.domain.lifecycle import Status
from applications.domain.transitions import Place
from applications.models import Application, ApplicationMaterial, MaterialFile
from applications.permissions import place_path
from halls import files
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment

FILES_PER_LINE = 20
# Until acceptance the checklist may still grow; afterwards the papers are what was accepted.
_FILLING = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RECEIVED, Status.CORRECTING})


@transaction.atomic
def attach(
    application_id: int,
    seq: int,
    *,
    data: bytes,
    name: str,
    actor: Actor,
    version: int | None = None,
) -> MaterialFile:
    """Check, clean and keep a file for checklist line `seq`.

    Raises Invalid (the file, or too many), NotFound, NotPermitted, Refused (accepted), Stale.
    """
    # Decoding a picture takes its time: not while everybody else waits for the case.
    if not Application.objects.visible_to(actor).filter(pk=application_id).exists():
        raise NotFound
    checked = files.check(data, name)
    application = lock(application_id, actor)
    require_fresh(application, version)
    line = _line(application, seq)
    _require_open(application, actor)
    if line.files.filter(removed_at__isnull=True).count() >= FILES_PER_LINE:
        raise Invalid(
            "too_many_files", f"每项材料最多 {FILES_PER_LINE} 个文件。", field="file", cure="请合并成一个 PDF。"
        )
    files.store(checked)
    kept = MaterialFile.objects.create(
        line=line,
        sha256=checked.sha256,
        media_type=checked.media_type,
        size=len(checked.data),
        name=checked.name,
        uploaded_by_id=actor.user_id,
        uploaded_at=read_moment().at,
    )
    line.declared = ApplicationMaterial.Declared.HAVE
    line.check_result = ApplicationMaterial.Check.UNCHECKED  # what was checked is not what lies there now
    line.save(update_fields=["declared", "check_result"])
    touch(application)
    return kept


@transaction.atomic
def detach(application_id: int, file_id: uuid.UUID, *, actor: Actor) -> None:
    """Take a file away; it is marked, not erased. Raises NotFound, NotPermitted, Refused."""
    application = lock(application_id, actor)
    _require_open(application, actor)
    kept = MaterialFile.objects.filter(pk=file_id, line__application=application, removed_at__isnull=True)
    lines = ApplicationMaterial.objects.filter(pk__in=list(kept.values_list("line", flat=True)))
    if not kept.update(removed_at=read_moment().at):
        raise NotFound("没有找到这个文件，可能已被移除。")
    lines.update(check_result=ApplicationMaterial.Check.UNCHECKED)
    touch(application)


def _line(application: Application, seq: int) -> ApplicationMaterial:
    line = application.materials.filter(seq=seq).first()
    if line is None:
        raise Invalid("unknown_line", "材料清单里没有这一项。", field="material", cure="请刷新页面。")
    return line


def may_attach(actor: Actor, application: Application) -> bool:
    """Whether the actor may still add papers: who files or accepts, until it is accepted."""
    return application.status in _FILLING and _is_counter(actor, application)


def _is_counter(actor: Actor, application: Application) -> bool:
    files_here = actor.holds(Duty.FILE, place_path(application, Place.FILING))
    return files_here or (bool(application.accept_path) and actor.holds(Duty.ACCEPT, application.accept_path))


def _require_open(application: Application, actor: Actor) -> None:
    if not _is_counter(actor, application):
        raise NotPermitted("no_duty_here", "您不能改动本件的材料。", cure="请由收件或受理的人员上传。")
    if application.status not in _FILLING:
        raise Refused("papers_closed", "本件已受理，材料不能再增减。", cure="确需补充的，请联系承办人登记。")
