"""What a guide version is made of: materials, conditions, legal bases and steps."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import Level
from matters.models.matter import MatterVersion


class Condition(models.Model):
    version = models.ForeignKey(MatterVersion, models.PROTECT, related_name="conditions")
    seq = models.PositiveSmallIntegerField()
    text = models.TextField(_("受理条件"))

    class Meta:
        ordering = ("version", "seq")

    def __str__(self) -> str:
        return self.text


class LegalBasis(models.Model):
    version = models.ForeignKey(MatterVersion, models.PROTECT, related_name="legal_bases")
    seq = models.PositiveSmallIntegerField()
    law = models.CharField(_("法律文件"), max_length=200)
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    articles = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        ordering = ("version", "seq")

    def __str__(self) -> str:
        return f"《{self.law}》" + "、".join(self.articles)


class Material(models.Model):
    class Necessity(models.TextChoices):
        REQUIRED = "required", _("必要")
        TOLERANT = "tolerant", _("可容缺")
        BY_CIRCUMSTANCE = "by_circumstance", _("按情形")

    version = models.ForeignKey(MatterVersion, models.PROTECT, related_name="materials")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(_("材料名称"), max_length=200)
    form = models.CharField(_("材料形式"), max_length=64, blank=True)
    originals = models.PositiveSmallIntegerField(_("原件份数"), default=0)
    copies = models.PositiveSmallIntegerField(_("复印件份数"), default=0)
    view_original = models.BooleanField(_("核验原件"), default=False)
    medium = models.CharField(_("介质"), max_length=32, blank=True)
    source = models.CharField(_("来源"), max_length=64, blank=True)
    issuer = models.CharField(_("出具单位"), max_length=128, blank=True)
    necessity = models.CharField(_("必要性"), max_length=16, choices=Necessity.choices)
    necessity_note = models.CharField(_("适用情形"), max_length=200, blank=True)
    is_shareable = models.BooleanField(_("可共享获取"), default=False)
    has_template = models.BooleanField(_("有空表样表"), default=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    standard = models.CharField(_("受理标准"), max_length=300, blank=True, default="", db_default="")
    legal_ground = models.CharField(_("依据"), max_length=300, blank=True, default="", db_default="")
    grade = models.CharField(_("可信等级"), max_length=1, blank=True, default="", db_default="")
    intermediary = models.CharField(_("中介机构类别"), max_length=128, blank=True, default="", db_default="")
    fill_note = models.CharField(_("填写说明"), max_length=300, blank=True, default="", db_default="")
    blank = models.CharField(_("空表"), max_length=128, blank=True, default="", db_default="")
    sample = models.CharField(_("样表"), max_length=128, blank=True, default="", db_default="")

    class Meta:
        ordering = ("version", "seq")
        constraints = (models.UniqueConstraint(fields=("version", "seq"), name="material_seq_once"),)

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """A step (环节) of the guide: who does what at which level in how many days."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("受理")
        REVIEW = "review", _("审查")
        SPECIAL = "special", _("特别程序")
        DECIDE = "decide", _("决定")
        DELIVER = "deliver", _("送达")
        INSTANT = "instant", _("即时办理")

    version = models.ForeignKey(MatterVersion, models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(_("环节名称"), max_length=64)
    level = models.CharField(_("层级"), max_length=16, choices=Level.choices)
    actor = models.CharField(_("办理机构"), max_length=96)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    days = models.PositiveSmallIntegerField(_("天数"))
    unit = models.CharField(_("单位"), max_length=4, choices=MatterVersion.LimitUnit.choices)
    counts_in_limit = models.BooleanField(_("计入承诺时限"))
    standard = models.CharField(_("审查标准"), max_length=300, blank=True, default="", db_default="")
    result = models.CharField(_("环节结果"), max_length=128, blank=True, default="", db_default="")

    class Meta:
        ordering = ("version", "seq")
        constraints = (models.UniqueConstraint(fields=("version", "seq"), name="step_seq_once"),)

    def __str__(self) -> str:
        return f"{self.seq}. {self.name}"
