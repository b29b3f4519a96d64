"""催办: who urged whom about a case, why and when, and what was answered. Nothing of it is changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from halls.models import AppendOnly, User


class Urge(AppendOnly):
    """One office urged whoever held the case. The database stamps moment and day and holds the two bounds.

    `office_path`: the node of the watch from which it was urged. `whom`: [{user, name, post}] of those who were told.
    `workday`: the working day it counts against; what is urged on a free day counts with the next one.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="urges", db_index=False)
    seat_path = models.CharField(_("办件在谁手上"), max_length=96)
    whom = models.JSONField(_("催办对象"))
    reason = models.CharField(_("催办理由"), max_length=300)
    office_path = models.CharField(max_length=96)
    office_name = models.CharField(_("催办单位"), max_length=96)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("催办人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    day = models.DateField(_("日期"))
    workday = models.DateField(_("计入的工作日"))
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("催办")
        verbose_name_plural = _("催办")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("application", "office_path", "day"), name="urge_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="urge_has_a_reason"),
        )
        indexes = (models.Index(fields=("application", "workday"), name="urge_of_case"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.day}"


class UrgeAnswer(AppendOnly):
    """The one line with which somebody who was urged answered: the first of them, once."""

    urge = models.OneToOneField(Urge, models.PROTECT, related_name="answer", verbose_name=_("催办"))
    words = models.CharField(_("答复"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("答复人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("催办答复")
        verbose_name_plural = _("催办答复")
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(words=""), name="urgeanswer_says_something"),)

    def __str__(self) -> str:
        return f"{self.urge_id}"
