"""The county's work calendar: one row per published year, one per day that differs from the plain week."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR, DayKind

KIND_CHOICES = ((DayKind.HOLIDAY.value, _("放假")), (DayKind.MAKEUP.value, _("调休上班")))


class CalendarYear(models.Model):
    """A year whose arrangement (国务院办公厅关于某年部分节假日安排的通知) is known.

    `version` rises with every change of its days and `sha256` is the digest of its content: clocks
    name them, and the cached calendar is thrown away by them. Change days through
    `halls.actions.load_calendar`, which keeps both true.
    """

    year = models.PositiveSmallIntegerField(
        _("年份"), unique=True, validators=(MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR))
    )
    document_no = models.CharField(_("通知文号"), max_length=120, blank=True)
    source = models.CharField(_("数据来源"), max_length=200)
    published_on = models.DateField(_("通知日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    sha256 = models.CharField(_("内容摘要"), max_length=64, validators=(RegexValidator(r"^[0-9a-f]{64}$"),))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("日历年度")
        verbose_name_plural = _("日历年度")
        ordering = ("year",)
        constraints = (
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="calendar_year_in_range"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="calendar_year_version_from_one"),
            models.CheckConstraint(condition=~Q(source=""), name="calendar_year_names_its_source"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="calendar_year_has_a_digest"),
        )

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day off, or a weekend day worked instead.

    It belongs to the notice that orders it, which may reach into the December before
    (Sat 2018-12-29 was worked by the notice for 2019).
    """

    year = models.ForeignKey(
        CalendarYear, models.PROTECT, to_field="year", db_column="year", related_name="days", verbose_name=_("年度")
    )
    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=KIND_CHOICES)
    name = models.CharField(_("名称"), max_length=40)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("节假日与调休")
        verbose_name_plural = _("节假日与调休")
        ordering = ("date",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in DayKind]), name="calendar_day_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=DayKind.HOLIDAY.value) | Q(date__iso_week_day__gte=6),
                name="calendar_day_makeup_on_a_weekend",
            ),
            models.CheckConstraint(
                condition=Q(year=ExtractYear("date")) | (Q(year=ExtractYear("date") + 1) & Q(date__month=12)),
                name="calendar_day_in_its_year",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="calendar_day_has_a_name"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
