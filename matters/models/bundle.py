"""Bundles (一件事): several matters asked for at once."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.models import Department
from matters.models.matter import Matter


class Bundle(models.Model):
    """`content` is the record in the words of a bundle file (matters.domain.bundle_file); the rest is made from it."""

    code = models.CharField(_("编码"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    lead = models.ForeignKey(Department, models.PROTECT, related_name="bundles", verbose_name=_("牵头部门"))
    content = models.JSONField(_("内容"))
    content_hash = models.CharField(max_length=64, editable=False)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=200, editable=False)
    paused_on = models.DateField(_("暂停日期"), null=True, blank=True)
    changed_at = models.DateTimeField(_("最近变动"), default=timezone.now, db_default=Now(), editable=False)
    members = models.ManyToManyField(Matter, related_name="bundles", verbose_name=_("成员事项"))

    history = HistoricalRecords(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = _("一件事")
        verbose_name_plural = _("一件事")
        ordering = ("sort_key", "code")

    def __str__(self) -> str:
        return self.name
