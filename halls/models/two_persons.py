"""What only two persons together may put into force: calendars, card rules, timeout policies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from halls.models.user import User


class TwoPersons(models.Model):
    """A proposal that another person puts into force.

    `is_installed`: the owner of the database loaded it with the installation, before there were people; the
    trigger `halls_two_persons` (attach it in the migration of each table) lets nobody else say so, stamps both
    moments with the database's clock, and refuses every change of what was signed. Sign through
    halls/actions/sign.py.
    """

    proposed_by_id: int | None
    confirmed_by_id: int | None
    dropped_by_id: int | None

    reason = models.CharField(_("理由"), max_length=500)
    is_installed = models.BooleanField(_("随系统安装载入"), default=False)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    proposed_person = models.CharField(max_length=32, blank=True)
    proposed_at = models.DateTimeField(_("提出时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_person = models.CharField(max_length=32, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤下人")
    )
    dropped_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(is_installed=True, confirmed_at__isnull=False)
                | Q(is_installed=False, proposed_by__isnull=False) & ~Q(proposed_person=""),
                name="%(class)s_has_a_proposer",
            ),
            models.CheckConstraint(
                condition=Q(is_installed=True)
                | Q(confirmed_at__isnull=True, confirmed_by__isnull=True, confirmed_person="")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_person="")
                & ~Q(confirmed_person=F("proposed_person"))
                & ~Q(confirmed_by=F("proposed_by")),
                name="%(class)s_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dropped_at__isnull=True),
                name="%(class)s_confirmed_or_dropped",
            ),
        )

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
