"""Which timeout default governs a limit, and what may be published for a matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateTimeField, Func, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.domain.worktime import day_of
from matters.domain.timeout import Affair, Ground, Policy, Where, is_renewal
from matters.models import MatterVersion, TimeoutPolicy
from matters.models.timeout import POLICY_LABELS, WHERE_LABELS

MOMENT: DateTimeField[datetime, datetime] = DateTimeField()
GROUND_LABELS = {
    Ground.MONEY: gettext_lazy("涉及资金给付、征收或社会保险待遇"),
    Ground.SAFETY: gettext_lazy("涉及安全、保密、环境或人身健康"),
    Ground.IDENTITY: gettext_lazy("涉及户籍、身份或婚姻家庭"),
    Ground.HEARING: gettext_lazy("须经听证、公示或征求意见"),
    Ground.THIRD_PARTY: gettext_lazy("直接关系他人重大利益（行政许可法第三十六条、第四十七条）"),
    Ground.QUOTA: gettext_lazy("有数量限制（行政许可法第五十七条）"),
    Ground.DISPUTE: gettext_lazy("是争议、投诉或裁决"),
    Ground.MISPLACED: gettext_lazy("这种后果不适用于这个时限"),
    Ground.ALWAYS_ON: gettext_lazy("依法一律适用，不需要公布（行政许可法第三十二条第一款第四项）"),
    Ground.DECIDING: gettext_lazy("不是内部审查环节：受理、特别程序、决定、送达不能视为无异议"),
    Ground.NO_RENEWAL: gettext_lazy("不是行政许可的延续（行政许可法第五十条）"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A limit that ran out: where on the route, when it began and which day was its last."""

    place: Where
    started: datetime
    due: datetime
    step_seq: int | None = None
    step_name: str = ""
    step_kind: str = ""


def affair_of(version: MatterVersion) -> Affair:
    """Return what a guide says about its matter (1 query)."""
    return Affair(
        name=version.name,
        kind=version.kind,
        theme=version.theme,
        result=version.result_name,
        result_kind=version.result_kind,
        step_names=tuple(version.steps.values_list("name", flat=True)),
    )


def is_renewal_guide(version: MatterVersion) -> bool:
    """Whether this guide prolongs a permit, so that a case must say until when the one in hand is good."""
    return is_renewal(Affair(version.name, version.kind, version.theme))


def published() -> QuerySet[TimeoutPolicy]:
    """Every policy that two persons signed."""
    return TimeoutPolicy.objects.filter(confirmed_at__isnull=False)


def policies_of(matter_ids: Collection[int]) -> dict[int, list[TimeoutPolicy]]:
    """Return the signed policies by matter (1 query)."""
    found: dict[int, list[TimeoutPolicy]] = {}
    for row in published().filter(matter__in=matter_ids):
        found.setdefault(row.matter_id, []).append(row)
    return found


def governing(rows: Iterable[TimeoutPolicy], spot: Spot) -> TimeoutPolicy | None:
    """Return the policy for a limit that ran out; None: nothing follows.

    It is the one in force on the last day of the limit, and only if it was in force when the limit began:
    nobody is bound by what was published later. A policy for the very step goes before one for its kind.
    """
    last = day_of(spot.due)
    for_step = [r for r in rows if _concerns(r, spot) and r.step_seq is not None]
    for_all = [r for r in rows if _concerns(r, spot) and r.step_seq is None]
    found = _latest(for_step, last) or _latest(for_all, last)
    if found is None or found.policy == Policy.NONE or found.effective_on > day_of(spot.started):
        return None
    return found


def in_force(rows: Iterable[TimeoutPolicy], today: date) -> list[TimeoutPolicy]:
    """Return the rows that hold today, each limit once; "none" is left out."""
    limits: dict[tuple[str, int | None, str], list[TimeoutPolicy]] = {}
    for row in rows:
        limits.setdefault((row.place, row.step_seq, row.step_kind), []).append(row)
    found = (_latest(same, today) for same in limits.values())
    return [row for row in found if row is not None and row.policy != Policy.NONE]


def defaults_today(matter_id: int) -> list[TimeoutPolicy]:
    """Return what holds today for this matter (1 query)."""
    rows = list(published().filter(matter=matter_id).annotate(now=Func(function="halls_now", output_field=MOMENT)))
    return in_force(rows, day_of(rows[0].now)) if rows else []


def _concerns(row: TimeoutPolicy, spot: Spot) -> bool:
    if row.place != spot.place:
        return False
    if spot.place is not Where.STEP:
        return True
    if row.step_seq is not None:
        return row.step_seq == spot.step_seq and row.step_name == spot.step_name
    return row.step_kind == spot.step_kind


def _latest(rows: Iterable[TimeoutPolicy], day: date) -> TimeoutPolicy | None:
    holding = [r for r in rows if r.effective_on <= day and (r.ended_on is None or r.ended_on >= day)]
    return max(holding, key=lambda row: (row.effective_on, row.pk), default=None)


def limit_words(row: TimeoutPolicy) -> str:
    """Which limit a policy is for, in words."""
    if row.step_seq is not None:
        return _("第 %(seq)d 环节“%(name)s”") % {"seq": row.step_seq, "name": row.step_name}
    if row.place == Where.STEP:
        return _("全部%(kind)s环节") % {"kind": row.get_step_kind_display()}
    return str(WHERE_LABELS[Where(row.place)])


PLAIN = {
    Policy.DEEMED_WITHDRAW: gettext_lazy("事先提醒过，到期仍没有补正的，视为撤回申请；以后可以重新申请。"),
    Policy.DEEMED_CONSENT: gettext_lazy("%(limit)s到期没有办的，视为无异议，转下一环节，并对逾期的机构追究责任。"),
    Policy.DEEMED_RENEW: gettext_lazy("原许可有效期届满前没有作出决定的，视为准予延续，由审批人签字放行。"),
    Policy.ESCALATE: gettext_lazy("%(limit)s到期没有办的，报上一级负责人处理。"),
}


def in_plain_words(row: TimeoutPolicy) -> str:
    """What a villager is told about a policy that holds."""
    return str(PLAIN[Policy(row.policy)]) % {"limit": limit_words(row)}


def label_of(policy: str) -> str:
    return str(POLICY_LABELS[Policy(policy)])
