"""Trying a guide out (试办): which scenarios a guide has of its own, and what came out of playing them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.models import User


class GuideScenario(models.Model):
    """A scenario that an editor wrote for a matter; those made from the steps of the guide are not stored."""

    code = models.CharField(_("事项编码"), max_length=64, db_index=True)
    name = models.CharField(_("场景"), max_length=60)
    text = models.TextField(_("剧本"), max_length=4000)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("试办场景")
        verbose_name_plural = _("试办场景")
        ordering = ("code", "name")
        constraints = (models.UniqueConstraint(fields=("code", "name"), name="scenario_name_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Tryout(models.Model):
    """A guide that is to be tried out, and the verdict. Only the owner of the tables writes a verdict (trigger).

    `results` has one entry per scenario: {name, branch, text, passed, found: [..], lines: [..]}; `covered` and `missed`
    are numbers of steps, `branches` what the plays were about.
    """

    requested_by_id: int | None

    code = models.CharField(_("事项编码"), max_length=64)
    content = models.JSONField(_("指南内容"))
    content_hash = models.CharField(max_length=64, db_index=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(_("提出时间"))
    finished_at = models.DateTimeField(_("试完时间"), null=True, blank=True)
    passed = models.BooleanField(_("通过"), null=True, blank=True)
    results = models.JSONField(_("结果"), default=list, blank=True)
    covered = models.JSONField(_("走过的环节"), default=list, blank=True)
    missed = models.JSONField(_("没有走到的环节"), default=list, blank=True)
    branches = models.JSONField(_("走过的情形"), default=list, blank=True)

    class Meta:
        verbose_name = _("试办")
        verbose_name_plural = _("试办")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("id",), name="tryout_waiting", condition=models.Q(finished_at__isnull=True)),
            models.Index(fields=("code", "-id"), name="tryout_of_a_matter"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.content_hash[:8]}"
