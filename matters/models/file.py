"""Blank forms and samples that people take home with a guide."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.models import User
from matters.models.matter import Matter


class GuideFile(models.Model):
    """A blank form (空表) or a sample (样表) of a matter, under the name by which its guide speaks of it.

    The bytes lie under their hash beside the uploads of cases (halls.files). A new file of the same name takes the
    place of the old one, whose row stays with the day it ended.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="files")
    name = models.CharField(_("文件名"), max_length=128)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("字节"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    replaced_at = models.DateTimeField(_("被替换时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("空表样表")
        verbose_name_plural = _("空表样表")
        ordering = ("matter", "name", "-uploaded_at")
        constraints = (
            models.UniqueConstraint(
                fields=("matter", "name"), name="guidefile_name_once", condition=Q(replaced_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="guidefile_has_a_digest"),
        )

    def __str__(self) -> str:
        return self.name
