"""A hall's own, shorter promise: every decision about it stays on record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, Hall, User
from matters.domain.hall_promise import SHORTEST
from matters.models.matter import Matter


class HallPromise(AppendOnly):
    """One decision of a hall about its promise for a matter. The newest whose day has come is in force.

    A trigger numbers it, stamps its moment, and takes only what is shorter than the published guide and begins on a
    later day: what was accepted until then was promised something else.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="own_promises", verbose_name=_("大厅"))
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="hall_promises", verbose_name=_("事项"))
    # None: from that day on the hall promises what the guide does.
    days = models.PositiveSmallIntegerField(_("承诺时限(工作日)"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"))
    reason = models.CharField(_("理由"), max_length=300)
    decided_at = models.DateTimeField(_("决定时间"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_code = models.CharField(max_length=32)
    actor_name = models.CharField(max_length=64)
    actor_post = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        verbose_name = _("大厅承诺")
        verbose_name_plural = _("大厅承诺")
        ordering = ("matter", "hall", "-pk")
        indexes = (models.Index(fields=("matter", "hall", "-id"), name="hall_promise_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=SHORTEST), name="hall_promise_is_a_day_or_more"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hall_promise_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.hall} {self.matter} {self.days}"
