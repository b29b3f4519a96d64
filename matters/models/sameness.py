"""What the nightly comparison of guides found (八统一)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly


class SamenessReport(AppendOnly):
    """One finished comparison. `compared` counts what was held against something: guides that share a code or a name
    with another one, and what halls say of a matter. `uncoded`: guides without a basic code; only a name finds them.

    `found` keeps the first differences, each with what every side says (matters.selectors.sameness.as_json);
    `differences` is how many there were. Append-only: a difference that was there stays said.
    """

    made_at = models.DateTimeField(_("核对时间"), db_index=True)
    matters = models.PositiveIntegerField(_("事项"))
    halls = models.PositiveIntegerField(_("大厅"))
    compared = models.PositiveIntegerField(_("逐一核对"))
    uncoded = models.PositiveIntegerField(_("没有基本编码"), default=0, db_default=0)
    differences = models.PositiveIntegerField(_("不一致"))
    found = models.JSONField(_("不一致的内容"), default=list)

    class Meta(AppendOnly.Meta):
        verbose_name = _("八统一核对")
        verbose_name_plural = _("八统一核对")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.differences}"
