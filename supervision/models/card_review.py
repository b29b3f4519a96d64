"""What became of a card after it was written: proposals to revoke it, and what a supervisor decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, CalendarNotice, User
from supervision.models.limit_warning import LimitWarning


class CardReview(AppendOnly):
    """One act about a warning or card. Nothing is taken back: a decision is a row that answers a proposal.

    A published calendar (`notice`) or a person proposes, another person decides. `at` is stamped by the database.
    """

    class Act(models.TextChoices):
        PROPOSE = "propose", _("建议撤销")
        REVOKE = "revoke", _("撤销")
        UPHOLD = "uphold", _("维持")

    card = models.ForeignKey(LimitWarning, models.PROTECT, related_name="reviews", verbose_name=_("红黄牌"))
    act = models.CharField(_("处理"), max_length=8, choices=Act.choices)
    notice = models.ForeignKey(
        CalendarNotice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("日历通知")
    )
    # One decision for one proposal, whoever presses first.
    answers = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="answer", verbose_name=_("所答复的建议")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    reason = models.CharField(_("理由"), max_length=500)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("红黄牌复核")
        verbose_name_plural = _("红黄牌复核")
        ordering: ClassVar = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("card", "notice"), condition=Q(act="propose"), name="cardreview_proposed_once_per_notice"
            ),
            models.UniqueConstraint(fields=("card",), condition=Q(act="revoke"), name="cardreview_revoked_once"),
            models.CheckConstraint(
                condition=Q(act="propose", answers__isnull=True)
                | Q(act__in=["revoke", "uphold"], notice__isnull=True, answers__isnull=False),
                name="cardreview_proposes_or_answers",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cardreview_has_a_reason"),
        )

    def is_own(self, user_id: int, person_code: str) -> bool:
        """Whether this very person proposed it; what a calendar proposes is nobody's own."""
        return self.notice_id is None and (self.user_id == user_id or self.person_code == person_code)

    def __str__(self) -> str:
        return f"{self.act} {self.card_id}"
