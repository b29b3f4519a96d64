"""What the nightly proofs found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly


class ProofRun(AppendOnly):
    """One finished proof. `found` keeps the first differences for those who have to look.

    Append-only: whoever made a proof fail cannot make it unsaid.
    """

    class Kind(models.TextChoices):
        LIGHTS = "lights", _("到期日和灯")
        LEDGER = "ledger", _("办件记录和锚点")

    kind = models.CharField(_("核对什么"), max_length=8, choices=Kind.choices, default=Kind.LIGHTS, db_default="lights")
    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("结束"))
    cases = models.PositiveIntegerField(default=0)
    clocks = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0, db_default=0)
    differences = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)

    class Meta(AppendOnly.Meta):
        verbose_name = _("夜间核对")
        verbose_name_plural = _("夜间核对")
        ordering = ("-finished_at",)
        indexes = (models.Index(fields=("kind", "-finished_at"), name="proof_latest_of_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.finished_at:%Y-%m-%d %H:%M:%S}"
