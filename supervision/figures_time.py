"""Figures over the limits of the cases that were concluded this month: who used the time, and who overran.

A row is one limit of one case (`Clock`): a step visited twice is two rows. The two limits that run through all steps,
the promise and the law's, are rows of figures of their own, because their days are the others' once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import Status
from applications.domain.transitions import ClockKind
from applications.models import Clock
from halls.domain.budget import Unit
from supervision.figures import Figure, Present, Text


def of_concluded(present: Present) -> Q:
    """The limits of the cases that were delivered this month."""
    return Q(
        application__status=Status.DELIVERED,
        application__ended_at__gte=present.month,
        application__ended_at__lt=present.next_month,
    )


OVER: Final = Q(state=Clock.State.STOPPED, due_at__isnull=False, stopped_at__gt=F("due_at"))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a case's way: who has the time there. Every limit but the two through all steps is in one."""

    key: str
    label: Text
    who: Text
    condition: Q


def _kind(kind: ClockKind) -> Q:
    return Q(kind=kind)


# A path is county/township/village/, the department of one of them ~department/ behind it.
_AT: Final = {
    "village": r"^([^/~]+/){3}",
    "township": r"^([^/~]+/){2}(~|$)",
    "county": r"^[^/~]+/(~|$)",
}


def _step(level: str) -> Q:
    return Q(kind=ClockKind.STEP, seat_path__regex=_AT[level])


# In the order in which a case meets them.
SEGMENTS: Final = (
    Segment("pre_review", _("预审"), _("受理窗口"), _kind(ClockKind.PRE_REVIEW)),
    Segment("acceptance", _("受理"), _("受理窗口"), _kind(ClockKind.ACCEPTANCE)),
    Segment("supplement", _("等待补正"), _("申请人"), _kind(ClockKind.SUPPLEMENT)),
    Segment("village", _("村级环节"), _("村（社区）"), _step("village")),
    Segment("township", _("乡镇环节"), _("乡镇（街道）及其所属机构"), _step("township")),
    Segment("county", _("县级环节"), _("县级部门和县大厅"), _step("county")),
    Segment("special", _("特别程序"), _("不计入时限"), _kind(ClockKind.SPECIAL)),
    Segment("delivery", _("制证送达"), _("拿着结果的单位（含等待领取的日子）"), _kind(ClockKind.DELIVERY)),
)


def _and(condition: Q) -> Callable[[Present], Q]:
    return lambda present: of_concluded(present) & condition


def _figures_of(segment: Segment) -> tuple[Figure, Figure]:
    used = format_lazy(_("本月办结的办件经过的“{what}”时限，一次一条"), what=segment.label)
    over = format_lazy(_("本月办结的办件中，“{what}”超过了自己的到期时间才结束的"), what=segment.label)
    return (
        Figure(
            segment.key,
            format_lazy(_("“{what}”时限"), what=segment.label),
            used,
            _and(segment.condition),
            is_of_the_month=True,
        ),
        Figure(
            f"{segment.key}_over",
            format_lazy(_("“{what}”时限超时"), what=segment.label),
            over,
            _and(segment.condition & OVER),
            is_of_the_month=True,
        ),
    )


_IN_DAYS: Final = Q(unit=Unit.WORKING_DAY)
PROMISED: Final = Q(kind=ClockKind.PROMISED) & _IN_DAYS
_LAW_IN_DAYS: Final = Exists(
    Clock.objects.filter(
        application=OuterRef("application"), kind=ClockKind.STATUTORY, unit=Unit.WORKING_DAY, amount__gt=0
    )
)
BOTH: Final = PROMISED & Q(_LAW_IN_DAYS)

_PROMISES: Final = (
    Figure(
        "promised",
        _("有承诺时限的办结"),
        _("本月办结、承诺时限按工作日计的办件，每件一条承诺时限"),
        _and(PROMISED),
        is_of_the_month=True,
    ),
    Figure(
        "promised_and_lawful",
        _("承诺和法定时限都有的办结"),
        _("本月办结、承诺时限和法定时限都按工作日计的办件，每件一条承诺时限"),
        _and(BOTH),
        is_of_the_month=True,
    ),
)
TIME_FIGURES: Final = {
    figure.key: figure for figure in (*(one for segment in SEGMENTS for one in _figures_of(segment)), *_PROMISES)
}


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over the rows of a figure, divided by their number or by another sum over the same rows.

    `rows` is that figure. `top` and `bottom` name sums of `selectors.time_used.Sums`; a `top` of two is their
    difference. `is_share`: shown in per cent.
    """

    key: str
    label: Text
    definition: Text
    rows: str
    top: tuple[str, ...]
    bottom: str
    is_share: bool = False


MEANS: Final = (
    Mean("promised_mean", _("平均承诺用时"), _("承诺天数（含延长）之和 ÷ 件数，取一位小数，四舍五入"),
        "promised", ("given",), "number"),
    Mean(
        "used_mean", _("平均实际用时"), _("实际用去的工作日之和 ÷ 件数，特别程序的日子已扣除；取一位小数，四舍五入"),
        "promised", ("used",), "number",
    ),
    Mean(
        "promise_speed", _("承诺提速率"), _("（承诺天数之和 - 实际天数之和）÷ 承诺天数之和"),
        "promised", ("given", "used"), "given", is_share=True,
    ),
    Mean(
        "compression", _("时限压缩率"), _("（法定天数之和 - 承诺天数之和）÷ 法定天数之和，均不含延长"),
        "promised_and_lawful", ("lawful", "amount"), "lawful", is_share=True,
    ),
    Mean(
        "lawful_speed", _("法定提速率"), _("（法定天数之和 - 实际天数之和）÷ 法定天数之和"),
        "promised_and_lawful", ("lawful", "used"), "lawful", is_share=True,
    ),
)  # fmt: skip
