"""What a hall says of a matter itself (同源发布): everything else comes from the guide and is not here to edit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.models import Hall
from matters.models.matter import Matter


class HallMatter(models.Model):
    """The local elements of a matter in one hall. No row: the hall takes it in as its guide says.

    The eleven base elements (鞍山市政务服务标准化 第九条) have no column: a hall cannot write them.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="local_matters", verbose_name=_("大厅"))
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="local", verbose_name=_("事项"))
    place = models.CharField(_("办理地点"), max_length=120, blank=True)
    window = models.CharField(_("窗口"), max_length=60, blank=True)
    hours = models.CharField(_("办理时间"), max_length=120, blank=True)
    phone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    paused_on = models.DateField(_("暂停日期"), null=True, blank=True)
    paused_reason = models.CharField(_("暂停理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("大厅事项")
        verbose_name_plural = _("大厅事项")
        ordering = ("hall", "matter")
        constraints = (
            models.UniqueConstraint(fields=("hall", "matter"), name="hall_matter_once"),
            models.CheckConstraint(
                condition=Q(paused_on__isnull=True) | ~Q(paused_reason=""), name="hall_matter_paused_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall} {self.matter}"
