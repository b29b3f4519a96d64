"""The heartbeat of the watch itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CLOCK_WRONG = Q(clock_gap_seconds__isnull=False) | Q(clock_jump_seconds__isnull=False)


class SweepRun(models.Model):
    """One finished or broken run of the sweep. No finished run for ten minutes = the watch is dead."""

    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("结束"), null=True, blank=True)
    scanned = models.PositiveIntegerField(default=0)
    claimed = models.PositiveIntegerField(default=0)
    resumed = models.PositiveIntegerField(default=0)
    # Limits that had run out and were followed by what law or policy says.
    defaulted = models.PositiveIntegerField(default=0, db_default=0)
    # Cases whose special procedure is over and that could not be resumed, and defaults that failed.
    failed = models.PositiveIntegerField(default=0, db_default=0)
    # Seconds between the oldest rung found and the moment it was found.
    lag_seconds = models.PositiveIntegerField(default=0)
    # The database's clock against two others, kept only where it went wrong: against the server's own clock, and
    # against the seconds that went by in this process since it last swept.
    clock_gap_seconds = models.IntegerField(null=True, blank=True)
    clock_jump_seconds = models.IntegerField(null=True, blank=True)
    # The session of the database that began the run, which alone may end it (trigger).
    session = models.IntegerField(default=0, db_default=0)
    # No run: a worker came to sweep and found that somebody else held the lock of the sweep.
    found_locked = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("巡检")
        verbose_name_plural = _("巡检")
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("-finished_at",), name="sweep_latest"),
            models.Index(fields=("started_at",), name="sweep_clock_wrong", condition=CLOCK_WRONG),
            models.Index(fields=("started_at",), name="sweep_found_locked", condition=Q(found_locked=True)),
        )

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"
