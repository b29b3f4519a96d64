"""What was done about a record of accountability, and who took its evidence away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, User
from supervision.models.timeout import Accountability


class AccountAct(AppendOnly):
    """One act about a record of accountability (责任追究): handled, handed to 纪检监察 as a clue, closed.

    `measure`, `decided_by`, `done_on` and `document_no` say what was done, by whom, when and on which paper.
    `at` is stamped by the database; only who watches the whole county acts, nothing follows behind the end.
    """

    class Stage(models.TextChoices):
        HANDLE = "handle", _("已处理")
        REFER = "refer", _("移送纪检监察")
        CLOSE = "close", _("办结")

    class Measure(models.TextChoices):
        TALK = "talk", _("约谈")
        SELF_CRITICISM = "self_criticism", _("书面检查")
        CIRCULAR = "circular", _("通报批评")
        ADMONITION = "admonition", _("诫勉")
        EFFICIENCY_WARNING = "efficiency_warning", _("效能告诫")
        NO_AWARD = "no_award", _("取消评先评优")
        NO_BONUS = "no_bonus", _("扣发奖金")
        SUSPENSION = "suspension", _("停职检查")
        PUNISHMENT = "punishment", _("行政处分")
        NONE = "none", _("不予追究")

    account = models.ForeignKey(Accountability, models.PROTECT, related_name="acts", verbose_name=_("责任追究"))
    stage = models.CharField(_("处理"), max_length=8, choices=Stage.choices)
    measure = models.CharField(_("措施"), max_length=20, choices=Measure.choices, blank=True)
    person = models.CharField(_("对象"), max_length=128, blank=True)
    decided_by = models.CharField(_("作出决定的机关"), max_length=96, blank=True)
    done_on = models.DateField(_("作出日期"), null=True, blank=True)
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    note = models.CharField(_("说明"), max_length=500)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    at = models.DateTimeField(_("登记时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("责任追究处理")
        verbose_name_plural = _("责任追究处理")
        ordering: ClassVar = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("account",), condition=Q(stage="close"), name="accountact_closed_once"),
            models.UniqueConstraint(fields=("account",), condition=Q(stage="refer"), name="accountact_referred_once"),
            models.CheckConstraint(
                condition=Q(stage="close", measure="")
                | Q(stage="refer", measure="", done_on__isnull=False) & ~Q(document_no="")
                | Q(stage="handle", done_on__isnull=False) & ~Q(measure="") & ~Q(decided_by=""),
                name="accountact_says_what_was_done",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="accountact_has_a_note"),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.account_id}"


class EvidenceDownload(AppendOnly):
    """Who took an evidence pack away, when, and the digest of the very bytes."""

    account = models.ForeignKey(Accountability, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("下载人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("证据包下载")
        verbose_name_plural = _("证据包下载")
        ordering: ClassVar = ("-pk",)

    def __str__(self) -> str:
        return f"{self.account_id} {self.sha256[:12]}"
