"""What a proposed calendar would do to the whole county, counted in the background before anybody confirms it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import CalendarNotice


class CalendarRehearsal(models.Model):
    """The whole rehearsal of one proposal; `through` is the last case looked at, `total` how many there were to be.

    It holds for exactly the days of `sha256` against exactly the calendar whose fingerprint is `calendar`; a new one
    takes its place when either changed, or when it is too old. `figures` are those of Report.figures().
    """

    notice = models.OneToOneField(CalendarNotice, models.PROTECT, related_name="rehearsal")
    sha256 = models.CharField(max_length=64)
    calendar = models.TextField(blank=True)
    begun_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("完成"), null=True, blank=True)
    total = models.PositiveIntegerField(_("要演算的办件"), default=0)
    looked_at = models.PositiveIntegerField(_("已演算的办件"), default=0)
    through = models.BigIntegerField(default=0)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("日历演算")
        verbose_name_plural = _("日历演算")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.looked_at}/{self.total}"
