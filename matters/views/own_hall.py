"""What an editor of halls alone is told on the pages of the catalogue."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from halls.acting import Actor
from matters.permissions import edits_halls_only


def own_hall(actor: Actor) -> dict[str, str] | None:
    """Return where an editor of halls alone works; the guides themselves are their departments'."""
    if not edits_halls_only(actor):
        return None
    words = _(
        "您管%(hall)s和所辖村（社区）的大厅信息（地址、电话、开放时间）和本厅信息（办理地点、窗口、办理时间、"
        "咨询电话、本厅暂停）。指南内容由主管部门修改。"
    )
    return {"text": words % {"hall": actor.hall_name}, "url": reverse("hall_matters", args=[actor.hall_code])}
