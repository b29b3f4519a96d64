"""Two matters that look alike and are not one: said once, with a reason, by whoever compared them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, User
from matters.models.matter import Matter


class MattersApart(AppendOnly):
    """不是同一个: the pair is not offered again. `one` has the lower key. Append-only: who said it stays said."""

    one = models.ForeignKey(Matter, models.PROTECT, related_name="+", verbose_name=_("事项"))
    other = models.ForeignKey(Matter, models.PROTECT, related_name="+", verbose_name=_("另一事项"))
    reason = models.CharField(_("理由"), max_length=300)
    decided_at = models.DateTimeField(_("决定时间"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_code = models.CharField(max_length=32)
    actor_name = models.CharField(max_length=64)
    actor_post = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        verbose_name = _("不是同一事项")
        verbose_name_plural = _("不是同一事项")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="matters_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="matters_apart_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="matters_apart_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}"
