"""Keep a blank form or a sample of a matter."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls import files
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound, NotPermitted
from halls.models import User
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue, next_change
from matters.actions.keep_report import keep_report
from matters.models import GuideFile, Matter


@transaction.atomic
def keep_guide_file(code: str, name: str, content: bytes, *, actor: Actor) -> GuideFile:
    """Keep the file under this name, in the place of an older one; the same bytes again change nothing.

    The name loses its path and gets the extension of what the file is. People can fetch it once the published guide
    names it. Screens learn of it by `changed_at`, and the linter's report of the guide in force is made anew.
    Raises NotFound (no such matter), NotPermitted (does not edit the matters of its department), Invalid on `file`
    (empty, over 10 MB, not PDF, PNG, JPG, DOCX or XLSX by content, damaged, locked, with macros).
    """
    hold_catalogue()
    matter = None
    if "\x00" not in code:
        rows = Matter.objects.select_for_update(of=("self",)).select_related("department", "current")
        matter = rows.filter(code=code).first()
    if matter is None:
        raise NotFound(_("没有这个事项。"))
    if not actor.holds(Duty.EDIT_MATTERS, matter.department.path):
        raise NotPermitted(
            "no_duty_here", _("您没有这个部门的事项管理职责。"), cure=_("请由主管部门的事项管理员上传。")
        )
    checked = files.check_form(content, name)
    held = GuideFile.objects.filter(matter=matter, name=checked.name, replaced_at__isnull=True).first()
    if held is not None and held.sha256 == checked.sha256:
        return held
    files.store(checked)
    now = read_moment().at
    if held is not None:
        held.replaced_at = now
        held.save(update_fields=["replaced_at"])
    matter.changed_at = next_change()
    matter._change_reason = _("上传文件：%(name)s") % {"name": checked.name[:80]}  # type: ignore[attr-defined]
    matter.save(update_fields=["changed_at"])
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
