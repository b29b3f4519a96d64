"""取消、并入: what closes a matter for good is proposed by one person and confirmed by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from halls.models import User
from matters.models.matter import Matter
from matters.querysets import MatterClosingQuerySet


class MatterClosing(models.Model):
    """A proposal to abolish a matter, or to make it part of `into`. It waits, is confirmed by another, or is dropped.

    Nothing of it changes afterwards, and the database abolishes no matter without one that was confirmed (triggers
    matters_guard_closing, matters_guard_abolition).
    """

    into_id: int | None
    proposed_by_id: int
    confirmed_by_id: int | None
    dropped_by_id: int | None

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="closings", verbose_name=_("事项"))
    into = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入的事项")
    )
    reason = models.CharField(_("理由"), max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_person = models.CharField(max_length=32)
    proposed_at = models.DateTimeField(_("提出时间"))
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_person = models.CharField(max_length=32, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤下人")
    )
    dropped_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = MatterClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("取消或并入")
        verbose_name_plural = _("取消或并入")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("matter",),
                name="closing_waits_once",
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dropped_at__isnull=True), name="closing_confirmed_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True, confirmed_person="")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_person="")
                & ~Q(confirmed_person=F("proposed_person"))
                & ~Q(confirmed_by=F("proposed_by")),
                name="closing_confirmed_by_another",
            ),
            models.CheckConstraint(condition=~Q(into=F("matter")), name="closing_into_another"),
        )

    def __str__(self) -> str:
        return f"{self.matter} {self.verb}"

    @property
    def verb(self) -> str:
        """What is proposed, in a word."""
        return str(_("并入另一事项") if self.into_id else _("取消事项"))

    @property
    def is_waiting(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
