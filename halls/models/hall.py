"""Halls (政务服务大厅、便民服务中心、便民服务点) and the departments that work in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.domain.duties import DUTY_LABELS
from halls.models.division import Division, Level

DUTY_PERMISSIONS = tuple((duty.value, label) for duty, label in DUTY_LABELS.items())


class Hall(models.Model):
    """A service hall: one per division.

    `path` is the materialised prefix of codes from the county down, ending in "/", so that "this
    hall and all below it" is one index range.
    """

    code = models.CharField(_("大厅代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=96)
    short_name = models.CharField(_("简称"), max_length=64)
    tier = models.CharField(_("层级"), max_length=16, choices=Level.choices)
    division = models.OneToOneField(Division, models.PROTECT, related_name="hall")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("路径"), max_length=64, unique=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, db_default=1
    )  # counts what is said of it, its opening times included

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("大厅")
        verbose_name_plural = _("大厅")
        ordering = ("path",)
        default_permissions = ()
        permissions = DUTY_PERMISSIONS

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A county bureau, an office of a township, or a branch station (片区所) of a bureau.

    Its path hangs below its hall (bureau, office) or below its bureau (station), with "~" marking
    that the node is a department: `500236/~MZ/`, `500236/500236272/~NYNC/`, `500236/~GA/~PCS01/`.
    """

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("县级部门")
        OFFICE = "office", _("乡镇站所")
        STATION = "station", _("片区所")

    code = models.CharField(_("部门代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=96)
    organ = models.CharField(_("指南中的名称"), max_length=96, help_text=_("办事指南环节里写的办理机构"))
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="stations")
    path = models.CharField(_("路径"), max_length=96, unique=True)
    serves = models.ManyToManyField(Hall, related_name="served_by", blank=True, verbose_name=_("服务的乡镇"))
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        ordering = ("path",)
        default_permissions = ()
        permissions = DUTY_PERMISSIONS

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A counter of a hall."""

    class Kind(models.TextChoices):
        COMPREHENSIVE = "comprehensive", _("综合窗口")
        ISSUING = "issuing", _("出件窗口")

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(_("窗口号"))
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = _("窗口")
        verbose_name_plural = _("窗口")
        ordering = ("hall", "number")
        constraints = (models.UniqueConstraint(fields=("hall", "number"), name="window_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}号{self.get_kind_display()}"
