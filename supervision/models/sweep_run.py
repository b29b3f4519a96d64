"""The heartbeat of the watch itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """One finished or broken run of the sweep. No finished run for ten minutes = the watch is dead."""

    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("结束"), null=True, blank=True)
    scanned = models.PositiveIntegerField(default=0)
    claimed = models.PositiveIntegerField(default=0)
    resumed = models.PositiveIntegerField(default=0)
    # Cases whose special procedure is over and that could not be resumed: somebody has to look.
    failed = models.PositiveIntegerField(default=0, db_default=0)
    # Seconds between the oldest rung found and the moment it was found.
    lag_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("巡检")
        verbose_name_plural = _("巡检")
        ordering = ("-started_at",)
        indexes = (models.Index(fields=("-finished_at",), name="sweep_latest"),)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"
