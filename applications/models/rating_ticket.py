"""评价码: the code by which whoever holds the last paper of a case rates the service."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from halls.models import AppendOnly, User


class RatingTicket(AppendOnly):
    """One code as it was printed: its keyed digest, never the code. The newest of a case is the one that counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="rating_tickets")
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("打印人"))
    person_code = models.CharField(max_length=32)
    drawn_at = models.DateTimeField(_("打印时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("评价码")
        verbose_name_plural = _("评价码")
        ordering = ("application", "pk")

    def __str__(self) -> str:
        return f"{self.application_id} {self.drawn_at}"
