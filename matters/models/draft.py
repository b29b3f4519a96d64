"""A guide on its way: written, checked, approved by a second person, published on its day."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.models import Department, User
from matters.models.matter import Matter, MatterVersion
from matters.querysets import GuideDraftQuerySet


class GuideDraft(models.Model):
    """A guide that nobody outside sees yet; one open draft per matter code.

    `content` is a record in the words of a catalogue file and may be faulty while it is written; only what reads as a
    MatterRecord without a fault is checked, and only what was checked is approved. `version` counts edits, so that a
    second open page notices. The signatures belong to `content_hash`: an edit takes them away.
    """

    checked_by_id: int | None
    approved_by_id: int | None
    edited_by_id: int

    class State(models.TextChoices):
        EDITING = "editing", _("编辑中")
        CHECKED = "checked", _("已核对")
        APPROVED = "approved", _("已批准，待施行")
        PUBLISHED = "published", _("已发布")
        DROPPED = "dropped", _("已放弃")

    OPEN: Final = ("editing", "checked", "approved")

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="drafts")
    code = models.CharField(_("事项编码"), max_length=64)
    name = models.CharField(_("事项名称"), max_length=128, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("主管部门"))
    base = models.ForeignKey(MatterVersion, models.PROTECT, null=True, blank=True, related_name="+")
    content = models.JSONField(_("指南内容"), default=dict)
    content_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.EDITING)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("调整理由"), max_length=500, blank=True)
    ordered_on = models.DateField(_("收到调整依据之日"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("编写人"))
    edited_person = models.CharField(max_length=32)
    edited_at = models.DateTimeField(_("编写时间"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_person = models.CharField(max_length=32, blank=True)
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_person = models.CharField(max_length=32, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    published = models.OneToOneField(
        MatterVersion, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("发布为")
    )

    # Why an approved guide was not published on its day; it stands until the draft is checked again.
    handed_back_reason = models.TextField(_("没有施行的原因"), blank=True, default="", db_default="")

    objects = GuideDraftQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("指南草稿")
        verbose_name_plural = _("指南草稿")
        ordering = ("-edited_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("code",), name="draft_open_once", condition=Q(state__in=("editing", "checked", "approved"))
            ),
            models.CheckConstraint(
                condition=Q(approved_person="") | ~Q(approved_person=F("edited_person")),
                name="draft_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "published")) | ~Q(approved_person=""),
                name="draft_published_after_approval",
            ),
        )
        indexes = (models.Index(fields=("effective_on",), name="draft_waits", condition=Q(state="approved")),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
