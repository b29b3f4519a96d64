"""Matters (事项) and the versions of their guides (办事指南)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.models import Department, Level
from matters.domain.catalogue import SAMPLE_BASES
from matters.querysets import MatterQuerySet, SearchGrams


class Matter(models.Model):
    """What can be asked for. Its guide lives in versions; `current` is the published one."""

    code = models.CharField(_("事项编码"), max_length=64, unique=True)
    name = models.CharField(_("事项名称"), max_length=128)
    theme = models.CharField(_("主题"), max_length=32, db_index=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="matters")
    current = models.ForeignKey("MatterVersion", models.PROTECT, null=True, blank=True, related_name="+")
    # What it is called, what people say for it, pinyin, initials, theme and department (matters.domain.search_line).
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    is_core = models.BooleanField(_("高频事项"), default=False)
    paused_on = models.DateField(_("暂停日期"), null=True, blank=True)
    abolished_on = models.DateField(_("取消日期"), null=True, blank=True)
    closing_reason = models.CharField(_("暂停或取消的理由"), max_length=300, blank=True, default="", db_default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name=_("并入的事项")
    )
    # Moves with every change that the public can see, so that screens and kiosks fetch only what is new.
    changed_at = models.DateTimeField(
        _("最近变动"), default=timezone.now, db_default=Now(), db_index=True, editable=False
    )

    objects = MatterQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["search_text", "sort_key"], history_change_reason_field=models.TextField(null=True)
    )

    class Meta:
        verbose_name = _("事项")
        verbose_name_plural = _("事项")
        ordering = ("sort_key", "code")
        indexes = (GinIndex(SearchGrams("search_text"), name="matter_by_grams"),)

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """Whether cases are taken in: open, paused, or abolished for good."""
        if self.abolished_on is not None:
            return "abolished"
        return "paused" if self.paused_on is not None else "open"


class MatterVersion(models.Model):
    """One version of a guide. Never changed once published: running cases were accepted under it."""

    class Handling(models.TextChoices):
        IMMEDIATE = "immediate", _("即办件")
        PROMISED = "promised", _("承诺件")

    class VillageRole(models.TextChoices):
        PROXY = "proxy", _("代办")
        DIRECT = "direct", _("直办")
        ASSIST = "assist", _("协办")
        NONE = "none", _("不涉及")

    class LimitUnit(models.TextChoices):
        WORKING_DAY = "wd", _("工作日")
        CALENDAR_DAY = "cd", _("自然日")
        MONTH = "mo", _("个月")
        YEAR = "y", _("年")

    class Basis(models.TextChoices):
        """Where a figure comes from; only `source` and `page` were read in a published page of this county's own."""

        SOURCE = "source", _("公开指南")
        BORROWED = "borrowed", _("他县公开指南")
        PAGE = "page", _("公开网页")
        LAW_KNOWLEDGE = "law_knowledge", _("据法律常识推定")
        CURATED = "curated", _("示例数据")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    content_hash = models.CharField(max_length=64, editable=False)
    # The whole record in the words of a catalogue file (matters.domain.catalogue_writer); columns and parts are made
    # from it, for what is searched and for what a case is accepted under. Empty only in rows of an older installation.
    content = models.JSONField(_("指南内容"), db_default={}, default=dict, editable=False)
    published_at = models.DateTimeField(_("发布时间"))
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    # When the order to change it came in (依据调整之日): a change is due in the system within one working day.
    ordered_on = models.DateField(_("收到调整依据之日"), null=True, blank=True)
    change_reason = models.CharField(_("调整理由"), max_length=500, blank=True, default="", db_default="")
    superseded_at = models.DateTimeField(_("被替代时间"), null=True, blank=True)

    name = models.CharField(_("事项名称"), max_length=128)
    aliases = ArrayField(models.CharField(max_length=128), default=list, blank=True)
    kind = models.CharField(_("事项类型"), max_length=32)
    theme = models.CharField(_("主题"), max_length=32)
    handling_organ = models.CharField(_("办理机构"), max_length=96, blank=True)
    decision_level = models.CharField(_("决定层级"), max_length=16, choices=Level.choices)
    accept_levels = ArrayField(models.CharField(max_length=16))
    village_role = models.CharField(_("村级角色"), max_length=16, choices=VillageRole.choices)
    service_objects = ArrayField(models.CharField(max_length=16))
    life_events = ArrayField(models.CharField(max_length=16), default=list, db_default=[], blank=True)
    handling = models.CharField(_("办件类型"), max_length=16, choices=Handling.choices)
    statutory_amount = models.PositiveSmallIntegerField(_("法定时限"), null=True, blank=True)
    statutory_unit = models.CharField(_("法定时限单位"), max_length=4, choices=LimitUnit.choices, blank=True)
    statutory_note = models.CharField(max_length=200, blank=True)
    statutory_basis = models.CharField(max_length=16, choices=Basis.choices, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("承诺时限(工作日)"))
    promised_basis = models.CharField(max_length=16, choices=Basis.choices)
    promised_note = models.CharField(max_length=200, blank=True)
    fee_charged = models.BooleanField(_("是否收费"), null=True)
    fee_standard = models.CharField(_("收费标准"), max_length=300, blank=True)
    fee_basis = models.CharField(_("收费依据"), max_length=300, blank=True)
    result_name = models.CharField(_("结果名称"), max_length=128, blank=True)
    result_kind = models.CharField(_("结果类型"), max_length=32, blank=True)
    result_validity = models.CharField(_("有效期"), max_length=128, blank=True)
    onsite_visits = models.PositiveSmallIntegerField(_("到场次数"), null=True, blank=True)
    confidence = models.CharField(_("可信度"), max_length=16, blank=True)
    sources = models.JSONField(_("出处"), default=list, blank=True)
    notes = models.TextField(_("备注"), blank=True)

    history = HistoricalRecords(excluded_fields=["content"], history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("指南版本")
        verbose_name_plural = _("指南版本")
        ordering = ("matter", "-number")
        constraints = (
            models.UniqueConstraint(fields=("matter", "number"), name="guide_version_once"),
            models.CheckConstraint(
                condition=~Q(statutory_unit="wd") | Q(promised_days__lte=F("statutory_amount")),
                name="guide_promise_within_statute",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} 第{self.number}版"

    @property
    def is_immediate(self) -> bool:
        return self.handling == self.Handling.IMMEDIATE

    @property
    def is_sample(self) -> bool:
        """Whether the promise is not this county's own figure and must be labelled 示例数据."""
        return self.promised_basis in SAMPLE_BASES
