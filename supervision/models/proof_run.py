"""What the nightly proof of dates and lights found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProofRun(models.Model):
    """One finished proof. `found` keeps the first differences for those who have to look."""

    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("结束"))
    cases = models.PositiveIntegerField(default=0)
    clocks = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)

    class Meta:
        verbose_name = _("夜间核对")
        verbose_name_plural = _("夜间核对")
        ordering = ("-finished_at",)
        indexes = (models.Index(fields=("-finished_at",), name="proof_latest"),)

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M:%S}"
