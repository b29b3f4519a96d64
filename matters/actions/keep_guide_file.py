"""Keep a blank form or a sample of a matter."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls import files
from halls.acting import Actor
from halls.domain.errors import NotFound, Refused
from halls.models import User
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue, next_change
from matters.actions.keep_report import keep_report
from matters.domain.guide_files import named_in
from matters.models import GuideFile, Matter
from matters.permissions import require_may_edit


@transaction.atomic
def keep_guide_file(code: str, name: str, content: bytes, *, actor: Actor) -> GuideFile:
    """Keep the file under this name, in the place of an older one; the same bytes again change nothing.

    The name loses its path and gets the extension of what the file is. People can fetch it once the published guide
    names it; where it does already, screens learn of it by `changed_at`. The report on that guide is made anew.
    Raises NotFound (no such matter), NotPermitted (does not edit the matters of its department), Invalid on `file`
    (empty, over 10 MB, not PDF, PNG, JPG, DOCX or XLSX by content, damaged, locked, with macros), Refused
    (`file_is_signed`: a guide speaks of other bytes by this name).
    """
    hold_catalogue()
    matter = None
    if "\x00" not in code:
        rows = Matter.objects.select_for_update(of=("self",)).select_related("department", "current")
        matter = rows.filter(code=code).first()
    if matter is None:
        raise NotFound(_("没有这个事项。"))
    require_may_edit(actor, matter.department)
    checked = files.check_form(content, name)
    held = GuideFile.objects.filter(matter=matter, name=checked.name, replaced_at__isnull=True).first()
    if held is not None and held.sha256 == checked.sha256:
        return held
    _require_unsigned(matter, checked.name)
    files.store(checked)
    now = read_moment().at
    if held is not None:
        held.replaced_at = now
        held.save(update_fields=["replaced_at"])
    if matter.current is not None and checked.name in named_in(matter.current.content):  # else nobody outside sees it
        matter.changed_at = next_change()
    matter._change_reason = _("上传文件：%(name)s") % {"name": checked.name}  # type: ignore[attr-defined]
    matter.save(update_fields=["changed_at"])  # unchanged it stays: the history alone names the file
    kept = GuideFile.objects.create(
        matter=matter,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.data),
        sha256=checked.sha256,
        uploaded_by=User.objects.get(pk=actor.user_id),
        uploaded_at=now,
    )
    if matter.current is not None and matter.abolished_on is None:
        keep_report(matter.current)
    return kept


def _require_unsigned(matter: Matter, name: str) -> None:
    """Raises Refused where a guide, in force or of before, speaks of a file of this name that was there already.

    Whoever signed it, and whoever was accepted under it, meant those bytes. A new edition has a name of its own.
    """
    if not GuideFile.objects.filter(matter=matter, name=name).exists():
        return
    contents = matter.versions.values_list("content", flat=True)
    if any(name in named_in(content) for content in contents):
        raise Refused(
            "file_is_signed",
            _("办事指南已经用这个文件名发布过另一个文件，不能换掉。"),
            cure=_("请在指南草稿的“空表样表”里上传新版，随草稿一起批准。"),
        )
