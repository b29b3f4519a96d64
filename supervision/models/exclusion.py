"""Bodies that take no part in rankings for a time: dated, by a document, by two persons, for everybody to see."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from halls.models import Department, Hall, TwoPersons, User

ONE_BODY = Q(hall__isnull=False, department__isnull=True) | Q(hall__isnull=True, department__isnull=False)


class ExclusionRule(TwoPersons):
    """A body that is not ranked from `starts_on` to `until` (None: until somebody ends it).

    Never backwards: it may not start before the day on which it is proposed, nor before the day on which another
    person confirms it. What two persons signed is not rewritten; one person may end it (`ended_*`), from that day on.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True)
    document_no = models.CharField(_("依据文号"), max_length=100)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("结束人")
    )
    ended_person = models.CharField(max_length=32, blank=True, db_default="", default="")
    end_reason = models.CharField(_("结束理由"), max_length=500, blank=True, db_default="", default="")
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("不参加排名")
        verbose_name_plural = _("不参加排名")
        ordering = ("-starts_on", "-pk")
        constraints = (
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(condition=ONE_BODY, name="exclusionrule_of_one_body"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts_on")), name="exclusionrule_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(document_no="") & ~Q(reason=""), name="exclusionrule_has_a_document"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_person="", end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(ended_person="")
                & ~Q(end_reason=""),
                name="exclusionrule_ended_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.path} {self.starts_on}"

    @property
    def body(self) -> Hall | Department:
        body = self.department or self.hall
        assert body is not None  # one body: database constraint
        return body

    @property
    def path(self) -> str:
        return self.body.path
