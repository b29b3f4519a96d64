"""The checklist of a case and the files that came for it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from halls.models import User
from matters.models import Material


class ApplicationMaterial(models.Model):
    """One line of the guide's checklist in this case: what the clerk says, what the window found."""

    class Declared(models.TextChoices):
        HAVE = "have", _("已带来")
        LATER = "later", _("稍后补")
        NOT_NEEDED = "not_needed", _("本次不需要")
        UNKNOWN = "unknown", _("未填")

    class Check(models.TextChoices):
        UNCHECKED = "unchecked", _("未核验")
        OK = "ok", _("合格")
        MISSING = "missing", _("缺")
        WRONG = "wrong", _("错")
        NOT_NEEDED = "not_needed", _("不需要")

    application = models.ForeignKey(Application, models.PROTECT, related_name="materials")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    declared = models.CharField(max_length=16, choices=Declared.choices, default=Declared.UNKNOWN)
    check_result = models.CharField(max_length=16, choices=Check.choices, default=Check.UNCHECKED)
    check_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("application", "seq")
        constraints = (models.UniqueConstraint(fields=("application", "seq"), name="checklist_line_once"),)

    def __str__(self) -> str:
        return f"{self.seq}. {self.material.name}"


class MaterialFile(models.Model):
    """A stored file: checked by content, images re-encoded, named by its hash on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(ApplicationMaterial, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    name = models.CharField(_("文件名"), max_length=120)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("uploaded_at",)

    def __str__(self) -> str:
        return self.name
