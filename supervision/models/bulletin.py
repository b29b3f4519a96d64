"""Weekly statistics and monthly bulletins (一周一统计、一月一通报), and what a closed month said."""

from __future__ import annotations

from django.db import models
from django.db.models import BooleanField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, Hall, User

_IS_SAME_PERSON = Func(
    F("signed_person"), F("reviewed_person"), function="halls_is_same_person", output_field=BooleanField()
)
KINDS = (("week", _("每周统计")), ("month", _("每月通报")))


class Bulletin(models.Model):
    """One paper: drafted by the machine from the books, reviewed by a person, signed off and published by another.

    `content` is what it says (supervision/actions/draft_bulletin.py has its shape) and never changes; a draft that is
    not right is dropped, and the next one drafted anew (`turn`). Moments are the database's.
    """

    county = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=8, choices=KINDS)
    first = models.DateField(_("统计期首日"))
    turn = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    drafted_at = models.DateTimeField(_("起草时间"))
    remarks = models.TextField(_("情况说明和工作要求"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_person = models.CharField(max_length=32, blank=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_person = models.CharField(max_length=32, blank=True)
    published_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    # 〔2026〕3号: given when it is published, without gaps in a year.
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    dropped_reason = models.CharField(_("作废理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("统计通报")
        verbose_name_plural = _("统计通报")
        ordering = ("-first", "kind", "-turn")
        constraints = (
            models.UniqueConstraint(fields=("county", "kind", "first", "turn"), name="bulletin_once"),
            models.UniqueConstraint(
                fields=("county", "kind", "first"), condition=Q(dropped_at__isnull=True), name="bulletin_one_standing"
            ),
            models.UniqueConstraint(fields=("county", "kind", "year", "serial"), name="bulletin_numbered_once"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, signed_by__isnull=True, serial__isnull=True)
                | Q(
                    published_at__isnull=False, signed_by__isnull=False, reviewed_at__isnull=False, serial__isnull=False
                )
                & ~Q(_IS_SAME_PERSON)
                & ~Q(signed_by=F("reviewed_by")),
                name="bulletin_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(published_at__isnull=True) & ~Q(dropped_reason=""),
                name="bulletin_published_or_dropped",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"


class MonthClose(AppendOnly):
    """What the books said of a month when it was closed (月结): the counts of every body, by its path.

    `columns`: the keys of what was counted then. A column that came later is compared with nothing.
    """

    county = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    first = models.DateField(_("月份"))
    figures = models.JSONField()
    columns = models.JSONField()
    digest = models.CharField(max_length=64)
    events = models.PositiveBigIntegerField(_("当时的最后一条记录"))
    closed_at = models.DateTimeField(_("月结时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("月结")
        verbose_name_plural = _("月结")
        ordering = ("-first",)
        constraints = (models.UniqueConstraint(fields=("county", "first"), name="month_closed_once"),)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


class MonthAdjustment(AppendOnly):
    """A figure of a closed month that is counted otherwise since: the closed one stays, the change is dated (更正)."""

    closed = models.ForeignKey(MonthClose, models.PROTECT, related_name="adjustments")
    path = models.CharField(max_length=96)
    column = models.CharField(max_length=24)
    before = models.IntegerField(_("原数"))
    after = models.IntegerField(_("更正后"))
    found_at = models.DateTimeField(_("更正时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("月结更正")
        verbose_name_plural = _("月结更正")
        ordering = ("found_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(before=F("after")), name="adjustment_changes"),)

    def __str__(self) -> str:
        return f"{self.column} {self.before} → {self.after}"


class PrintedCorrection(AppendOnly):
    """Which paper prints an adjustment: one that stands, so that nothing is corrected twice, and nothing never."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="+")
    adjustment = models.ForeignKey(MonthAdjustment, models.PROTECT, related_name="printed")

    class Meta(AppendOnly.Meta):
        verbose_name = _("通报所印的更正")
        verbose_name_plural = _("通报所印的更正")
        constraints = (
            models.UniqueConstraint(fields=("adjustment", "bulletin"), name="correction_once_in_a_bulletin"),
        )

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.adjustment_id}"
