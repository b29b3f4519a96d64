"""What the linter said last about the published guide of a matter."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.matter import Matter, MatterVersion


class LintReport(models.Model):
    """Derived from the guide and the rules of the code; made anew on publishing and every night, never edited.

    `rules` names each broken rule once, so that a list can be narrowed to it; `findings` are Finding as JSON, errors
    first. A report whose `version` is not the matter's current one is older than the guide.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, related_name="lint", verbose_name=_("事项"))
    version = models.ForeignKey(MatterVersion, models.CASCADE, related_name="+", verbose_name=_("指南版本"))
    content_hash = models.CharField(max_length=64)
    score = models.PositiveSmallIntegerField(_("得分"))
    errors = models.PositiveIntegerField(_("错误"))
    warnings = models.PositiveIntegerField(_("警告"))
    hints = models.PositiveIntegerField(_("提示"))
    rules = ArrayField(models.CharField(max_length=64), default=list, verbose_name=_("违反的规则"))
    findings = models.JSONField(_("问题"), default=list)
    made_at = models.DateTimeField(_("检查时间"))

    class Meta:
        verbose_name = _("指南检查")
        verbose_name_plural = _("指南检查")

    def __str__(self) -> str:
        return f"{self.matter_id} {self.score}"
