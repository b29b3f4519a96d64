"""What became of a card after it was written: one row per act, never a column that is overwritten."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from halls.domain.persons import is_same_person
from halls.models import AppendOnly, CalendarNotice, User
from supervision.domain.card_life import CardAct, CardLife, CardMode, life_of
from supervision.models.limit_warning import LimitWarning


class CardReview(AppendOnly):
    """One act about a warning or card. Nothing is taken back: a decision is a row that answers what it decides about.

    A card that waits is confirmed or cancelled; the organ it blames appeals once; a published calendar (`notice`), the
    nightly check (`finding`) or a person proposes to revoke it; another person upholds or revokes (`answers`).
    `at` is stamped by the database, which also knows who may and that it is another person.
    """

    class Act(models.TextChoices):
        CONFIRM = CardAct.CONFIRM.value, _("确认发牌")
        CANCEL = CardAct.CANCEL.value, _("取消")
        APPEAL = CardAct.APPEAL.value, _("申诉")
        PROPOSE = CardAct.PROPOSE.value, _("建议撤销")
        REVOKE = CardAct.REVOKE.value, _("撤销")
        UPHOLD = CardAct.UPHOLD.value, _("维持")
        ORDER = CardAct.ORDER.value, _("转督办")

    card = models.ForeignKey(LimitWarning, models.PROTECT, related_name="reviews", verbose_name=_("红黄牌"))
    act = models.CharField(_("处理"), max_length=8, choices=Act.choices)
    notice = models.ForeignKey(
        CalendarNotice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("日历通知")
    )
    # One decision for one proposal or appeal, whoever presses first.
    answers = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="answer", verbose_name=_("所答复的建议或申诉")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    reason = models.CharField(_("理由"), max_length=500)
    at = models.DateTimeField(_("时间"))
    # What the nightly check found; the same is not proposed twice.
    finding = models.CharField(_("核对结果"), max_length=200, blank=True, db_default="")
    # What the organ puts beside its appeal: bytes under their hash (halls.files).
    file_sha256 = models.CharField(max_length=64, blank=True, db_default="")
    file_type = models.CharField(max_length=32, blank=True, db_default="")
    file_name = models.CharField(_("附件"), max_length=120, blank=True, db_default="")

    class Meta(AppendOnly.Meta):
        verbose_name = _("红黄牌复核")
        verbose_name_plural = _("红黄牌复核")
        ordering: ClassVar = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("card", "notice"), condition=Q(act="propose"), name="cardreview_proposed_once_per_notice"
            ),
            models.UniqueConstraint(fields=("card",), condition=Q(act="revoke"), name="cardreview_revoked_once"),
            models.UniqueConstraint(
                fields=("card",), condition=Q(act__in=["confirm", "cancel"]), name="cardreview_issued_or_cancelled_once"
            ),
            models.UniqueConstraint(fields=("card",), condition=Q(act="appeal"), name="cardreview_appealed_once"),
            models.UniqueConstraint(fields=("card",), condition=Q(act="order"), name="cardreview_ordered_once"),
            models.UniqueConstraint(
                fields=("card", "finding"),
                condition=Q(act="propose") & ~Q(finding=""),
                name="cardreview_found_once",
            ),
            models.CheckConstraint(
                condition=Q(act="propose", answers__isnull=True)
                | Q(act__in=["revoke", "uphold"], notice__isnull=True, answers__isnull=False, finding="")
                | Q(
                    act__in=["confirm", "cancel", "appeal", "order"],
                    notice__isnull=True,
                    answers__isnull=True,
                    finding="",
                ),
                name="cardreview_proposes_or_answers",
            ),
            models.CheckConstraint(
                condition=Q(file_sha256="", file_type="", file_name="")
                | Q(act="appeal", file_sha256__regex=r"^[0-9a-f]{64}$"),
                name="cardreview_file_of_an_appeal",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cardreview_has_a_reason"),
        )

    def is_own(self, user_id: int, person_code: str) -> bool:
        """Whether this very person did it; what a calendar or the nightly check proposes is nobody's own."""
        if self.notice_id is not None or self.finding:
            return False
        return self.user_id == user_id or is_same_person(self.person_code, person_code)

    def __str__(self) -> str:
        return f"{self.act} {self.card_id}"


def life(card: LimitWarning) -> CardLife:
    """What became of the card, from its acts, which may be prefetched."""
    return life_of(card.mode, sorted(card.reviews.all(), key=lambda one: one.pk))


def acted(act: CardReview.Act, **more: Any) -> Exists:
    """Whether there is such an act about the card of the row: for conditions on LimitWarning."""
    return Exists(CardReview.objects.filter(card=OuterRef("pk"), act=act, **more))


def is_issued() -> Q:
    """The cards that were issued: by themselves, or when a supervisor confirmed them. Revoked ones included."""
    return Q(mode=CardMode.AUTO.value) | Q(acted(CardReview.Act.CONFIRM))


def is_pending() -> Q:
    """The cards that wait for a supervisor to confirm or cancel them."""
    decided = Exists(CardReview.objects.filter(card=OuterRef("pk"), act__in=("confirm", "cancel")))
    return ~Q(mode=CardMode.AUTO.value) & ~Q(decided)


def is_standing() -> Q:
    """The cards that blame somebody and are counted: issued and not revoked."""
    return is_issued() & ~Q(acted(CardReview.Act.REVOKE))
