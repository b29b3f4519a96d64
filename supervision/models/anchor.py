"""What was anchored, so that pages can show it and a line missing from the file is missed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly
from supervision.domain.anchors import short_code


class Anchor(AppendOnly):
    """The mark that an anchor left in the database. The proof is the line in the file, never this row."""

    serial = models.PositiveIntegerField(_("序号"), unique=True)
    made_at = models.DateTimeField(_("写出时间"))
    digest = models.CharField(max_length=64)
    events = models.PositiveBigIntegerField(_("新锚定的记录数"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("锚点")
        verbose_name_plural = _("锚点")
        ordering = ("-serial",)
        indexes = (models.Index(fields=("-made_at",), name="anchor_latest"),)

    def __str__(self) -> str:
        return f"{self.serial} {self.code}"

    @property
    def code(self) -> str:
        """What a bulletin prints."""
        return short_code(self.digest)
