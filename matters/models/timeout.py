"""Timeout defaults (超时默认) that the county published, matter by matter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from halls.models import TwoPersons
from matters.domain.timeout import Policy, Where
from matters.models.matter import Matter
from matters.models.parts import Step

POLICY_LABELS = {
    Policy.DEEMED_ACCEPT: _("逾期视为受理"),
    Policy.DEEMED_RENEW: _("逾期视为准予延续（由审批人放行）"),
    Policy.DEEMED_WITHDRAW: _("逾期不补正视为撤回"),
    Policy.DEEMED_CONSENT: _("逾期视为无异议"),
    Policy.ESCALATE: _("逾期报上一级处理"),
    Policy.NONE: _("不适用超时默认"),
}
WHERE_LABELS = {
    Where.ACCEPTANCE: _("收件到受理"),
    Where.SUPPLEMENT: _("申请人补正"),
    Where.STEP: _("办理环节"),
    Where.RENEWAL: _("延续的法定时限"),
}


class TimeoutPolicy(TwoPersons):
    """What follows when one limit of one matter runs out. No row that two persons signed: nothing follows.

    A row is never changed: what replaces or ends it is another row with a later `effective_on` ("none" ends it).
    `step_seq` and `step_name` name one step of the guide; `step_kind` alone means all steps of that kind.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="timeout_policies", verbose_name=_("事项"))
    place = models.CharField(_("哪个时限"), max_length=16, choices=[(k.value, v) for k, v in WHERE_LABELS.items()])
    step_seq = models.PositiveSmallIntegerField(_("环节"), null=True, blank=True)
    step_name = models.CharField(max_length=64, blank=True)
    step_kind = models.CharField(max_length=16, blank=True, choices=Step.Kind.choices)
    policy = models.CharField(_("后果"), max_length=16, choices=[(k.value, v) for k, v in POLICY_LABELS.items()])
    law = models.CharField(_("依据的法律文件"), max_length=200)
    article = models.CharField(_("条款"), max_length=64)
    document_no = models.CharField(_("本县公布文件文号"), max_length=100)
    effective_on = models.DateField(_("施行日期"))
    ended_on = models.DateField(_("截止日期"), null=True, blank=True)

    class Meta(TwoPersons.Meta):
        verbose_name = _("超时默认")
        verbose_name_plural = _("超时默认")
        ordering = ("matter", "place", "step_seq", "-effective_on", "-pk")
        constraints = (
            *TwoPersons.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(law="") & ~Q(article="") & ~Q(document_no=""), name="timeout_policy_has_a_basis"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("effective_on")),
                name="timeout_policy_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(place="step") & ~Q(step_kind="") | ~Q(place="step") & Q(step_kind="", step_seq=None),
                name="timeout_policy_names_its_step",
            ),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.place} {self.policy}"

    @property
    def citation(self) -> str:
        """Law, article and the county's own publication, as papers and pages print them."""
        return f"《{self.law}》{self.article}；{self.document_no}"
