"""What the sweep claimed: a row per clock and rung, which stays."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Clock
from applications.models.clock import CLOCK_CHOICES
from halls.models import AppendOnly


class LimitWarning(AppendOnly):
    """A warning (预警), yellow card or red card that a clock earned.

    Unique per clock, rung and arming: two sweeps, or one three days late, write the same rows.
    `effective_at` is when the rung was reached, `recorded_at` when the sweep found it, `seat_path` who held the case
    when it was reached. The database finds out that and takes all else from the clock, refuses a rung that the clock
    has not reached, and queues each new row for telling.
    """

    class Level(models.TextChoices):
        WARNING = "warning", _("预警")
        YELLOW = "yellow", _("黄牌")
        RED = "red", _("红牌")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="warnings")
    application = models.ForeignKey(Application, models.PROTECT, related_name="warnings")
    level = models.CharField(_("级别"), max_length=8, choices=Level.choices)
    arming = models.PositiveSmallIntegerField(default=1)
    clock_kind = models.CharField(max_length=16)
    step_seq = models.PositiveSmallIntegerField(null=True, blank=True)
    seat_path = models.CharField(max_length=96)
    effective_at = models.DateTimeField(_("生效时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    is_late = models.BooleanField(_("补记"), default=False)

    class Meta(AppendOnly.Meta):
        ordering = ("-effective_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("clock", "level", "arming"), name="warning_once_per_rung"),
            models.CheckConstraint(condition=Q(level__in=["warning", "yellow", "red"]), name="warning_has_a_level"),
            models.CheckConstraint(
                condition=Q(clock_kind__in=[kind for kind, _label in CLOCK_CHOICES]), name="warning_has_a_kind"
            ),
        )
        indexes = (models.Index(fields=("-effective_at", "-id"), name="warning_recent"),)

    def __str__(self) -> str:
        return f"{self.level} {self.clock_id}"
